"""Baselines with a GARCH volatility, fitted by `arch`."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import ExplosionError, InvalidInputError
from keras_wgan.market.baselines.fitted import StatefulBaseline

PERCENT = 100.0  # arch's optimizer needs returns of about 1
BURN_IN_DAYS = 2_000  # eight half-lives of the most persistent fit, the GARCH-t of the S&P 500
# Paths are cut from one long series half a year apart, so that they are nearly independent: after
# 120 days an EGARCH of the S&P 500 remembers 7% of its log variance.
DAYS_BETWEEN_PATHS = 120
MAX_ITERATIONS = 1_000  # of the optimizer; SciPy's 100 are too few for some short histories

HAR_LAGS = (1, 5, 22)  # a day, a week and a month
HAR_CHAINS = 250  # simulated at a time

Volatility = Literal["GARCH", "GJR", "EGARCH"]
FilteredVolatility = Literal["EGARCH", "GJR", "HAR"]
Shocks = Literal["normal", "t", "skewt"]
Draw = Callable[[Any], NDArray[np.float64]]  # shocks of a number or a shape


class _GarchFit(StatefulBaseline):
    volatility: Volatility | FilteredVolatility
    shocks: Shocks

    @abstractmethod
    def _shocks(self, found: Any, rng: np.random.Generator) -> Draw:
        """Returns a function that draws standardized shocks of any shape."""

    def _estimate(self, history: NDArray[np.float64]) -> Any:
        return _fitted(_model(self.volatility, self.shocks, history), self.name)

    def _draw(
        self, found: Any, shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        simulated = _har_chains if self.volatility == "HAR" else _one_series
        with np.errstate(over="ignore", invalid="ignore"):
            paths = simulated(found, self._shocks(found, rng), shape)
        return _finite(paths, found, self.name)

    def _draw_after(
        self,
        found: Any,
        past: NDArray[np.float64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        n, days = shape
        # arch warns, as NumPy does, where a path overflows.
        with warnings.catch_warnings(), np.errstate(over="ignore", invalid="ignore"):
            warnings.simplefilter("ignore")
            ahead = self._filtered(found, past).forecast(
                horizon=days,
                method="simulation",
                simulations=n,
                rng=self._shocks(found, rng),
                reindex=False,
            )
        return _finite(ahead.simulations.values[-1] / PERCENT, found, self.name)

    def _next_volatility(self, found: Any, past: NDArray[np.float64]) -> float:
        variance = self._filtered(found, past).forecast(horizon=1, reindex=False).variance
        return float(np.sqrt(variance.to_numpy()[-1, 0])) / PERCENT

    def _describe(self, found: Any) -> dict[str, float]:
        return _parameters(found)

    def _filtered(self, found: Any, past: NDArray[np.float64]) -> Any:
        """Returns `arch`'s result for a past, with the fitted parameters, not estimated again."""
        return _model(self.volatility, self.shocks, past).fix(found.params)


