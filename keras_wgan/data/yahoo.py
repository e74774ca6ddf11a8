"""Closes from Yahoo Finance, cached for past days."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
import logging.handlers
import reprlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from keras_wgan.data.price_checks import close_series
from keras_wgan.data.price_files import parse_price_csv
from keras_wgan.errors import InvalidInputError, MissingPackageError, ServiceError
from keras_wgan.io.files import cache_folder, read_sealed, write_sealed

_OFFLINE = (
    'Without a network use `source="bundled"` (S&P 500, 1999 to 2018) or the path of a .csv or '
    ".parquet file."
)
LONGEST_TICKER = 32  # characters, up to three times as many in the name of a cache file
# yfinance logs failures instead of raising them; these words indicate the network.
_NETWORK_WORDS = ("resolve", "connect", "curl", "timed out", "timeout", "proxy", "too many")


def yahoo_closes(
    ticker: str, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> pd.Series[float]:
    """Returns adjusted closes from the cache, or downloads them; None is the oldest or newest day.

    Closes are cached only if the last day has passed, because later ones are incomplete.
    """
    unfit = any(character.isspace() or character == "," for character in ticker)
    if not 0 < len(ticker) <= LONGEST_TICKER or unfit:
        raise InvalidInputError(
            f"`ticker` must be one symbol. Received: ticker={reprlib.repr(ticker)}"
        )
    if last is None or last >= pd.Timestamp.now("UTC").tz_localize(None).normalize():
        return _download(ticker, first, last)
    cache = _cache_file(ticker, first, last)
    text = read_sealed(cache)
    if text is not None:
        return parse_price_csv(text, cache).prices.iloc[:, 0].rename("close")
    closes = _download(ticker, first, last)
    try:
        write_sealed(cache, closes.to_csv())
    except OSError as error:  # a full or read-only disk must not lose the download
        warnings.warn(f"The prices could not be cached in {cache}: {error}", stacklevel=3)
    return closes


def _cache_file(ticker: str, first: pd.Timestamp | None, last: pd.Timestamp | None) -> Path:
    span = "_".join("all" if day is None else f"{day:%Y-%m-%d}" for day in (first, last))
    name = quote(ticker.upper(), safe="")  # no ticker leads out of the folder
    return cache_folder() / "yahoo" / f"{name}_{span}.csv"


def _download(
    ticker: str, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> pd.Series[float]:
    try:
        import yfinance
    except ImportError as error:
        raise MissingPackageError(
            '`source="yahoo"` needs yfinance: pip install yfinance'
        ) from error
    until = None
    if last is not None and last.date() < datetime.date.max:  # Yahoo excludes the end date
        until = f"{last + datetime.timedelta(days=1):%Y-%m-%d}"
    with _log_of("yfinance") as records:
        try:
            table = yfinance.download(
                ticker,
                start=None if first is None else f"{first:%Y-%m-%d}",
                end=until,
                period="max" if first is None else None,  # one month by default
                auto_adjust=True,
                progress=False,
                threads=False,
                multi_level_index=False,
            )
        except Exception as error:  # its network libraries share no error class
            raise ServiceError(
                f"Yahoo Finance could not be reached for {ticker!r}: {error}. {_OFFLINE}"
            ) from error
    if table is None or table.empty:
        raise _no_prices(ticker, records)
    return _closes_of(table, ticker)


@contextmanager
def _log_of(logger_name: str) -> Iterator[list[logging.LogRecord]]:
    handler = logging.handlers.BufferingHandler(capacity=1000)
    handler.setLevel(logging.WARNING)
    logger = logging.getLogger(logger_name)
    logger.addHandler(handler)
    try:
        yield handler.buffer
    finally:
        logger.removeHandler(handler)


def _no_prices(ticker: str, records: list[logging.LogRecord]) -> Exception:
    messages = [" ".join(record.getMessage().split()) for record in records]
    reason = f" Message of yfinance: {messages[-1]}" if messages else ""
    if any(word in " ".join(messages).lower() for word in _NETWORK_WORDS):
        return ServiceError(f"Yahoo Finance could not be reached. {_OFFLINE}{reason}")
    return InvalidInputError(
        "Yahoo Finance returned no prices. Check `ticker`, `start`, `end` and the network. "
        f"Received: ticker={ticker!r}. {_OFFLINE}{reason}"
    )


def _closes_of(table: pd.DataFrame, ticker: str) -> pd.Series[float]:
    if table.columns.nlevels > 1:  # older releases name the ticker in a second level
        table = table.droplevel(list(range(1, table.columns.nlevels)), axis=1)
    if "Close" not in table.columns:
        raise InvalidInputError(
            f"Yahoo Finance's answer for {ticker!r} has no column Close. "
            f"Its columns are: {', '.join(map(str, table.columns))}."
        )
    dates = table.index.to_series()
    return close_series(
        dates,
        table["Close"],
        where=lambda row: f"{dates.iloc[row]:%Y-%m-%d} of Yahoo Finance's answer for {ticker!r}",
    )
