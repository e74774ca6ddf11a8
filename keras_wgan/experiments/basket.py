"""What a backtest forecasts, one asset or a portfolio, and forecasters through the assets."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import ReturnsData
from keras_wgan.errors import InvalidInputError
from keras_wgan.market import baselines, portfolio_baseline, portfolio_returns
from keras_wgan.market.backtesting.portfolio import ContinuedPortfolio, PortfolioPaths
from keras_wgan.market.baselines.simulator import Baseline, Simulator
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.simulator import PathSimulator

# A bootstrap of whole days of the assets is one of the portfolio's own returns.
JOINT = tuple(name for name in baselines.JOINT_BASELINES if name not in baselines.FORECASTERS)
THROUGH_ASSETS = (*JOINT, baselines.VineCopula.name)  # the last only where it is named


@dataclass(frozen=True, eq=False)
class Basket:
    """The returns of assets, and the portfolio of them that is forecast, if any."""

    returns: pd.DataFrame
    portfolio: Portfolio | None

    @classmethod
    def of(cls, data: ReturnsData, portfolio: Portfolio | None) -> Basket:
        """Refuses several assets without a portfolio."""
        tickers = list(data.facts.tickers)
        if portfolio is None and data.assets > 1:
            raise InvalidInputError(
                "A backtest forecasts one asset, or a portfolio. Received: "
                f"{', '.join(tickers)}. Name one of them with --ticker, or their weights with "
                "--weights, such as --weights equal."
            )
        return cls(data.history.set_axis(tickers, axis=1), portfolio)

    @property
    def tickers(self) -> tuple[str, ...]:
        """The names of the assets."""
        return tuple(self.returns.columns)

    def series(self) -> pd.Series[Any]:
        """Returns the log returns that are forecast, of one asset or of a portfolio."""
        if self.portfolio is None:
            return self.returns.iloc[:, 0]
        return portfolio_returns(self.returns, self.portfolio)

    def baseline(self, name: str) -> Baseline:
        """Returns a baseline of the series, or of the assets as a forecaster of the portfolio."""
        if name not in THROUGH_ASSETS:
            return baselines.get(name)
        if self.portfolio is None:
            raise InvalidInputError(
                f"{name} forecasts a portfolio through its assets. Received: one asset and no "
                "weights. Name several assets with --ticker and their weights with --weights, "
                "such as --weights equal."
            )
        return portfolio_baseline(baselines.get(name), self.returns, self.portfolio)

    def forecaster(self, name: str, market: PathSimulator) -> Simulator:
        """Returns a model of the assets as a forecaster of the portfolio, or of the asset."""
        if self.portfolio is None:
            return market if market.has_state else _Stateless(name, market)
        weights = self.portfolio.aligned(self.tickers)
        if market.has_state:
            return ContinuedPortfolio(name, market, weights, self.returns.to_numpy(np.float64))
        return PortfolioPaths(name, market, weights)


@dataclass(frozen=True, eq=False)
class _Stateless:
    """A run whose network has no state, and so forecasts the same every day."""

    name: str
    market: PathSimulator

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        return self.market.sample(n, days, seed)
