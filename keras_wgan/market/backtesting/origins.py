"""The days from which a backtest forecasts, and the returns before and after them."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.backtesting.settings import BacktestSettings, BacktestSpan
from keras_wgan.market.baselines.fitted import as_history


@dataclass(frozen=True, eq=False)
class Origins:
    """The origins of forecasts in one series of returns.

    Args:
        returns: `(days,)` log returns up to the last one that is forecast.
        dates: Their dates.
        fitted: The number of returns that forecasters are fitted to.
        starts: `(forecasts,)` number of returns that each forecast has seen.
        longest: Days that each forecast looks ahead.
    """

    returns: NDArray[np.float64]
    dates: pd.DatetimeIndex
    fitted: int
    starts: NDArray[np.int64]
    longest: int

    @property
    def history(self) -> NDArray[np.float64]:
        """The returns that forecasters are fitted to."""
        return self.returns[: self.fitted]

    @property
    def futures(self) -> NDArray[np.float64]:
        """`(forecasts, longest)` returns that followed."""
        ahead = self.starts[:, np.newaxis] + np.arange(self.longest)
        return np.asarray(self.returns[ahead])

    def day(self, place: int) -> str:
        """Returns the date of a return, `"YYYY-MM-DD"`."""
        return f"{self.dates[place]:%Y-%m-%d}"


def forecast_origins(
    returns: pd.Series[Any], span: BacktestSpan, settings: BacktestSettings
) -> Origins:
    """Returns the origins of a backtest: the first test day is the first day forecast."""
    if not isinstance(returns, pd.Series) or not isinstance(returns.index, pd.DatetimeIndex):
        raise InvalidInputError(
            "`returns` must be a pandas Series with an index of dates. "
            f"Received: {type(returns).__name__}. Use log_returns(load_prices(...))."
        )
    day = returns.index.tz_localize(None).normalize()
    if not day.is_monotonic_increasing:
        raise InvalidInputError(
            "`returns` must be in chronological order. "
            "Received: dates out of order. Use returns.sort_index()."
        )
    until = span.last_test_day
    end = len(day) if until is None else int(day.searchsorted(until, side="right"))
    fitted = int(day.searchsorted(span.last_fit_day, side="right"))
    first = int(day.searchsorted(span.first_test_day))
    longest = settings.longest
    starts = np.arange(first, end - longest + 1, settings.every)
    if not fitted or not len(starts):
        held = f"{day[0]:%Y-%m-%d} to {day[-1]:%Y-%m-%d}" if len(day) else "no days"
        raise InvalidInputError(
            f"`returns` must have days up to {span.fit_until} to fit, and at least {longest} from "
            f"{span.test_from} to {span.test_until or 'the end'} to forecast. Received: {held}. "
            "Load a longer history, or move `fit_until`, `test_from` and `test_until`."
        )
    values = returns.to_numpy(np.float64)[:end]
    as_history(values)  # refuses gaps and constant columns
    as_history(values[:fitted])
    return Origins(values, day[:end], fitted, starts, longest)
