"""Checks of dates and prices from all sources."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import contextlib
import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_numbers import absent
from keras_wgan.errors import InvalidInputError

# The local time of the exchange counts, so the UTC offset is removed.
_UTC_OFFSET = r"(:\d{2}(?:\.\d+)?)\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$"

_LONGEST_SHOWN = 60  # characters of a cell in a message


def close_series(
    dates: pd.Series[Any], closes: pd.Series[Any], *, where: Callable[[int], str]
) -> pd.Series[float]:
    """Returns checked closes, named "close", from (days,) dates and prices as text or numbers.

    `where` describes the row at a position (from 0) for error messages.
    """
    days = pd.to_datetime(
        dates.astype(str).str.strip().str.replace(_UTC_OFFSET, r"\1", regex=True),
        format="ISO8601",
        errors="coerce",
    )
    prices = numbers_of(closes)
    _refuse(
        days.isna() | ~days.dt.year.between(datetime.MINYEAR, datetime.MAXYEAR),
        lambda row: (
            f"The date in {where(row)} cannot be read: {_shown(dates.iloc[row])!r}. "
            "Write it as 2000-01-31."
        ),
    )
    text = closes.astype(str).str.strip()
    _refuse(
        np.isnan(prices) & ~absent(closes),
        lambda row: f"The price in {where(row)} is not a number: {_shown(text.iloc[row])!r}.",
    )
    _refuse(
        np.isnan(prices),
        lambda row: f"The price in {where(row)} is missing. Fill it in or delete the row.",
    )
    _refuse(
        np.isinf(prices) | (prices <= 0.0),
        lambda row: (
            f"The price in {where(row)} must be above zero and finite, because returns are "
            f"logarithms. Received: {_shown(text.iloc[row])}"
        ),
    )
    steps = days.diff()
    _refuse(
        steps == pd.Timedelta(0),
        lambda row: f"The date {days.iloc[row]:%Y-%m-%d} in {where(row)} is repeated.",
    )
    _refuse(
        steps < pd.Timedelta(0),
        lambda row: (
            f"The date {days.iloc[row]:%Y-%m-%d} in {where(row)} is before the one above it. "
            "Sort the rows by date."
        ),
    )
    return pd.Series(prices, index=pd.DatetimeIndex(days, name="date").as_unit("us"), name="close")


def _refuse(wrong: Any, sentence: Callable[[int], str]) -> None:
    rows = np.flatnonzero(np.asarray(wrong, bool))
    if len(rows):
        raise InvalidInputError(sentence(int(rows[0])))


def _shown(cell: Any) -> str:
    text = str(cell)  # a cell of a damaged file can be as long as the file
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_EXACT = int(pd.__version__.split(".")[0]) >= 3  # pandas 2 may round the last digit

# Arguments of `read_csv`; pandas 3 deprecates the one that pandas 2 needs.
TO_THE_LAST_BIT: dict[str, Any] = (
    {"engine": "python"} if _EXACT else {"float_precision": "round_trip"}
)


def numbers_of(cells: pd.Series[Any]) -> Any:
    """Returns (n,) float64 numbers from text or numbers, NaN where a cell holds neither."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, copy=not _EXACT)
    if not _EXACT:
        for row, cell in enumerate(cells):
            if isinstance(cell, str) and np.isfinite(numbers[row]):
                with contextlib.suppress(ValueError):  # pandas accepts more texts
                    numbers[row] = float(cell)
    return numbers
