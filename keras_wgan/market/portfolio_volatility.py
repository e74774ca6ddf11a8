"""The volatility of a portfolio, of the volatilities of its assets on the generator's scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.networks import MarketGenerator

Array = NDArray[np.float64]

DRAWS = 50_000  # of a day's shocks, behind their correlations
SEED = 20_232  # fixed, so that a state is always the same


@dataclass(frozen=True, eq=False)
class PortfolioVolatility:
    """A portfolio of fixed weights, and the correlations of its assets' standardized shocks.

    Args:
        exposures: `(assets,)` weights times the log returns that are one on the generator's scale.
        correlation: `(assets, assets)` correlations of the shocks.
        name: How the portfolio is called; None for one asset.
    """

    exposures: Array
    correlation: Array
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
            _correlation(generator),
            name if assets > 1 else None,
        )

    def volatility(self, volatilities: Array) -> Array:
        """Returns `(n,)` standard deviations of a daily log return of `(n, assets)` volatilities.

        The portfolio's log return is taken as the weighted mean of those of its assets, which
        differs by less than a percent of the volatility over a day.
        """
        parts = volatilities * self.exposures
        return np.asarray(np.sqrt(((parts @ self.correlation) * parts).sum(axis=1)))


def _correlation(generator: MarketGenerator) -> Array:
    if generator.correlation is None:
        return np.eye(1)
    noise = np.random.default_rng(SEED).standard_normal((1, DRAWS, generator.assets))
    shocks = generator.tail(generator.correlation(noise.astype("float32")))
    # Divided by their exact variances: a heavy tail's own is rough even in so many draws.
    found = np.corrcoef(ops.convert_to_numpy(shocks)[0].astype(np.float64), rowvar=False)
    return np.asarray(found)
