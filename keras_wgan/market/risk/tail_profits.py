"""Contributions of assets to the risk of any number of scenarios, in little memory."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import ExplosionError
from keras_wgan.market.risk.contributions import WIDTH, Contributions

Array = NDArray[np.float64]

BIN = 0.01  # of a return, whose scenarios are summed together
SMALLEST = 1e-9  # returns nearer to zero are summed together
# Sums of multiples of it are exact in 64 bits, up to a sum of two billion in a bin, so that they do
# not depend on the order of the scenarios. It rounds a profit by at most 1.2e-10.
UNIT = 2.0**-32
LARGEST = 40_000.0  # times a position, whose square still fits
HELD = 4096  # scenarios that are summed together


class TailProfits:
    """Sums of the assets' profits over scenarios of similar returns of the portfolio.

    A tail is made of whole bins and of a part of the last one, whose scenarios are taken as alike:
    their returns differ by at most 1%.
    """

    def __init__(self, assets: int) -> None:
        self.assets = assets
        self._sums: dict[int, NDArray[np.int64]] = {}  # counts, profits and their squares
        self._held: list[tuple[Array, Array]] = []

    def add(self, returns: Array, profits: Array) -> None:
        """Adds `(n,)` returns of the portfolio and `(n, assets)` profits for a weight of 1."""
        if np.abs(profits).max(initial=0.0) > LARGEST:
            raise ExplosionError(
                f"A position grows or falls by over {LARGEST:,.0f} times its value, so that "
                f"contributions cannot be summed. Received: {np.abs(profits).max():,.0f} times. "
                "The model diverged, or the scenarios are not log returns such as 0.01."
            )
        self._held.append((returns, profits))
        if sum(len(some) for some, _ in self._held) >= HELD:
            self._flush()

    def merge(self, other: TailProfits) -> None:
        """Adds all scenarios of another."""
        self._flush()
        other._flush()
        for key, sums in other._sums.items():
            self._sums[key] = self._sums[key] + sums if key in self._sums else sums.copy()

    def to_array(self) -> NDArray[np.int64]:
        """Returns all of it: the number of each bin, and its sums in multiples of 2^-32."""
        self._flush()
        rows = [[key, *sums.tolist()] for key, sums in sorted(self._sums.items())]
        return np.array(rows, np.int64).reshape(-1, 2 + 2 * self.assets)

    @classmethod
    def from_array(cls, assets: int, rows: NDArray[np.int64]) -> Self:
        """Returns the sums whose array this is."""
        profits = cls(assets)
        profits._sums = {int(row[0]): row[1:].copy() for row in rows}
        return profits

    def contributions(self, weights: Array, *, level: float, value_at_risk: float) -> Contributions:
        """Returns the contributions, as the function of this name does of held scenarios."""
        sums = self._sorted()
        count = float(sums[:, 0].sum())
        upper, lower, tail = (
            _lowest(sums, share * count)
            for share in (level * (1.0 + WIDTH), level * (1.0 - WIDTH), level)
        )
        around = upper - lower
        marginal_var = around[1 : self.assets + 1] / around[0]
        total = float(marginal_var @ weights)
        if total != 0.0:
            marginal_var = marginal_var * (value_at_risk / total)
        inside, profits, squares = tail[0], tail[1 : self.assets + 1], tail[self.assets + 1 :]
        marginal_es = profits / inside
        at, mean = marginal_var * weights, marginal_es * weights
        # The sum over all scenarios of the squared influence of each.
        moved = mean - at
        influence = (
            (squares * weights**2 - 2.0 * at * profits * weights + inside * at**2) / level**2
            - 2.0 * moved * (profits * weights - inside * at) / level
            + count * moved**2
        )
        errors = np.sqrt(np.maximum(influence, 0.0)) / count
        return Contributions(marginal_var, marginal_es, at, mean, errors)

    def _sorted(self) -> Array:
        self._flush()
        sums = np.stack([self._sums[key] for key in sorted(self._sums)]).astype(np.float64)
        sums[:, 1:] *= UNIT
        return sums

    def _flush(self) -> None:
        if not self._held:
            return
        returns, profits = (np.concatenate(part) for part in zip(*self._held, strict=True))
        self._held = []
        keys, places = np.unique(_bins(returns), return_inverse=True)
        counts = np.ones((len(returns), 1), np.int64)
        whole = [np.rint(part / UNIT).astype(np.int64) for part in (profits, profits**2)]
        sums = np.zeros((len(keys), 1 + 2 * self.assets), np.int64)
        np.add.at(sums, places, np.concatenate([counts, *whole], axis=1))
        for key, found in zip(keys.tolist(), sums, strict=True):
            self._sums[key] = self._sums[key] + found if key in self._sums else found


class WorstScenarios:
    """The scenarios of the lowest returns, of which the first ones win where returns are equal."""

    def __init__(self, count: int, assets: int) -> None:
        self.count = count
        self._rows = np.empty((0, 3 + assets))  # number, return, drawdown and profits

    @property
    def number(self) -> NDArray[np.int64]:
        """Their numbers, the worst first."""
        return self._rows[:, 0].astype(np.int64)

    @property
    def returns(self) -> Array:
        """The returns of the portfolio."""
        return self._rows[:, 1]

    @property
    def drawdowns(self) -> Array:
        """The largest drawdowns of the portfolio."""
        return self._rows[:, 2]

    @property
    def profits(self) -> Array:
        """`(scenarios, assets)` profits for a weight of 1."""
        return self._rows[:, 3:]

    def add(
        self, number: NDArray[np.int64], returns: Array, drawdowns: Array, profits: Array
    ) -> None:
        """Adds scenarios by their numbers."""
        self._keep(np.column_stack([number, returns, drawdowns, profits]))

    def merge(self, other: WorstScenarios) -> None:
        """Adds the worst scenarios of another."""
        self._keep(other._rows)

    def to_array(self) -> Array:
        """Returns a row for each scenario."""
        return self._rows

    @classmethod
    def from_array(cls, count: int, rows: Array) -> Self:
        """Returns the scenarios whose rows these are."""
        worst = cls(count, rows.shape[1] - 3)
        worst._keep(rows)
        return worst

    def _keep(self, others: Array) -> None:
        rows = np.concatenate([self._rows, others])
        self._rows = rows[np.lexsort((rows[:, 0], rows[:, 1]))[: self.count]]


def _bins(returns: Array) -> NDArray[np.int64]:
    """Returns the number of each return's bin, in the order of the returns."""
    steps = np.log(np.maximum(np.abs(returns), SMALLEST) / SMALLEST) / math.log1p(BIN)
    return np.asarray(np.sign(returns) * np.ceil(steps), np.int64)


def _lowest(sums: Array, wanted: float) -> Array:
    """Returns the sums over so many scenarios of the lowest returns."""
    counts = sums[:, 0]
    before = np.cumsum(counts) - counts
    shares = np.clip(wanted - before, 0.0, counts) / counts
    return np.asarray(shares @ sums)
