"""A portfolio: the weights of its assets, and whether they are kept every day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, get_args

import numpy as np
from numpy.typing import NDArray

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.rebalancing import Rebalancing

MAX_EXPOSURE = 20.0  # times the value; more looks like percents without their sign


@dataclass(frozen=True)
class Portfolio:
    """Weights of assets, as shares of the portfolio's value today.

    A negative weight is a short position. What the weights leave of 1 is cash, or borrowed cash
    where they exceed 1, both without interest.

    Example:
    ```python
    from keras_wgan.market import Portfolio

    portfolio = Portfolio({"SPY": 0.6, "TLT": 0.3})
    assert round(portfolio.cash, 12) == 0.1
    assert str(portfolio) == "SPY 60%, TLT 30%, cash 10%, rebalanced daily"
    ```

    Args:
        weights: A weight for each asset by name; 0.6 is 60%.
        rebalance: `"daily"` buys and sells after each day so that the weights stay; `"never"` buys
            and holds. Defaults to `"daily"`.

    Raises:
        ValueError: If there is no weight but zeros, a weight is not finite, the weights add up to
            over 20 without their signs, or `rebalance` is unknown.
    """

    weights: Mapping[str, float]
    rebalance: Rebalancing = "daily"

    def __post_init__(self) -> None:
        if self.rebalance not in get_args(Rebalancing):
            raise InvalidInputError(
                f"`rebalance` must be one of {', '.join(get_args(Rebalancing))}. "
                f"Received: rebalance={self.rebalance!r}"
            )
        weights = {
            str(name): in_range(f"weights[{name!r}]", weight)
            for name, weight in dict(self.weights).items()
        }
        exposure = sum(map(abs, weights.values()))
        if exposure == 0.0:
            raise InvalidInputError(
                "`weights` must hold a weight other than zero, or there is nothing to lose. "
                f"Received: {dict(self.weights)}"
            )
        if exposure > MAX_EXPOSURE:
            raise InvalidInputError(
                f"`weights` must add up to at most {MAX_EXPOSURE:g} without their signs. Received: "
                f"{exposure:g}. A weight is a share of the value: write 0.6 or 60%, not 60."
            )
        object.__setattr__(self, "weights", weights)

    @classmethod
    def equal(cls, tickers: Sequence[str], rebalance: Rebalancing = "daily") -> Self:
        """Returns the portfolio with the same weight of each asset.

        Args:
            tickers: The names of the assets.
            rebalance: As for `Portfolio`.
        """
        return cls({ticker: 1.0 / len(tickers) for ticker in tickers}, rebalance)

    @property
    def cash(self) -> float:
        """The share that is in no asset; negative where it is borrowed."""
        return 1.0 - math.fsum(self.weights.values())

    def aligned(self, tickers: Sequence[str]) -> NDArray[np.float64]:
        """Returns `(assets,)` weights in the order of `tickers`, zero for those without one.

        Args:
            tickers: The assets of the scenarios.

        Raises:
            ValueError: If an asset of the portfolio is not among them.
        """
        unknown = [name for name in self.weights if name not in tickers]
        if unknown:
            raise InvalidInputError(
                "`weights` must name assets of the scenarios, which are "
                f"{', '.join(tickers)}. Received: {', '.join(unknown)}"
            )
        return np.array([self.weights.get(ticker, 0.0) for ticker in tickers])

    def __str__(self) -> str:
        parts = [f"{name} {_percent(weight)}" for name, weight in self.weights.items() if weight]
        if abs(self.cash) > 1e-9:
            word = "cash" if self.cash > 0.0 else "borrowed cash"
            parts.append(f"{word} {_percent(abs(self.cash))}")
        kept = "rebalanced daily" if self.rebalance == "daily" else "never rebalanced"
        return f"{', '.join(parts)}, {kept}"


def _percent(share: float) -> str:
    return f"{100.0 * share:.4g}%"
