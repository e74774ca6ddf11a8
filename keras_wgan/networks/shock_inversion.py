"""The inverses of a day's shocks: the noise of which a market generator makes them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.joint_layers import (
    MarketShocks,
    NewsScale,
    TwoSidedPower,
    cube_root,
)
from keras_wgan.networks.market_layers import TwoSidedTail

Array = NDArray[np.float64]

NEWTON_STEPS = 60  # at most; fewer than ten are usual
CONVERGED = 1e-12


class ShockInverse(Protocol):
    """Turns the shocks of days into noise."""

    mixing: Array  # (assets, assets): what noise is multiplied by to be correlated

    def noise(self, moves: Array, log_share: Array) -> tuple[Array, Array]:
        """Returns the noise of `(batch, days, assets)` shocks, and the logarithm of their slope.

        The latter is that of the determinant of shocks as a function of noise, `(batch, days)`, up
        to a constant. `log_share` is the market's relative volatility, `(batch, days)`.
        """


class TailedShocks:
    """The inverse of correlated normals with a tail on each side."""

    def __init__(self, mixing: Array, tail: TwoSidedTail) -> None:
        self.mixing, self._unmixing = mixing, np.linalg.inv(mixing)
        self._tail = _Untailed(tail)

    def noise(self, moves: Array, log_share: Array) -> tuple[Array, Array]:
        """Returns noise and slope; the market has no share of its own."""
        del log_share
        normals, log_slope = self._tail(moves)
        return normals @ self._unmixing.T, log_slope.sum(axis=-1)


class JointShocks:
    """The inverse of the shocks of several assets: of powers, mixing, the market and the scale."""

    def __init__(
        self, mixing: MarketShocks, market: TwoSidedTail, news: NewsScale, tail: TwoSidedPower
    ) -> None:
        self.mixing = numbers(mixing.factor())
        self._unmixing = np.linalg.inv(self.mixing)
        self._direction = numbers(mixing.direction()[0])
        self._market = _Untailed(market)
        self._dimensions, self._spread = news.dimensions, float(numbers(news.spread()))
        self._log_norm = float(np.log(numbers(news.variance()))) / 2
        self._powers, self._scales = (tuple(map(numbers, pair)) for pair in tail.sides())
        self._mean, self._deviation = map(numbers, tail.shape())

    def noise(self, moves: Array, log_share: Array) -> tuple[Array, Array]:
        """Returns noise and slope, step by step from the last transform to the first."""
        normals, slope = self._without_powers(moves)
        unmixed = normals @ self._unmixing.T
        market = unmixed @ self._direction
        news = unmixed - market[..., None] * self._direction
        shock, market_slope = self._market(market[..., None] * np.exp(-log_share)[..., None])
        shrink, news_slope = self._without_scale(np.linalg.norm(news, axis=-1))
        noise = news * shrink[..., None] + shock * self._direction
        return noise, slope + log_share + market_slope[..., 0] + news_slope

    def _without_powers(self, moves: Array) -> tuple[Array, Array]:
        stretched = moves * self._deviation + self._mean
        below = stretched < 0.0
        power, scale = (np.where(below, *sides) for sides in (self._powers, self._scales))
        angle = np.arcsinh(stretched / scale)  # power times that of the normal
        slopes = np.log(scale * power / self._deviation) + np.log(np.cosh(angle))
        slopes -= np.log(np.cosh(angle / power))
        return np.sinh(angle / power), slopes.sum(axis=-1)

    def _without_scale(self, length: Array) -> tuple[Array, Array]:
        """Returns what lengths are multiplied by, and the log slope of all their directions.

        Newton's method for the logarithm t of the length: t + a g(t) is increasing and convex.
        """
        center, slope = cube_root(self._dimensions)
        target = np.log(np.maximum(length, 1e-12))
        log_length = target.copy()
        for _ in range(NEWTON_STEPS):
            root = np.exp(2 * log_length / 3) / self._dimensions ** (1 / 3)
            log_scale = self._spread * (root - center) / slope - self._log_norm
            growth = 1.0 + self._spread * 2 / 3 * root / slope
            step = (target - log_length - log_scale) / growth
            # A step from far below overshoots to where the exponential would overflow.
            log_length += np.minimum(step, 1.0)
            if np.abs(step).max() < CONVERGED:
                break
        return np.exp(log_length - target), self._dimensions * log_scale + np.log(growth)


class _Untailed:
    """The inverse of `TwoSidedTail`: z exp(h z^2 / 2) = u is solved by z^2 = W(h u^2) / h."""

    def __init__(self, tail: TwoSidedTail) -> None:
        weights, scales, mean, deviation = tail.shape()
        self.weights, self.scales = (list(map(numbers, pair)) for pair in (weights, scales))
        self.mean, self.deviation = numbers(mean), numbers(deviation)

    def __call__(self, moves: Array) -> tuple[Array, Array]:
        """Returns normals, and the logarithm of the slope of each."""
        stretched = moves * self.deviation + self.mean
        weight, scale = (
            np.where(stretched < 0.0, losses, gains)
            for losses, gains in (self.weights, self.scales)
        )
        squares: Any = weight * (stretched / scale) ** 2  # SciPy's stubs do not take an array
        branch = lambertw(squares).real  # h z^2
        normals = np.sign(stretched) * np.sqrt(branch / weight)
        return normals, np.log(scale / self.deviation) + branch / 2 + np.log1p(branch)
