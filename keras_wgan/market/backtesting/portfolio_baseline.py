"""Baselines of several assets as forecasters of a portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.backtesting.portfolio import (
    in_portfolio,
    portfolio_returns,
    with_asset_axis,
)
from keras_wgan.market.baselines.simulator import Baseline, StatefulSimulator
from keras_wgan.market.risk.portfolio import Portfolio

Array = NDArray[np.float64]


def portfolio_baseline(
    baseline: Baseline, returns: pd.DataFrame, portfolio: Portfolio
) -> PortfolioBaseline:
    """Makes a baseline of several assets a forecaster of their portfolio.

    A backtest shows its forecasters the portfolio's own returns. Whoever forecasts through the
    assets is fitted to their returns on the same days, and continues those.

    Example:
    ```python
    from keras_wgan.data import load_price_table, log_returns
    from keras_wgan.market import BacktestSettings, BacktestSpan, Portfolio, backtest
    from keras_wgan.market import baselines, portfolio_baseline, portfolio_returns

    prices = load_price_table(["^GSPC", "^IXIC"], "2014-01-01", "2018-12-31", "bundled")
    returns, portfolio = log_returns(prices), Portfolio({"^GSPC": 0.6, "^IXIC": 0.4})
    found = backtest(
        portfolio_returns(returns, portfolio),
        [portfolio_baseline(baselines.get("joint FHS-GJR"), returns, portfolio)],
        BacktestSpan("2017-06-30", "2018-01-01"),
        BacktestSettings(every=60, paths=100),
    )
    assert list(found.scores) == ["joint FHS-GJR"]
    ```

    Args:
        baseline: A baseline of several assets; the backtest fits it.
        returns: Daily log returns of the assets under their dates, from the first day of the
            backtest on.
        portfolio: The weights, which are kept every day.

    Returns:
        A `Baseline` of the portfolio, with a state if `baseline` has one.

    Raises:
        ValueError: If the portfolio names another asset, or is not rebalanced daily.
    """
    own = portfolio_returns(returns, portfolio).to_numpy(np.float64)
    weights = portfolio.aligned([str(name) for name in returns.columns])
    kind = StatefulPortfolio if isinstance(baseline, StatefulSimulator) else PortfolioBaseline
    return kind(baseline, weights, returns.to_numpy(np.float64), own)


@dataclass(frozen=True, eq=False)
class PortfolioBaseline:
    """A baseline of several assets, as a baseline of their portfolio.

    Args:
        assets: The baseline of the assets.
        weights: `(assets,)` weights that are kept every day.
        observed: `(days, assets)` log returns of the assets.
        own: `(days,)` log returns of the portfolio on the same days.
    """

    assets: Baseline
    weights: Array
    observed: Array
    own: Array

    @property
    def name(self) -> str:
        """The name of the baseline."""
        return self.assets.name

    def fit(self, returns: ArrayLike) -> Self:
        """Fits the baseline to the assets' returns on the days of the portfolio's."""
        self.assets.fit(self._seen(returns))
        return self

    def describe(self) -> dict[str, float]:
        """Returns what the fit found."""
        return self.assets.describe()

    def sample(self, n: int, days: int, seed: int) -> Array:
        """Returns `(n, days)` log returns of the portfolio."""
        return in_portfolio(with_asset_axis(self.assets.sample(n, days, seed)), self.weights)

    def _seen(self, returns: ArrayLike) -> Array:
        """Returns the returns of the assets on the days of the portfolio's."""
        past = np.asarray(returns, np.float64)
        if past.ndim != 1 or not np.array_equal(past, self.own[: len(past)]):
            raise InvalidInputError(
                f"{self.name} forecasts a portfolio through its assets, so `returns` must be that "
                "portfolio's from the first day of the assets' returns on. Received: "
                f"returns.shape={past.shape}, of other days or of another portfolio. Use "
                "portfolio_returns(returns, portfolio) of the same table and weights."
            )
        return self.observed[: len(past)]


class StatefulPortfolio(PortfolioBaseline):
    """A baseline of several assets that continues what they did, as one of their portfolio."""

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> Array:
        """Returns `(n, days)` log returns that follow the portfolio's, from the assets' states."""
        assert isinstance(self.assets, StatefulSimulator)
        paths = self.assets.sample_after(self._seen(returns), n, days, seed)
        return in_portfolio(with_asset_axis(paths), self.weights)
