"""A portfolio as one series of returns, and simulators of its assets as its forecasters."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.risk.portfolio import Portfolio

Array = NDArray[np.float64]


class AssetSimulator(Protocol):
    """A simulator of several assets, such as a `PathSimulator`."""

    def sample(self, n: int, days: int, seed: int) -> Array:
        """Returns `(n, days, assets)` daily log returns."""

    def sample_after_each(
        self, returns: ArrayLike, starts: Sequence[int], n: int, days: int, seeds: Sequence[int]
    ) -> Iterator[Array]:
        """Yields paths that follow the first `start` of observed returns, for each start."""


def portfolio_returns(returns: pd.DataFrame, portfolio: Portfolio) -> pd.Series[Any]:
    """Returns the log returns of a portfolio whose weights are kept every day.

    Example:
    ```python
    import numpy as np
    import pandas as pd
    from keras_wgan.market import Portfolio, portfolio_returns

    days = pd.bdate_range("2024-01-01", periods=2)
    returns = pd.DataFrame({"A": [0.01, 0.0], "B": [-0.01, 0.0]}, index=days)
    found = portfolio_returns(returns, Portfolio({"A": 0.5, "B": 0.5}))
    # Simple returns are weighted, not log returns, which would give zero.
    assert np.isclose(np.expm1(found.iloc[0]), (np.expm1(0.01) + np.expm1(-0.01)) / 2)
    ```

    Args:
        returns: Daily log returns of the assets under their dates, a column for each.
        portfolio: The weights by the names of columns, in any order.

    Returns:
        A Series of log returns under the same dates.

    Raises:
        ValueError: If the portfolio names another asset, is not rebalanced daily, or loses
            everything on a day.
    """
    if portfolio.rebalance != "daily":
        raise InvalidInputError(
            "A backtest needs the same portfolio on every day: rebalanced daily. Received: "
            f"rebalance={portfolio.rebalance!r}"
        )
    weights = portfolio.aligned([str(name) for name in returns.columns])
    values = in_portfolio(returns.to_numpy(np.float64), weights)
    if not np.isfinite(values).all():
        day = returns.index[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise InvalidInputError(
            f"`weights` must leave something of the portfolio. Received: {portfolio}, which loses "
            f"everything on {day:%Y-%m-%d}"
        )
    return pd.Series(values, returns.index, name="portfolio")


@dataclass(frozen=True, eq=False)
class PortfolioPaths:
    """The paths of a portfolio, from a simulator of its assets without a state.

    Args:
        name: The name in tables and plots.
        assets: The simulator.
        weights: `(assets,)` weights that are kept every day.
    """

    name: str
    assets: AssetSimulator
    weights: Array

    def sample(self, n: int, days: int, seed: int) -> Array:
        """Returns `(n, days)` log returns of the portfolio."""
        return in_portfolio(with_asset_axis(self.assets.sample(n, days, seed)), self.weights)


@dataclass(frozen=True, eq=False)
class ContinuedPortfolio(PortfolioPaths):
    """The paths of a portfolio after what its assets did.

    A backtest shows its forecasters the portfolio's returns alone; those of the assets on the same
    days are kept here.

    Args:
        observed: `(days, assets)` log returns of all days.
    """

    observed: Array

    def sample_after_each(
        self, returns: Array, starts: Sequence[int], n: int, days: int, seeds: Sequence[int]
    ) -> Iterator[Array]:
        """Yields `(n, days)` paths that follow the first `start` days, for each start."""
        seen = self.observed[: len(returns)]
        for paths in self.assets.sample_after_each(seen, starts, n, days, seeds):
            yield in_portfolio(with_asset_axis(paths), self.weights)


def in_portfolio(log_returns: Array, weights: Array) -> Array:
    """Returns `(..., days)` log returns; minus infinity on a day that loses everything."""
    simple = np.expm1(log_returns) @ weights
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(np.maximum(simple, -1.0)))


def with_asset_axis(paths: Array) -> Array:
    """Returns `(n, days, assets)` paths, also of one asset."""
    return paths[..., np.newaxis] if paths.ndim == 2 else paths
