"""What a portfolio makes in each scenario: its return, drawdown and days under water."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import ExplosionError, InvalidInputError
from keras_wgan.market.risk.rebalancing import Rebalancing

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What happens to a portfolio in each scenario, up to each horizon.

    `measure` makes them of one chunk of scenarios, and `of` joins those of all chunks.

    Args:
        returns: `(scenarios, horizons)` simple returns on today's value; -0.1 is a loss of 10%.
        drawdowns: `(scenarios, horizons)` largest falls from the highest value so far, today's
            included, as shares of it.
        under_water: `(scenarios, horizons)` days below the highest value so far.
        longest_under_water: `(scenarios, horizons)` the most such days in a row.
        profits: `(scenarios, horizons, assets)` profit of each asset for a weight of 1. Times the
            weights they add up to `returns`.
        observed: `(scenarios, quantities)` numbers that a stress depends on; none by default.
    """

    returns: Array
    drawdowns: Array
    under_water: Array
    longest_under_water: Array
    profits: Array
    observed: Array

    def __len__(self) -> int:
        return len(self.returns)

    @classmethod
    def of(cls, chunks: Iterable[Self]) -> Self:
        """Joins the outcomes of several chunks of scenarios."""
        found = list(chunks)
        if not found:
            raise InvalidInputError("`paths` must hold one scenario or more. Received: none")
        return cls(
            *(np.concatenate([getattr(each, part.name) for each in found]) for part in fields(cls))
        )


@dataclass(frozen=True, eq=False)
class Positions:
    """The weights of assets in the order of the scenarios, and how they are kept.

    Args:
        weights: `(assets,)` shares of today's value.
        rebalance: As for `Portfolio`.
    """

    weights: Array
    rebalance: Rebalancing

    def values(self, simple: Array) -> tuple[Array, Array]:
        """Follows a value of 1 through `(n, days, assets)` simple returns.

        Returns `(n, days)` values, and `(n, days, assets)` cumulative profits for a weight of 1.
        """
        if self.rebalance == "never":
            profits = np.cumprod(1.0 + simple, axis=1) - 1.0
            return np.asarray(1.0 + profits @ self.weights), np.asarray(profits)
        growth = 1.0 + simple @ self.weights
        values = np.cumprod(growth, axis=1)
        before = np.concatenate([np.ones((len(values), 1)), values[:, :-1]], axis=1)
        # Without any value left nothing is bought any more, and the loss stays.
        alive = np.minimum.accumulate(before, axis=1) > 0.0
        invested = np.where(alive, before, 0.0)
        profits = np.cumsum(invested[..., np.newaxis] * simple, axis=1)
        return np.where(alive, values, 1.0 + profits @ self.weights), np.asarray(profits)


def measure(
    log_returns: Array,
    positions: Positions,
    horizons: Sequence[int],
    observers: Sequence[Callable[[Array, Array], Array]] = (),
) -> Outcomes:
    """Measures a portfolio in `(n, days, assets)` log returns, a chunk of scenarios.

    Each observer returns a number of each scenario, from these returns and `(n, days)` values.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        values, profits = positions.values(np.expm1(log_returns))
    if not np.isfinite(values).all():
        raise ExplosionError(
            "Scenarios exceed the range of numbers, so there is no risk to measure. Their model "
            "diverged, or the scenarios are not log returns such as 0.01."
        )
    peak = np.maximum.accumulate(np.maximum(values, 1.0), axis=1)
    below = values < peak
    ends = [horizon - 1 for horizon in horizons]
    return Outcomes(
        returns=values[:, ends] - 1.0,
        drawdowns=np.maximum.accumulate(1.0 - values / peak, axis=1)[:, ends],
        under_water=np.cumsum(below, axis=1, dtype=np.float64)[:, ends],
        longest_under_water=_longest_runs(below)[:, ends],
        profits=profits[:, ends],
        observed=np.array([each(log_returns, values) for each in observers]).T.reshape(
            len(values), len(observers)
        ),
    )


def _longest_runs(below: NDArray[np.bool_]) -> Array:
    """Returns the longest run of true values so far, on each of `(n, days)`."""
    days = np.arange(1, below.shape[1] + 1)
    last_above = np.maximum.accumulate(np.where(below, 0, days), axis=1)
    return np.maximum.accumulate(days - last_above, axis=1).astype(np.float64)
