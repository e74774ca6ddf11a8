"""The fit of path-dependent volatility: maximum likelihood, then damping by simulated facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.baselines.pdv_model import (
    DrawShocks,
    PDVParameters,
    filtered_averages,
    simulated,
)
from keras_wgan.metrics.returns.autocorrelation import lagged_correlations

Array = NDArray[np.float64]

SATURATION = 4.0  # standard deviations, where the likelihood is maximized
HALF_LIVES = (1.0, 250.0)  # days, the shortest and the longest
CHAINS, BURN_IN, DAYS = 200, 500, 480  # of a simulation that damping is judged by
WINDOW = 60
BLOCK, HISTORIES = 250, 20  # of the bootstrap that gives each fact its unit
PRIOR = 0.5  # standard deviation of the logarithm of a damper, around the likelihood's own value
STEPS = 8


@dataclass(frozen=True)
class LikelihoodFit:
    """The parameters of maximum likelihood, with Student's t shocks."""

    parameters: PDVParameters
    degrees: float
    log_likelihood: float
    converged: bool


def maximum_likelihood(standard: Array) -> LikelihoodFit:
    """Fits all parameters but the saturation to `(days,)` standardized returns."""
    from scipy.optimize import minimize

    def negative(numbers: Array) -> float:
        parameters, degrees = _unpacked(numbers)
        return -_log_likelihood(parameters, degrees, standard)

    shortest, longest = np.log(HALF_LIVES)
    bounds = [(0.0, 1.0), (-2.0, 0.5), (0.0, 2.0), (0.0, 1.0), (0.0, 1.0)]
    bounds += [(shortest, longest)] * 4 + [(np.log(0.1), np.log(98.0))]
    start = [0.1, -0.1, 0.8, 0.3, 0.5, *np.log([3.0, 40.0, 8.0, 80.0]), np.log(6.0)]
    found = minimize(negative, start, method="L-BFGS-B", bounds=bounds)
    parameters, degrees = _unpacked(found.x)
    return LikelihoodFit(parameters, degrees, -float(found.fun), bool(found.success))


def set_damping(
    parameters: PDVParameters, standard: Array, shocks: Callable[[np.random.Generator], DrawShocks]
) -> PDVParameters:
    """Sets saturation, level and feedback so that simulated facts are those of the history.

    The likelihood looks one day ahead. Simulated for years, its parameters give too calm a market
    with too heavy tails, or too wild a one; three factors correct this, each pulled towards 1.
    """
    from scipy.optimize import least_squares

    real = _facts(np.lib.stride_tricks.sliding_window_view(standard, DAYS)[::WINDOW])
    units = _standard_deviations(standard)
    averages = filtered_averages(parameters, standard)
    days = np.random.default_rng(0).integers(averages.shape[1], size=CHAINS)

    def residuals(factors: Array) -> Array:
        damped = _damped(parameters, factors)
        draw = shocks(np.random.default_rng(1))  # the same shocks for all factors
        paths = simulated(damped, averages[:, days], DAYS, draw, burn_in=BURN_IN)
        return np.concatenate([(_facts(paths) - real) / units, factors / PRIOR])

    found = least_squares(
        residuals,
        np.zeros(3),
        bounds=(-1.5, 1.5),
        diff_step=[0.02] * 3,
        max_nfev=STEPS,
        loss="soft_l1",
    )
    return _damped(parameters, found.x)


def _unpacked(numbers: Array) -> tuple[PDVParameters, float]:
    level, trend, activity, slow_trend, slow_activity, *logs = map(float, numbers)
    first, second, third, fourth, degrees = np.exp(logs).tolist()
    half_lives = (first, second, third, fourth)
    parameters = PDVParameters(
        level, trend, activity, slow_trend, slow_activity, half_lives, SATURATION
    )
    return parameters, 2.0 + degrees


def _log_likelihood(parameters: PDVParameters, degrees: float, standard: Array) -> float:
    from scipy.special import gammaln

    volatility = parameters.volatility(filtered_averages(parameters, standard)[:, :-1])
    constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2)
    constant -= 0.5 * np.log(np.pi * (degrees - 2))
    squares = (standard / volatility) ** 2
    tails = 0.5 * (degrees + 1) * np.log1p(squares / (degrees - 2))
    return float(np.sum(constant - np.log(volatility) - tails))


def _damped(parameters: PDVParameters, factors: Array) -> PDVParameters:
    saturation, level, feedback = np.exp(factors).tolist()
    return replace(
        parameters,
        saturation=parameters.saturation * saturation,
        level=parameters.level * level,
        trend=parameters.trend * feedback,
        activity=parameters.activity * feedback,
    )


def _facts(paths: Array) -> Array:
    """Returns facts of `(paths, days)` standardized returns, each in a form that varies little."""
    windows = paths[:, : DAYS // WINDOW * WINDOW].reshape(-1, WINDOW)
    sizes = np.abs(paths)
    volatilities = np.quantile(windows.std(axis=1), [0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    sums = windows.sum(axis=1)
    memory = lagged_correlations(sizes, sizes, WINDOW)
    leverage = lagged_correlations(paths, paths**2, 10)
    return np.array(
        [
            np.log(paths.std()),
            *np.log(volatilities),
            np.log(np.quantile(sizes, 0.99)),
            np.log(np.mean(paths**4)) / 4.0,
            np.log(sums.std()),
            memory[:5].mean(),
            memory[5:20].mean(),
            memory[20:].mean(),
            leverage.mean(),
        ]
    )


def _standard_deviations(standard: Array) -> Array:
    """Returns how much each fact varies between histories drawn from the real one in blocks."""
    rng, count = np.random.default_rng(2), len(standard)
    drawn = []
    for _ in range(HISTORIES):
        starts = rng.integers(count, size=-(-count // BLOCK))
        places = (starts[:, np.newaxis] + np.arange(BLOCK)).ravel()[:count] % count
        history = standard[places]
        drawn.append(_facts(np.lib.stride_tricks.sliding_window_view(history, DAYS)[::WINDOW]))
    return np.asarray(np.std(drawn, axis=0))
