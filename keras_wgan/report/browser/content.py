"""The content of a market in a web page, as its script reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import Frequency, Scaler
from keras_wgan.io.floats import short_floats
from keras_wgan.market.regimes import REGIMES
from keras_wgan.report.export.file_names import file_names

if TYPE_CHECKING:
    from keras_wgan.market.portfolio_volatility import PortfolioVolatility
    from keras_wgan.networks.market_description import GeneratorDescription

YEARS = 5  # the longest paths
MOST_PERIODS = 2000  # of a path; five years of minutes would never end
PAST = 60  # real prices before the paths


@dataclass(frozen=True, eq=False)
class StateToday:
    """The state after the last real price: its volatility in words, and the noise up to it."""

    text: str
    past: NDArray[Any]  # (history, assets)


@dataclass(frozen=True, eq=False)
class BrowserMarket:
    """A simulator that a page carries, and the market that it continues.

    Args:
        generator: The sizes and weights of the generator.
        portfolio: The portfolio whose volatility is that of a state.
        scaler: The scaler from log returns to the scale of the generator.
        history: Real log returns under their dates, a column for each asset; may have no rows.
        last_prices: The last real price of each asset, where paths start.
        first_day: The date of the first return that the generator learned from.
        last_moment: The date of the last price, with its time for minutes.
        frequency: The frequency of the returns.
        horizon: The number of periods of a path at first.
        today: The state after the last price. Defaults to `None`, if it cannot be found.
        shown: The number of the asset that is shown at first. Defaults to `0`.
    """

    generator: GeneratorDescription
    portfolio: PortfolioVolatility
    scaler: Scaler
    history: pd.DataFrame
    last_prices: Sequence[float]
    first_day: str
    last_moment: str
    frequency: Frequency
    horizon: int
    today: StateToday | None = None
    shown: int = 0

    @property
    def tickers(self) -> list[str]:
        """The names of the assets."""
        return [str(name) for name in self.history.columns]

    def to_config(self) -> dict[str, Any]:
        """Returns all that the page's script reads, ready for JSON."""
        frequency, today = self.frequency, self.today
        longest = min(YEARS * frequency.periods_per_year, MOST_PERIODS)
        dates = frequency.dates_after(self.last_moment, max(longest, self.horizon))
        past = [pd.Timestamp(moment) for moment in self.history.index[-PAST:]]
        # The price before the first of the past returns has no date of its own.
        past = [past[0], *past] if past else [pd.Timestamp(self.last_moment)]
        return {
            "generator": self.generator.to_config(),
            "portfolio": {
                "exposures": short_floats(self.portfolio.exposures),
                "covariance": short_floats(self.portfolio.covariance),
                "of_market": short_floats(self.portfolio.of_market),
            },
            "offset": list(self.scaler.offset),
            "scale": list(self.scaler.scale),
            "today": today and {"past": short_floats(today.past), "text": today.text},
            "regimes": {name: list(band) for name, band in REGIMES.items()},
            "assets": self._assets(),
            "shown": self.shown,
            "dates": self._as_text(dates),
            "past_dates": self._as_text(pd.DatetimeIndex(past)),
            "period": frequency.period,
            "periods": frequency.periods,
            "periods_per_year": frequency.periods_per_year,
            "horizon": self.horizon,
        }

    def _assets(self) -> list[dict[str, Any]]:
        recent = self.history.to_numpy(np.float64)[-PAST:]
        # From the last price back to the one before the first of these returns.
        backwards = np.cumsum(np.pad(recent[::-1], ((1, 0), (0, 0))), axis=0)[::-1]
        prices = np.asarray(self.last_prices) * np.exp(-backwards)
        return [
            {"name": name, "file": file, "price": price, "past": short_floats(prices[:, number])}
            for number, (name, file, price) in enumerate(
                zip(self.tickers, file_names(self.tickers), self.last_prices, strict=True)
            )
        ]

    def _as_text(self, dates: pd.DatetimeIndex) -> list[str]:
        has_times = self.frequency.periods_per_day > 1
        return list(dates.strftime("%Y-%m-%d %H:%M" if has_times else "%Y-%m-%d"))
