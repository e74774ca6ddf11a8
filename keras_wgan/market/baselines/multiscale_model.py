"""The recursion of multiscale volatility, and its fit by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.baselines.averages import exponential_average

Array = NDArray[np.float64]
DrawShocks = Callable[[int], Array]
Objective = Callable[[Array], tuple[float, Array]]  # of the numbers of a fit, with its slope

HALF_LIVES = (1.0, 3.0, 8.0, 20.0, 60.0, 150.0)  # days
KEEP = np.asarray(2.0 ** (-1.0 / np.array(HALF_LIVES)))
SCALES = len(HALF_LIVES)
SATURATION = 3.0  # standard deviations, from which on returns are damped
MIN_VOLATILITY, SHARPNESS = 0.05, 8.0  # a soft floor, in the history's standard deviation
USUAL_SIZE = 0.75  # of a standardized return, for the days before the first one
WARM_UP = 250  # days that only fill the averages

LEVEL_HALF_LIFE = 250.0  # days
LEVEL_KEEP = 2.0 ** (-1.0 / LEVEL_HALF_LIFE)
LARGEST = 4.0  # standard deviations that a shock counts for in the level
ROUGHNESS = 20.0  # penalty on second differences of weights, in units of log likelihood


@dataclass(frozen=True, eq=False)
class MultiscaleState:
    """What volatility depends on: `(12, n)` averages, and the `(n,)` level of the last year."""

    averages: Array
    level: Array

    @property
    def days(self) -> int:
        """The number of states."""
        return len(self.level)

    def at(self, places: NDArray[np.int64]) -> MultiscaleState:
        """Returns the states at these places."""
        return MultiscaleState(self.averages[:, places], self.level[places])


@dataclass(frozen=True, eq=False)
class MultiscaleFit:
    """The weights of averages of standardized returns and of their sizes, (6,) each."""

    level: float
    trend: Array
    activity: Array
    degrees: float  # of freedom of the shocks
    usual_shock: float  # mean size, each up to `LARGEST` standard deviations
    shock_std: float
    converged: bool

    def volatility(self, averages: Array) -> Array:
        """Returns the volatility of the next day from `(12, n)` averages, at the level 1."""
        raw = self.level + self.trend @ averages[:SCALES] + self.activity @ averages[SCALES:]
        return _floored(raw)


def filtered(fit: MultiscaleFit, standard: Array) -> tuple[MultiscaleState, Array]:
    """Returns the states after each day, and the `(days,)` volatility before each."""
    averages = _averages(standard)
    volatility = fit.volatility(averages[:, :-1])
    sizes = np.abs(standard / volatility) / fit.shock_std
    relative = np.minimum(sizes, LARGEST) / fit.usual_shock
    level = exponential_average(relative, LEVEL_KEEP, 1.0)
    return MultiscaleState(averages[:, 1:], level[1:]), volatility


def simulated(fit: MultiscaleFit, state: MultiscaleState, days: int, draw: DrawShocks) -> Array:
    """Returns `(paths, days)` standardized returns after `(paths,)` states; the level stays."""
    averages, count = state.averages.copy(), state.days
    keep = np.tile(KEEP, 2)[:, np.newaxis]
    found = np.empty((days, count))
    for day in range(days):
        found[day] = state.level * fit.volatility(averages) * draw(count)
        damped = _damped(found[day])
        averages *= keep
        averages[:SCALES] += (1.0 - keep[:SCALES]) * damped
        averages[SCALES:] += (1.0 - keep[SCALES:]) * np.abs(damped)
    return found.T


def fit_multiscale(standard: Array) -> MultiscaleFit:
    """Fits all weights to `(days,)` standardized returns."""
    likelihood = Likelihood.of(standard)
    return likelihood.least(likelihood.negative)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The likelihood of returns with Student's t shocks, less the penalty on rough weights."""

    returns: Array
    regressors: Array  # (days, 13): one, and the averages before each day
    penalty: Array  # (13, 13)

    @classmethod
    def of(cls, standard: Array) -> Likelihood:
        """Returns the likelihood of `(days,)` standardized returns after the first year."""
        averages = _averages(standard)[:, WARM_UP:-1]
        regressors = np.concatenate([np.ones((1, averages.shape[1])), averages]).T
        rough = np.diff(np.eye(SCALES), 2, axis=0)
        penalty = np.zeros((1 + 2 * SCALES, 1 + 2 * SCALES))
        for first in (1, 1 + SCALES):
            block = slice(first, first + SCALES)
            penalty[block, block] = ROUGHNESS * rough.T @ rough
        return cls(standard[WARM_UP:], regressors, penalty)

    def least(self, objective: Objective) -> MultiscaleFit:
        """Returns the fit at the least of an objective, whose shocks are those of the returns."""
        from scipy.optimize import minimize

        start = np.array([0.1, *[-0.05] * SCALES, *[0.15] * SCALES, 0.0, 1.5])
        bounds = [(-np.inf, np.inf)] * (1 + 2 * SCALES) + [(-0.3, 0.3), (-1.0, 4.0)]
        found = minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 1000, "maxfun": 2000},
        )
        weights = found.x[: 1 + 2 * SCALES]
        shocks = self.returns / _floored(self.regressors @ weights)
        std = float(shocks.std())
        return MultiscaleFit(
            level=float(weights[0]),
            trend=weights[1 : 1 + SCALES],
            activity=weights[1 + SCALES :],
            degrees=_degrees(found.x[-1]),
            usual_shock=float(np.minimum(np.abs(shocks) / std, LARGEST).mean()),
            shock_std=std,
            converged=bool(found.success),
        )

    def negative(self, numbers: Array) -> tuple[float, Array]:
        """Returns the negative likelihood of 13 weights, the center and log degrees; its slope."""
        from scipy.special import digamma, gammaln

        weights, center, degrees = numbers[:-2], numbers[-2], _degrees(numbers[-1])
        raw = self.regressors @ weights
        volatility = _floored(raw)
        shocks = (self.returns - center) / volatility
        spread = degrees - 2.0
        stretched = 1.0 + shocks**2 / spread
        half = 0.5 * (degrees + 1.0)
        constant = gammaln(half) - gammaln(degrees / 2.0) - 0.5 * np.log(np.pi * spread)
        values = constant - half * np.log(stretched) - np.log(volatility)
        by_shock = -2.0 * half * shocks / spread / stretched
        by_volatility = -(by_shock * shocks + 1.0) / volatility
        by_degrees = (
            0.5 * (digamma(half) - digamma(degrees / 2.0) - 1.0 / spread - np.log(stretched))
            + half * (shocks / spread) ** 2 / stretched
        )
        slope = np.concatenate(
            [
                2.0 * self.penalty @ weights - self.regressors.T @ (by_volatility * _slope(raw)),
                [np.sum(by_shock / volatility), -np.exp(numbers[-1]) * np.sum(by_degrees)],
            ]
        )
        return float(weights @ self.penalty @ weights - values.sum()), slope


def _averages(standard: Array) -> Array:
    """Returns the averages before the first day and after each, shape (12, days + 1)."""
    damped = _damped(standard)
    signed = [exponential_average(damped, keep, 0.0) for keep in KEEP]
    sizes = [exponential_average(np.abs(damped), keep, USUAL_SIZE) for keep in KEEP]
    return np.array([*signed, *sizes])


def _damped(standard: Array) -> Array:
    return np.asarray(SATURATION * np.arcsinh(standard / SATURATION))


def _floored(raw: Array) -> Array:
    return np.asarray(
        MIN_VOLATILITY + np.logaddexp(0.0, SHARPNESS * (raw - MIN_VOLATILITY)) / SHARPNESS
    )


def _slope(raw: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(SHARPNESS * (raw - MIN_VOLATILITY)))


def _degrees(number: float) -> float:
    return float(2.05 + np.exp(number))
