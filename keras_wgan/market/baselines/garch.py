"""How would an econometrician simulate the market? With a GARCH model, fitted by `arch`."""

from __future__ import annotations

import warnings
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import ExplosionError, InvalidInputError
from keras_wgan.market.baselines.simulator import as_history, check_request, not_fitted

PERCENT = 100.0  # arch's optimizer wants returns of about 1, and percent are that
BURN_IN_DAYS = 2_000  # eight half-lives of the most persistent of them, the GARCH-t of the S&P 500
# Paths are cut from one long series, half a year apart, lest the end of one be the start of
# the next: after 120 days an EGARCH of the S&P 500 remembers 7% of its log variance.
DAYS_BETWEEN_PATHS = 120
MAX_ITERATIONS = 1_000  # of the optimizer; SciPy's 100 are too few for some short histories

Volatility = Literal["GARCH", "GJR", "EGARCH"]
Shocks = Literal["normal", "t", "skewt"]


class Garch:
    """A constant mean, a GARCH(1,1), GJR or EGARCH volatility, and independent shocks.

    Fitted by maximum likelihood, simulated by `arch` from its stationary distribution: after a
    burn-in of 2,000 days one long series is cut into paths that lie 120 days apart. Nothing is
    filtered: where the fit has infinite kurtosis, as GARCH-t and GJR-skewt of the S&P 500 do, the
    paths show it.

    A fit that does not converge is used as it stands, warned of, and marked by
    `describe()["converged"] == 0.0`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import Garch
    from keras_wgan.data import load_prices, log_returns

    history = log_returns(load_prices(start=None, end=None, source="bundled"))
    model = Garch("EGARCH", "skewt").fit(history)
    assert model.name == "EGARCH-skewt" and model.describe()["gamma[1]"] < 0.0  # leverage
    assert model.sample(100, 60, seed=0).shape == (100, 60)
    ```

    Args:
        volatility: `"GARCH"`; `"GJR"`, which tells falls from rises; or `"EGARCH"`, which does so
            in the logarithm of the variance.
        shocks: `"normal"`, `"t"` (Student's) or `"skewt"` (Hansen's skewed t).

    Raises:
        ValueError: for another `volatility` or other `shocks`.

    Reference:
        Bollerslev (1986), Generalized Autoregressive Conditional Heteroskedasticity; Glosten,
        Jagannathan and Runkle (1993); Nelson (1991), Conditional Heteroskedasticity in Asset
        Returns; Hansen (1994), Autoregressive Conditional Density Estimation.
    """

    def __init__(self, volatility: Volatility, shocks: Shocks) -> None:
        _check_choice("volatility", volatility, ("GARCH", "GJR", "EGARCH"))
        _check_choice("shocks", shocks, ("normal", "t", "skewt"))
        self.volatility = volatility
        self.shocks = shocks
        self._fit: Any = None

    @property
    def name(self) -> str:
        """What tables call it, such as `GARCH-n` or `EGARCH-skewt`."""
        return f"{self.volatility}-{'n' if self.shocks == 'normal' else self.shocks}"

    def fit(self, returns: ArrayLike) -> Self:
        """Fits it to `(days,)` log returns in the order of time; a failed fit warns."""
        self._fit = _fitted(self.volatility, self.shocks, as_history(returns), self.name)
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths.

        Raises:
            OverflowError: where the fitted volatility grows beyond float64.
        """
        from arch.univariate import Normal, SkewStudent, StudentsT

        fit = _known(self._fit, self.name)
        check_request(n, days)
        law = {"normal": Normal, "t": StudentsT, "skewt": SkewStudent}[self.shocks]
        shape = fit.params.to_numpy()[1 + fit.model.volatility.num_params :]
        draw = law(seed=np.random.default_rng(seed)).simulate(shape)
        return _simulated(fit, draw, n, days, self.name)

    def describe(self) -> dict[str, float]:
        """What `arch` found on returns in percent, with log likelihood, BIC and `converged`."""
        return _found(_known(self._fit, self.name))


class FilteredHistoricalSimulation:
    """The volatility of an EGARCH-skewt, with shocks drawn from those the history had.

    A day's shock is its return, less the mean, over its fitted volatility; all are brought to mean
    0 and variance 1. So the tails need no formula, but no shock is larger than the largest that
    happened.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import FilteredHistoricalSimulation

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=1000)
    paths = FilteredHistoricalSimulation().fit(history).sample(100, 60, seed=0)
    assert paths.shape == (100, 60)
    ```

    Reference:
        Barone-Adesi, Giannopoulos and Vosper (1999), VaR without Correlations for Portfolios of
        Derivative Securities.
    """

    name = "FHS-EGARCH"

    def __init__(self) -> None:
        self._fit: Any = None

    def fit(self, returns: ArrayLike) -> Self:
        """Fits it to `(days,)` log returns in the order of time; a failed fit warns."""
        self._fit = _fitted("EGARCH", "skewt", as_history(returns), self.name)
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths.

        Raises:
            OverflowError: where the fitted volatility grows beyond float64.
        """
        fit = _known(self._fit, self.name)
        check_request(n, days)
        residuals = fit.std_resid
        # To mean 0 and variance 1, as the recursion supposes: those of the S&P 500 have a std of
        # 1.007, and that alone would raise its volatility by 6%.
        shocks = (residuals - residuals.mean()) / residuals.std()
        rng = np.random.default_rng(seed)
        return _simulated(fit, lambda size: rng.choice(shocks, size=size), n, days, self.name)

    def describe(self) -> dict[str, float]:
        """What `arch` found on returns in percent, with log likelihood, BIC and `converged`."""
        return _found(_known(self._fit, self.name))


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise InvalidInputError(f"`{name}` must be one of {listed}. Received: {name}={value!r}.")


def _known(fit: Any, name: str) -> Any:
    if fit is None:
        raise not_fitted(name)
    return fit


def _fitted(volatility: Volatility, shocks: Shocks, history: NDArray[np.float64], name: str) -> Any:
    from arch import arch_model

    model = arch_model(
        PERCENT * history,
        mean="Constant",
        vol="EGARCH" if volatility == "EGARCH" else "GARCH",
        p=1,
        o=0 if volatility == "GARCH" else 1,
        q=1,
        dist=shocks,
        rescale=False,
    )
    # arch changes the warning filters of the whole program, and the optimizer tries parameters
    # whose likelihood overflows: both stay in here. What matters is how it ended.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fit = model.fit(disp="off", show_warning=False, options={"maxiter": MAX_ITERATIONS})
    if fit.convergence_flag != 0:
        warnings.warn(
            f"The fit of {name} to {len(history)} returns did not converge: "
            f"{fit.optimization_result.message}. Its row says little; a longer history helps.",
            RuntimeWarning,
            stacklevel=3,
        )
    return fit


def _simulated(fit: Any, draw: Any, n: int, days: int, name: str) -> NDArray[np.float64]:
    stride = days + DAYS_BETWEEN_PATHS
    volatility = fit.model.volatility
    mean, *rest = fit.params.to_numpy()
    # From the fitted volatility: a start that exists even where persistence leaves no variance.
    level = fit.conditional_volatility**2
    start = np.log(level).mean() if volatility.name == "EGARCH" else level.mean()
    with np.errstate(over="ignore", invalid="ignore"):
        shocks, _ = volatility.simulate(
            np.array(rest[: volatility.num_params]), n * stride, draw, BURN_IN_DAYS, start
        )
    if not np.isfinite(shocks).all():
        raise ExplosionError(
            f"The volatility that {name} fitted grows beyond float64. "
            f"Received: {_found(fit)}. Fit it to a longer history, or leave it out."
        )
    return np.asarray((mean + shocks.reshape(n, stride)[:, :days]) / PERCENT)


def _found(fit: Any) -> dict[str, float]:
    return {
        **{str(name): float(value) for name, value in fit.params.items()},
        "log_likelihood": float(fit.loglikelihood),
        "bic": float(fit.bic),
        "converged": float(fit.convergence_flag == 0),
    }