class Garch(_GarchFit):
    """A constant mean, a GARCH(1,1), GJR or EGARCH volatility, and independent shocks.

    Fitted by maximum likelihood to returns in percent, and simulated by `arch` from its stationary
    distribution: after a burn-in of 2,000 days one long series is cut into paths that are 120 days
    apart. No path is left out: where the fit has infinite kurtosis, as GARCH-t and GJR-skewt of
    the S&P 500 have, the paths show it, and where its volatility grows beyond float64, `sample`
    raises an OverflowError.

    A fit that does not converge raises a warning, is used nevertheless, and has
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
        volatility: `"GARCH"`; `"GJR"`, which distinguishes losses from gains; or `"EGARCH"`,
            which does so in the logarithm of the variance.
        shocks: `"normal"`, `"t"` (Student's) or `"skewt"` (Hansen's skewed t).

    Raises:
        ValueError: If `volatility` or `shocks` is another.

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

    @property
    def name(self) -> str:
        """The name in tables and plots, such as `GARCH-n` or `EGARCH-skewt`."""
        return f"{self.volatility}-{'n' if self.shocks == 'normal' else self.shocks}"

    def _shocks(self, found: Any, rng: np.random.Generator) -> Draw:
        from arch.univariate import Normal, SkewStudent, StudentsT

        law = {"normal": Normal, "t": StudentsT, "skewt": SkewStudent}[self.shocks]
        parameters = found.params.to_numpy()[1 + found.model.volatility.num_params :]
        draw: Draw = law(seed=rng).simulate(parameters)
        return draw


class FilteredHistoricalSimulation(_GarchFit):
    """A fitted volatility, with shocks drawn from those of the history.

    The shock of a day is its return minus the mean, divided by the fitted volatility; all are
    standardized to mean 0 and variance 1. So the tails need no formula, but no shock is larger
    than the largest of the history.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import FilteredHistoricalSimulation

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=1000)
    model = FilteredHistoricalSimulation("GJR").fit(history)
    assert model.name == "FHS-GJR" and model.sample(100, 60, seed=0).shape == (100, 60)
    assert model.sample_after(history[-250:], 100, days=20, seed=0).shape == (100, 20)
    ```

    Args:
        volatility: `"EGARCH"`; `"GJR"`; or `"HAR"`, an affine function of the mean squared returns
            of the last day, week and month. Defaults to `"EGARCH"`. It is fitted by the likelihood
            of skewed t shocks; the others, whose variance would not stay finite under historical
            shocks, by that of normal ones, a quasi-likelihood.

    Raises:
        ValueError: If `volatility` is another.

    Reference:
        Barone-Adesi, Giannopoulos and Vosper (1999), VaR without Correlations for Portfolios of
        Derivative Securities; Corsi (2009), A Simple Approximate Long-Memory Model of Realized
        Volatility; Müller et al. (1997), Volatilities of Different Time Resolutions, for `"HAR"`
        of squared daily returns, which `arch` calls HARCH.
    """

    def __init__(self, volatility: FilteredVolatility = "EGARCH") -> None:
        _check_choice("volatility", volatility, ("EGARCH", "GJR", "HAR"))
        self.volatility = volatility
        # A GJR of the S&P 500 has a persistence of 1.00 by skewed t shocks, .98 by normal ones.
        self.shocks: Shocks = "skewt" if volatility == "EGARCH" else "normal"

    @property
    def name(self) -> str:
        """The name in tables and plots, such as `FHS-EGARCH`."""
        return f"FHS-{self.volatility}"

    def _shocks(self, found: Any, rng: np.random.Generator) -> Draw:
        shocks = standardized(found.std_resid[np.isfinite(found.std_resid)])
        return lambda size: rng.choice(shocks, size=size)


def standardized(residuals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns residuals with mean 0 and variance 1 in each column, as a recursion assumes.

    Those of the S&P 500 have a standard deviation of 1.007, which alone would raise the volatility
    of its EGARCH by 6%.
    """
    return np.asarray((residuals - residuals.mean(axis=0)) / residuals.std(axis=0))


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise InvalidInputError(f"`{name}` must be one of {listed}. Received: {name}={value!r}.")


def _model(volatility: str, shocks: Shocks, returns: NDArray[np.float64]) -> Any:
    from arch import arch_model

    return arch_model(
        PERCENT * returns,
        mean="Constant",
        vol={"EGARCH": "EGARCH", "HAR": "HARCH"}.get(volatility, "GARCH"),
        p=HAR_LAGS if volatility == "HAR" else 1,
        o=0 if volatility in ("GARCH", "HAR") else 1,
        q=1,
        dist=shocks,
        rescale=False,
    )


def _fitted(model: Any, name: str) -> Any:
    # arch changes the warning filters of the whole process, and the optimizer tries parameters
    # whose likelihood overflows. Neither concerns the caller; the convergence flag does.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fit = model.fit(disp="off", show_warning=False, options={"maxiter": MAX_ITERATIONS})
    if fit.convergence_flag != 0:
        warnings.warn(
            f"The fit of {name} to {len(model.y)} returns did not converge: "
            f"{fit.optimization_result.message}. Its scores mean little; a longer history helps.",
            RuntimeWarning,
            stacklevel=4,
        )
    return fit


def _one_series(fit: Any, draw: Draw, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Cuts paths from one long series of `arch`."""
    n, days = shape
    stride = days + DAYS_BETWEEN_PATHS
    volatility = fit.model.volatility
    mean, *rest = fit.params.to_numpy()
    # Starts at the fitted volatility, which exists even if the persistence leaves no variance.
    level = fit.conditional_volatility**2
    start = np.log(level).mean() if volatility.name == "EGARCH" else level.mean()
    shocks, _ = volatility.simulate(
        np.array(rest[: volatility.num_params]), n * stride, draw, BURN_IN_DAYS, start
    )
    return np.asarray((mean + shocks.reshape(n, stride)[:, :days]) / PERCENT)


def _har_chains(fit: Any, draw: Draw, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Cuts paths from long series that `arch` simulates at the same time.

    Its simulation of one series loops over the lags of each day in Python, which takes a minute
    for a million days.
    """
    n, days = shape
    stride = days + DAYS_BETWEEN_PATHS
    chains = min(n, HAR_CHAINS)
    each = -(-n // chains)
    forecast = fit.forecast(
        horizon=BURN_IN_DAYS + each * stride, method="simulation", simulations=chains, rng=draw
    )
    series = forecast.simulations.values[-1][:, BURN_IN_DAYS:]
    return np.asarray(series.reshape(chains * each, stride)[:n, :days] / PERCENT)


def _finite(returns: Any, fit: Any, name: str) -> NDArray[np.float64]:
    if not np.isfinite(returns).all():
        raise ExplosionError(
            f"The volatility that {name} fitted grows beyond float64. "
            f"Received: {_parameters(fit)}. Fit it to a longer history, or leave it out."
        )
    return np.asarray(returns)


def _parameters(fit: Any) -> dict[str, float]:
    return {
        **{str(name): float(value) for name, value in fit.params.items()},
        "log_likelihood": float(fit.loglikelihood),
        "bic": float(fit.bic),
        "converged": float(fit.convergence_flag == 0),
    }
