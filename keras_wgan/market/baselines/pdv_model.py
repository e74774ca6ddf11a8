"""The recursion of path-dependent volatility: from past returns to tomorrow's volatility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.baselines.averages import exponential_average

Array = NDArray[np.float64]
DrawShocks = Callable[[int], Array]  # shocks of mean 0 and variance 1, from their number

MIN_VOLATILITY = (
    0.1  # of the history's standard deviation; trends can make the affine form negative
)
USUAL_SQUARE = 1.0  # of a standardized return, for the days before the first one


@dataclass(frozen=True)
class PDVParameters:
    """Parameters of the volatility of standardized returns x.

    volatility = level + trend * R + activity * sqrt(A), where R averages f(x) and A averages
    f(x)^2 exponentially, each with a fast and a slow half-life, and f(x) = c asinh(x / c) damps
    the largest returns at c = `saturation`.
    """

    level: float
    trend: float
    activity: float
    slow_trend: float  # weight of the slow average, 0 to 1
    slow_activity: float
    half_lives: tuple[float, float, float, float]  # of R fast and slow, of A fast and slow
    saturation: float

    @property
    def keep(self) -> Array:
        """What each of the four averages keeps from one day to the next, shape (4, 1)."""
        return np.asarray(2.0 ** (-1.0 / np.array(self.half_lives)))[:, np.newaxis]

    def damped(self, standard: Array) -> Array:
        """Returns f of standardized returns, as volatility sees them."""
        return np.asarray(self.saturation * np.arcsinh(standard / self.saturation))

    def volatility(self, averages: Array) -> Array:
        """Returns the volatility of the next day from averages of the shape (4, ...)."""
        fast_trend, slow_trend, fast_square, slow_square = averages
        trend = fast_trend + self.slow_trend * (slow_trend - fast_trend)
        square = fast_square + self.slow_activity * (slow_square - fast_square)
        raw = self.level + self.trend * trend + self.activity * np.sqrt(square)
        return np.maximum(raw, MIN_VOLATILITY)


def filtered_averages(parameters: PDVParameters, standard: Array) -> Array:
    """Returns the averages before the first day and after each day, shape (4, days + 1)."""
    damped = parameters.damped(standard)
    found = np.empty((4, len(standard) + 1))
    for place, (keep, fed, start) in enumerate(
        zip(
            parameters.keep[:, 0],
            (damped, damped, damped**2, damped**2),
            (0.0, 0.0, USUAL_SQUARE, USUAL_SQUARE),
            strict=True,
        )
    ):
        found[place] = exponential_average(fed, keep, start)
    return found


def simulated(
    parameters: PDVParameters, averages: Array, days: int, draw: DrawShocks, *, burn_in: int = 0
) -> Array:
    """Returns `(paths, days)` standardized returns from averages of the shape (4, paths)."""
    state, keep = averages.copy(), parameters.keep
    found = np.empty((days, state.shape[1]))
    for day in range(-burn_in, days):
        standard = parameters.volatility(state) * draw(state.shape[1])
        damped = parameters.damped(standard)
        state *= keep
        state[:2] += (1.0 - keep[:2]) * damped
        state[2:] += (1.0 - keep[2:]) * damped**2
        if day >= 0:
            found[day] = standard
    return found.T
