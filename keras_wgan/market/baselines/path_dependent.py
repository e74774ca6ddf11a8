"""Baselines with a path-dependent volatility."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.fitted import (
    StatefulBaseline,
    refuse_short_history,
    warn_of_no_convergence,
)
from keras_wgan.market.baselines.garch import standardized
from keras_wgan.market.baselines.pdv_fit import (
    DAYS,
    LikelihoodFit,
    maximum_likelihood,
    set_damping,
)
from keras_wgan.market.baselines.pdv_model import (
    DrawShocks,
    PDVParameters,
    filtered_averages,
    simulated,
)

Array = NDArray[np.float64]
PDVShocks = Literal["t", "historical"]

# Feedback makes a start last for many half-lives: 2,000 days would leave half a percent of it.
BURN_IN_DAYS = 4_000


@dataclass(frozen=True, eq=False)
class _Found:
    mean: float
    std: float
    parameters: PDVParameters
    likelihood: LikelihoodFit
    averages: Array  # after each day of the history
    residuals: Array  # standardized shocks of the history

    def standard(self, returns: Array) -> Array:
        return (returns - self.mean) / self.std


class PathDependentVolatility(StatefulBaseline):
    """A volatility that is an affine function of exponential averages of past returns.

    The volatility of a day is `level + trend * R + activity * sqrt(A)`: R averages past returns,
    A past squared returns, each with a fast and a slow half-life. All but the damping is fitted by
    maximum likelihood with Student's t shocks. As that looks one day ahead, three factors are then
    set so that simulated facts are those of the fitted days: the saturation of the largest returns
    in R and A, the level, and the feedback (`trend` and `activity` together). Paths without a past
    begin after a burn-in of 4,000 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market.baselines import PathDependentVolatility

    history = log_returns(load_prices(start="2010-01-01", end=None, source="bundled"))
    model = PathDependentVolatility().fit(history)
    assert model.name == "PDV" and model.describe()["trend"] < 0.0  # losses raise volatility
    assert model.sample_after(history[-250:], 100, days=20, seed=0).shape == (100, 20)
    ```

    Args:
        shocks: `"t"`, Student's t, or `"historical"`, drawn from the standardized shocks of the
            history. Defaults to `"t"`.

    Raises:
        ValueError: If `shocks` is another.

    Reference:
        Guyon and Lekeufack (2023), Volatility Is (Mostly) Path-Dependent.
    """

    def __init__(self, shocks: PDVShocks = "t") -> None:
        if shocks not in ("t", "historical"):
            raise InvalidInputError(
                f"`shocks` must be one of 't', 'historical'. Received: shocks={shocks!r}."
            )
        self.shocks = shocks

    @property
    def name(self) -> str:
        """The name in tables and plots, `PDV` or `FHS-PDV`."""
        return "PDV" if self.shocks == "t" else "FHS-PDV"

    def _estimate(self, history: Array) -> _Found:
        refuse_short_history(self.name, len(history), DAYS + 2)
        mean, std = float(history.mean()), float(history.std())
        standard = (history - mean) / std
        fit = maximum_likelihood(standard)
        if not fit.converged:
            warn_of_no_convergence(self.name, len(history))
        first = self._found_by(mean, std, fit.parameters, fit, standard)
        damped = set_damping(fit.parameters, standard, lambda rng: self._shocks(first, rng))
        return self._found_by(mean, std, damped, fit, standard)

    def _found_by(
        self,
        mean: float,
        std: float,
        parameters: PDVParameters,
        fit: LikelihoodFit,
        standard: Array,
    ) -> _Found:
        averages = filtered_averages(parameters, standard)
        residuals = standardized(standard / parameters.volatility(averages[:, :-1]))
        return _Found(mean, std, parameters, fit, averages[:, 1:], residuals)

    def _shocks(self, found: _Found, rng: np.random.Generator) -> DrawShocks:
        if self.shocks == "historical":
            return lambda size: rng.choice(found.residuals, size=size)
        degrees = found.likelihood.degrees
        unit = np.sqrt((degrees - 2.0) / degrees)
        return lambda size: unit * rng.standard_t(degrees, size=size)

    def _draw(self, found: _Found, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        starts = rng.integers(found.averages.shape[1], size=shape[0])
        return self._paths(found, found.averages[:, starts], shape[1], rng, BURN_IN_DAYS)

    def _draw_after(
        self, found: _Found, past: Array, shape: tuple[int, int], rng: np.random.Generator
    ) -> Array:
        n, days = shape
        return self._paths(found, np.repeat(self._state(found, past), n, axis=1), days, rng, 0)

    def _next_volatility(self, found: _Found, past: Array) -> float:
        return found.std * float(found.parameters.volatility(self._state(found, past))[0])

    def _paths(
        self, found: _Found, averages: Array, days: int, rng: np.random.Generator, burn_in: int
    ) -> Array:
        draw = self._shocks(found, rng)
        standard = simulated(found.parameters, averages, days, draw, burn_in=burn_in)
        return found.mean + found.std * standard

    def _state(self, found: _Found, past: Array) -> Array:
        return filtered_averages(found.parameters, found.standard(past))[:, -1:]

    def _describe(self, found: _Found) -> dict[str, float]:
        parameters = asdict(found.parameters)
        names = ("fast_trend_days", "slow_trend_days", "fast_activity_days", "slow_activity_days")
        half_lives = dict(zip(names, parameters.pop("half_lives"), strict=True))
        return {
            "mean": found.mean,
            "std": found.std,
            **parameters,
            **half_lives,
            "degrees": found.likelihood.degrees,
            "log_likelihood": self._log_likelihood(found),
            "converged": float(found.likelihood.converged),
        }

    def _log_likelihood(self, found: _Found) -> float:
        """Returns the largest likelihood, before damping, of returns that are not standardized."""
        return found.likelihood.log_likelihood - len(found.residuals) * float(np.log(found.std))
