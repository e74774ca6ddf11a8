"""Daily closing prices from Yahoo Finance, from `arch`, or from a file."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from keras_wgan.data.price_checks import close_series
from keras_wgan.data.price_files import read_price_file
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_judgment import PriceReading, judged, prices_of_all
from keras_wgan.data.price_period import Period
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.questions import accepted
from keras_wgan.data.yahoo import yahoo_closes
from keras_wgan.errors import InvalidInputError, MissingPackageError

DEFAULT_TICKER = "^GSPC"
SERVICES = ("yahoo", "bundled")  # sources that are not files
BUNDLED = {"^GSPC": "sp500", "^IXIC": "nasdaq"}  # in arch.data, 1999-01-04 to 2018-12-31


def load_prices(
    ticker: str | None = None,
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = None,
    source: str | os.PathLike[str] = "yahoo",
    price_format: PriceFormat | None = None,
    accept: Iterable[str] = (),
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
        end: The last day, inclusive. Defaults to `None`: yesterday for `"yahoo"`, whose price of
            today is not final, and else the newest.
        source: `"yahoo"` downloads closes adjusted for splits and dividends, and caches them in
            `KERAS_WGAN_CACHE` if `end` is in the past. `"bundled"` reads the S&P 500 (`"^GSPC"`) or
            the Nasdaq Composite (`"^IXIC"`) of 1999 to 2018 from `arch`, without a network.
            Otherwise it is the path of a file of prices: text (`.csv`, `.txt` and others, also
            compressed), Excel or Parquet, in the forms of many vendors. Of its columns, the
            ticker's own is read, or else adjusted closes, or closes. Defaults to `"yahoo"`.
        price_format: How a file is written, where it does not show it. Defaults to `None`.
        accept: Kinds of unlikely findings to accept, of those in [](data.md): `"jumps"`, `"holes"`,
            `"stale"`, `"duplicates"`, `"future"` and `"lost-days"`. Defaults to none.

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
    reading = inspect_prices(names, start, end, source, price_format, accept)
    _warn_of_dropped(reading)
    return reading.prices.iloc[:, 0].rename("close")


def read_prices(
    source: str | os.PathLike[str],
    tickers: tuple[str, ...] | None,
    start: str | datetime.date | None,
    end: str | datetime.date | None,
    price_format: PriceFormat,
) -> PriceTable:
    """Reads the prices of a period as the source holds them; None is the default or only asset."""
    if source == "yahoo" and end is None:
        end = yesterday()
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
    end: str | datetime.date | None = None,
    source: str | os.PathLike[str] = "yahoo",
    price_format: PriceFormat | None = None,
    accept: Iterable[str] = (),
) -> pd.DataFrame:
    """Loads the daily closing prices of one or several assets on their common days.

    Each asset is loaded and checked as by `load_prices`. Days on which an asset has no price are
    left out, and a warning says how many by which asset; over 5% of them are refused.

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
        end: The last day, inclusive. Defaults to `None`: yesterday for `"yahoo"`, else the newest.
        source: `"yahoo"`, `"bundled"`, or the path of a file with a column of prices for each
            ticker, or with a column that names the ticker of each row; empty cells are days
            without a price. Defaults to `"yahoo"`.
        price_format: How a file is written, where it does not show it. Defaults to `None`.
        accept: Kinds of unlikely findings to accept, as for `load_prices`. Defaults to none.

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
    reading = inspect_prices(tickers, start, end, source, price_format, accept)
    prices, lost = prices_of_all(reading, accepted(accept))
    _warn_of_dropped(reading, lost)
    return prices


def inspect_prices(
    tickers: Sequence[str] | None = None,
    start: str | datetime.date | None = None,
    end: str | datetime.date | None = None,
    source: str | os.PathLike[str] = "yahoo",
    price_format: PriceFormat | None = None,
    accept: Iterable[str] = (),
) -> PriceReading:
    """Loads prices with what was found in reading them: frequency, columns, and what was dropped.

    Assets may begin on different days: their missing pasts are in `PriceReading.whole`, as NaN.

    Example:
    ```python
    from keras_wgan.data import inspect_prices

    reading = inspect_prices(["^GSPC"], start="2018-01-01", source="bundled")
    assert reading.frequency.name == "business days"
    assert "largest move +5.0% on 2018-12-26" in reading.describe()
    ```

    Args:
        tickers: As for `load_price_table`. Defaults to `None`.
        start: The first day. Defaults to `None`, the oldest.
        end: The last day, inclusive. Defaults to `None`: yesterday for `"yahoo"`, else the newest.
        source: As for `load_price_table`. Defaults to `"yahoo"`.
        price_format: How a file is written. Defaults to `None`, what the file shows.
        accept: Kinds of unlikely findings to accept, as for `load_prices`. Defaults to none.

    Returns:
        The prices and what was found.

    Raises:
        ValueError: As `load_price_table`.
    """
    names = None if tickers is None else tuple(ticker.strip() for ticker in tickers)
    unnamed = names is not None and len(names) != 1 and not (names and all(names))
    if unnamed or len(set(map(str.lower, names or ()))) < len(names or ()):
        raise InvalidInputError(
            "`tickers` must name each asset once. "
            f"Received: tickers={list(tickers or ())}. Write them as ^GSPC,^IXIC."
        )
    questions = accepted(accept)
    table = read_prices(source, names, start, end, price_format or PriceFormat())
    return judged(table, questions)


def yesterday() -> datetime.date:
    """Returns the last day that is over everywhere west of Greenwich."""
    return (pd.Timestamp.now("UTC") - pd.Timedelta(days=1)).date()


def _warn_of_dropped(reading: PriceReading, more: tuple[str, ...] = ()) -> None:
    for loss in (*reading.dropped, *more):
        warnings.warn(f"{reading.source}, dropped: {loss}.", stacklevel=3)
