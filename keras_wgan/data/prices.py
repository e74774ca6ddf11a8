"""Daily closing prices from Yahoo Finance, from `arch`, or from a file."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from keras_wgan.data.price_checks import close_series
from keras_wgan.data.price_files import read_price_file
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_period import Period
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.yahoo import yahoo_closes
from keras_wgan.errors import InvalidInputError, MissingPackageError

DEFAULT_TICKER = "^GSPC"
SERVICES = ("yahoo", "bundled")  # sources that are not files
BUNDLED = {"^GSPC": "sp500", "^IXIC": "nasdaq"}  # in arch.data, 1999-01-04 to 2018-12-31


def load_prices(
    ticker: str | None = None,
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = "2023-12-31",
    source: str | os.PathLike[str] = "yahoo",
    price_format: PriceFormat | None = None,
) -> pd.Series[float]:
    """Loads the daily closing prices of one ticker.

    Every price is checked: an unreadable, zero or negative price, or a repeated or unordered
    date, raises an error that names its line or date. A warning counts rows without a price.

    Example:
    ```python
    from keras_wgan.data import load_prices

    closes = load_prices(start="2002-05-01", end="2002-07-25", source="bundled")
    assert len(closes) == 60
    ```

    Args:
        ticker: The symbol at Yahoo Finance, or the column of a file that has one for each asset.
            A file of one asset may be called in any way. Defaults to `None`: the S&P 500 index
            `"^GSPC"`, or the only asset of a file.
        start: The first day, or `None` for the oldest. Defaults to `"2000-01-01"`.
        end: The last day, inclusive, or `None` for the newest. Defaults to `"2023-12-31"`.
        source: `"yahoo"` downloads closes adjusted for splits and dividends, and caches them in
            `KERAS_WGAN_CACHE` if `end` is in the past. `"bundled"` reads the S&P 500 (`"^GSPC"`) or
            the Nasdaq Composite (`"^IXIC"`) of 1999 to 2018 from `arch`, without a network.
            Otherwise it is the path of a file of prices: text (`.csv`, `.txt` and others, also
            compressed), Excel or Parquet, in the forms of many vendors. Of its columns, the
            ticker's own is read, or else adjusted closes, or closes. Defaults to `"yahoo"`.
        price_format: How a file is written, where it does not show it. Defaults to `None`.

    Returns:
        Closes in the currency of the ticker, (days,) float64, named "close", under a sorted
        index of dates without time zone, named "date".

    Raises:
        ValueError: If an argument or a price is invalid, or there is no price in the period.
        FileNotFoundError: If there is no such file.
        ConnectionError: If Yahoo Finance could not be reached.
        ImportError: If the package that reads the source is not installed.

    Reference:
        [yfinance](https://ranaroussi.github.io/yfinance/);
        [arch](https://arch.readthedocs.io/).
    """
    names = None if ticker is None else (ticker,)
    table = read_prices(source, names, start, end, price_format or PriceFormat())
    for sentence in table.lost:
        warnings.warn(sentence, stacklevel=2)
    return table.prices.iloc[:, 0].rename("close")


def read_prices(
    source: str | os.PathLike[str],
    tickers: tuple[str, ...] | None,
    start: str | datetime.date | None,
    end: str | datetime.date | None,
    price_format: PriceFormat,
) -> PriceTable:
    """Reads the prices of a period as the source holds them; None is the default or only asset."""
    period = Period.of(start, end)
    if source not in SERVICES:
        return read_price_file(Path(source), tickers, period, price_format)
    names = tickers or (DEFAULT_TICKER,)
    closes = {
        name: yahoo_closes(name, period.first, period.last)
        if source == "yahoo"
        else _bundled_closes(name)
        for name in names
    }
    prices = pd.concat(closes, axis=1, join="outer").sort_index()
    inside = period.holds(prices.index)
    if not inside.any():
        raise period.none_of(prices.index, str(source))
    adjusted = True if source == "yahoo" else None
    return PriceTable(prices[inside], str(source), ("Close",) * len(names), adjusted)


def _bundled_closes(ticker: str) -> pd.Series[float]:
    if ticker not in BUNDLED:
        raise InvalidInputError(
            f'`source="bundled"` holds only `ticker` {" and ".join(BUNDLED)}. Received: '
            f'ticker={ticker!r}. Use `source="yahoo"` or the path of a file.'
        )
    try:
        from arch.data import nasdaq, sp500
    except ImportError as error:
        raise MissingPackageError('`source="bundled"` needs arch: pip install arch') from error
    table = {"sp500": sp500, "nasdaq": nasdaq}[BUNDLED[ticker]].load().reset_index()
    return close_series(
        table["Date"],
        table["Close"],
        where=lambda row: f"row {row + 1} of arch.data.{BUNDLED[ticker]}",
    )


def load_price_table(
    tickers: Sequence[str] | None,
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = "2023-12-31",
    source: str | os.PathLike[str] = "yahoo",
    price_format: PriceFormat | None = None,
) -> pd.DataFrame:
    """Loads the daily closing prices of one or several assets on their common days.

    Each asset is loaded and checked as by `load_prices`. Days on which an asset has no price are
    left out; a warning gives their number between the first and the last common day.

    Example:
    ```python
    from keras_wgan.data import load_price_table

    closes = load_price_table(
        ["^GSPC", "^IXIC"], start="2002-05-01", end="2002-07-25", source="bundled"
    )
    assert closes.shape == (60, 2)
    ```

    Args:
        tickers: Different symbols at Yahoo Finance, or columns of a file, in any case. `None` is
            the S&P 500 index, or the only asset of a file, named after the file.
        start: The first day, or `None` for the oldest. Defaults to `"2000-01-01"`.
        end: The last day, inclusive, or `None` for the newest. Defaults to `"2023-12-31"`.
        source: `"yahoo"`, `"bundled"`, or the path of a file with a column of prices for each
            ticker, or with a column that names the ticker of each row; empty cells are days
            without a price. Defaults to `"yahoo"`.
        price_format: How a file is written, where it does not show it. Defaults to `None`.

    Returns:
        Closes, (days, assets) float64, a column for each ticker, under a sorted index of dates
        without time zone, named "date".

    Raises:
        ValueError: If an argument or a price is invalid, a ticker is repeated, or there is no
            common day.
        FileNotFoundError: If there is no such file.
        ConnectionError: If Yahoo Finance could not be reached.
        ImportError: If the package that reads the source is not installed.
    """
    names = None if tickers is None else tuple(ticker.strip() for ticker in tickers)
    if names is not None and (
        not names or not all(names) or len(set(map(str.lower, names))) < len(names)
    ):
        raise InvalidInputError(
            "`tickers` must name each asset once. "
            f"Received: tickers={list(tickers or ())}. Write them as ^GSPC,^IXIC."
        )
    table = read_prices(source, names, start, end, price_format or PriceFormat())
    for sentence in table.lost:
        warnings.warn(sentence, stacklevel=2)
    every_day = table.prices
    shared = every_day.dropna()
    if shared.empty:
        spans = ", ".join(
            f"{name} {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
            for name, days in _days_with_prices(every_day).items()
        )
        raise InvalidInputError(f"There is no day on which all of `tickers` have a price: {spans}.")
    # Days before the first price of the youngest asset are not counted.
    dropped = len(every_day.loc[shared.index[0] : shared.index[-1]]) - len(shared)
    if dropped:
        warnings.warn(
            f"{dropped} of {len(shared) + dropped} days were left out, because not all of "
            f"{', '.join(every_day.columns)} have a price on these days.",
            stacklevel=2,
        )
    if shared.index[0] > every_day.index[0]:
        first_days = {name: days[0] for name, days in _days_with_prices(every_day).items()}
        late = max(first_days, key=lambda name: first_days[name])
        warnings.warn(
            f"The prices begin on {shared.index[0]:%Y-%m-%d}, the first day of {late}.",
            stacklevel=2,
        )
    return shared


def _days_with_prices(prices: pd.DataFrame) -> dict[str, pd.DatetimeIndex]:
    days = pd.DatetimeIndex(prices.index)
    return {str(name): days[column.notna()] for name, column in prices.items()}
