"""The volatility of a portfolio, of the volatilities of its assets on the generator's scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.networks import MarketGenerator

Array = NDArray[np.float64]

DRAWS = 50_000  # of a day's shocks, behind their covariances
DOUBLE = math.log(2.0)  # the relative volatility of the market that shows what it adds
SEED = 20_232  # fixed, so that a state is always the same


@dataclass(frozen=True, eq=False)
class PortfolioVolatility:
    """A portfolio of fixed weights, and the covariances of its assets' standardized shocks.

    Args:
        exposures: `(assets,)` weights times the log returns that are one on the generator's scale.
        covariance: `(assets, assets)` covariances of the shocks.
        of_market: What a squared relative volatility of the market of 2 instead of 1 adds to them.
        name: How the portfolio is called; None for one asset.
    """

    exposures: Array
    covariance: Array
    of_market: Array
    name: str | None

    @classmethod
    def of(
        cls, generator: MarketGenerator, units: ArrayLike, weights: ArrayLike | None = None
    ) -> Self:
        """Returns the portfolio of a generator's assets; equal weights where none are given."""
        assets = generator.assets
        given = np.full(assets, 1 / assets) if weights is None else weights
        shares = finite_array("weights", given, unit="weights")
        if shares.shape != (assets,) or not shares.any():
            raise InvalidInputError(
                f"`weights` must hold one weight for each of {assets} assets, not all zero. "
                f"Received: weights.shape={shares.shape}, the largest {np.abs(shares).max():g}"
            )
        name = "equal weights" if np.ptp(shares) == 0.0 else "the given weights"
        return cls(
            shares * np.asarray(units, np.float64),
            *_covariances(generator),
            name if assets > 1 else None,
        )

    def volatility(self, volatilities: Array, log_share: Array) -> Array:
        """Returns `(n,)` standard deviations of a daily log return.

        The portfolio's log return is taken as the weighted mean of those of its assets, which
        differs by less than a percent of the volatility over a day.

        Args:
            volatilities: `(n, assets)` of the assets, at a relative volatility of the market of 1.
            log_share: `(n,)` logarithm of that relative volatility.
        """
        parts = volatilities * self.exposures
        alone, added = (
            ((parts @ matrix) * parts).sum(axis=1) for matrix in (self.covariance, self.of_market)
        )
        # Of a hedged portfolio rounding could leave less than nothing.
        return np.asarray(np.sqrt(np.maximum(alone + np.expm1(2 * log_share) * added, 0.0)))


def _covariances(generator: MarketGenerator) -> tuple[Array, Array]:
    if generator.assets == 1:
        return np.eye(1), np.zeros((1, 1))
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, generator.assets))
    usual, double = (
        np.cov(generator.form.shocks(noise, log_share), rowvar=False) for log_share in (0.0, DOUBLE)
    )
    return np.asarray(usual), np.asarray(double - usual) / 3  # of a variance four times as large
