"""Daily closing prices from Yahoo Finance, from `arch`, or from a file."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from keras_wgan.data.price_checks import close_series
from keras_wgan.data.price_files import read_price_column, read_price_file
from keras_wgan.data.yahoo import yahoo_closes
from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.dates import day_of

BUNDLED = {"^GSPC": "sp500", "^IXIC": "nasdaq"}  # of arch.data, from 1999-01-04 to 2018-12-31


def load_prices(
    ticker: str = "^GSPC",
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = "2023-12-31",
    source: str | os.PathLike[str] = "yahoo",
) -> pd.Series[float]:
    """Loads the daily closing prices of one ticker.

    Every price is checked once, here: a missing, zero, negative or unreadable one, or a date
    that comes twice or out of order, is an error that names its line or date.

    Example:
    ```python
    from keras_wgan.data import load_prices

    closes = load_prices(start="2002-05-01", end="2002-07-25", source="bundled")
    assert len(closes) == 60
    assert closes.index[0].isoformat() == "2002-05-01T00:00:00"
    ```

    Args:
        ticker: Yahoo Finance's symbol. A file with a price column is read as it is, whatever the
            ticker; in one with a column for each asset it is the column. Defaults to `"^GSPC"`,
            the S&P 500 index.
        start: The first day, as `"2000-01-01"`, or `None` for all there is. Defaults to
            `"2000-01-01"`.
        end: The last day, itself included, or `None` for all there is. Defaults to
            `"2023-12-31"`.
        source: `"yahoo"` downloads closes adjusted for splits and dividends and keeps them in
            the cache folder (`KERAS_WGAN_CACHE`) once `end` has passed. `"bundled"` is the
            S&P 500 (`"^GSPC"`) or the Nasdaq Composite (`"^IXIC"`) of 1999 to 2018, which ship
            with `arch`; it needs no network. Anything else is the path of a `.csv` or `.parquet`
            file with one column (or the index) named Date, Datetime or Timestamp in the order
            year-month-day, and one named Close, Adj Close or Price, in any case, or as the
            ticker. Defaults to `"yahoo"`.

    Returns:
        Closes in the currency of the ticker, (days,) float64, named "close", under a sorted
        index of dates without time zone, named "date".

    Raises:
        ValueError: If an argument or a price is wrong, or no price lies between the dates.
        FileNotFoundError: If there is no such file.
        ConnectionError: If Yahoo Finance could not be reached.
        ImportError: If the package that reads the source is not installed.

    Reference:
        [yfinance](https://ranaroussi.github.io/yfinance/);
        [arch](https://arch.readthedocs.io/).
    """
    first, last = span_of(start, end)
    if source == "yahoo":
        closes = yahoo_closes(ticker, first, last)
    elif source == "bundled":
        closes = _bundled_closes(ticker)
    else:
        closes = read_price_file(Path(source), ticker)
    return between(closes, first, last, source)


def span_of(
    start: str | datetime.date | None, end: str | datetime.date | None
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Returns the first and the last day that are asked for; refuses them in the wrong order."""
    first, last = _day("start", start), _day("end", end)
    if first is not None and last is not None and first > last:
        raise InvalidInputError(
            f"`start` must not lie after `end`. Received: start={start!r}, end={end!r}"
        )
    return first, last


def _day(argument: str, value: str | datetime.date | None) -> pd.Timestamp | None:
    if value is None:
        return None
    return day_of(argument, value, 'a day such as "2000-01-01", or None')


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


def between(
    closes: pd.Series[float],
    first: pd.Timestamp | None,
    last: pd.Timestamp | None,
    source: str | os.PathLike[str],
) -> pd.Series[float]:
    """Returns the closes from the first to the last day, both themselves included."""
    # A price of 16:00 on the last day belongs to it.
    days = pd.DatetimeIndex(closes.index).normalize()
    inside = pd.Series(True, index=closes.index)
    if first is not None:
        inside &= days >= first
    if last is not None:
        inside &= days <= last
    if not inside.any():
        raise InvalidInputError(
            f"There is no price from `start` to `end`: {str(source)!r} holds {days[0]:%Y-%m-%d} "
            f"to {days[-1]:%Y-%m-%d}. Received: start={_shown(first)}, end={_shown(last)}"
        )
    return closes[inside]


def _shown(day: pd.Timestamp | None) -> str:
    return "None" if day is None else f"{day:%Y-%m-%d}"


def load_price_table(
    tickers: Sequence[str],
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = "2023-12-31",
    source: str | os.PathLike[str] = "yahoo",
) -> pd.DataFrame:
    """Loads the daily closing prices of one or several assets, on the days that all of them have.

    Each asset is read and checked as by `load_prices`. A day on which one asset has no price is
    left out for all, and a warning counts such days between the first and the last shared day.

    Example:
    ```python
    from keras_wgan.data import load_price_table

    closes = load_price_table(
        ["^GSPC", "^IXIC"], start="2002-05-01", end="2002-07-25", source="bundled"
    )
    assert closes.shape == (60, 2)
    assert list(closes.columns) == ["^GSPC", "^IXIC"]
    ```

    Args:
        tickers: Yahoo Finance's symbols, or the columns of a file, in any case; each once.
        start: The first day, as `"2000-01-01"`, or `None` for all there is. Defaults to
            `"2000-01-01"`.
        end: The last day, itself included, or `None` for all there is. Defaults to
            `"2023-12-31"`.
        source: `"yahoo"`, `"bundled"`, or the path of a `.csv` or `.parquet` file with a column of
            dates and one of prices for each ticker, named as the ticker is. Empty cells are days
            without a price. Defaults to `"yahoo"`.

    Returns:
        Closes, (days, assets) float64, a column for each ticker, under a sorted index of dates
        without time zone, named "date".

    Raises:
        ValueError: If an argument or a price is wrong, a ticker comes twice, or no day is shared.
        FileNotFoundError: If there is no such file.
        ConnectionError: If Yahoo Finance could not be reached.
        ImportError: If the package that reads the source is not installed.
    """
    names = [ticker.strip() for ticker in tickers]
    if not names or not all(names) or len(set(map(str.lower, names))) < len(names):
        raise InvalidInputError(
            "`tickers` must name each asset once. "
            f"Received: tickers={list(tickers)}. Write them as ^GSPC,^IXIC."
        )
    first, last = span_of(start, end)
    if source in ("yahoo", "bundled") or len(names) == 1:
        columns = {name: load_prices(name, start, end, source) for name in names}
    else:
        columns = {
            name: between(read_price_column(Path(source), name), first, last, source)
            for name in names
        }
    every_day = pd.concat(columns, axis=1, join="outer").sort_index()
    shared = every_day.dropna()
    if shared.empty:
        spans = ", ".join(
            f"{name} {closes.index[0]:%Y-%m-%d} to {closes.index[-1]:%Y-%m-%d}"
            for name, closes in columns.items()
        )
        raise InvalidInputError(f"There is no day on which all of `tickers` have a price: {spans}.")
    # Days before the youngest asset was listed are not counted.
    dropped = len(every_day.loc[shared.index[0] : shared.index[-1]]) - len(shared)
    if dropped:
        warnings.warn(
            f"{dropped} of {len(shared) + dropped} days were left out, because not all of "
            f"{', '.join(names)} have a price on them.",
            stacklevel=2,
        )
    if shared.index[0] > min(closes.index[0] for closes in columns.values()):
        late = max(columns, key=lambda name: columns[name].index[0])
        warnings.warn(
            f"The prices begin on {shared.index[0]:%Y-%m-%d}, the first day of {late}.",
            stacklevel=2,
        )
    return shared
