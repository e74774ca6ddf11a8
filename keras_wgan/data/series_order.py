"""The column that orders the rows of a table of series: dates, or a running number."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_dates import is_date, read_dates
from keras_wgan.errors import InvalidInputError

NUMBERED = ("", "index", "row", "timestamp")  # names of columns that number the rows
DATED = ("date", "day", "datetime", "date_time", "time", "timestamp")
_EIGHT_DIGITS = r"(?:19|20)\d{6}"  # 20200131
LOOKED_AT = 20  # cells that tell dates from other text
NO_STEP = pd.Timedelta(0)


@dataclass(frozen=True)
class RowOrder:
    """A column that orders the rows, its first and last value, and how many steps are longer."""

    column: str
    first: str
    last: str
    longer: int = 0  # than the most frequent step
    rows: int = 0

    def describe(self) -> str:
        """Returns a sentence about the column."""
        name = f"The column {self.column!r}" if self.column else "The first column, without a name,"
        found = f"{name} orders the rows, {self.first} to {self.last}, and is not modeled"
        if not self.longer:
            return f"{found}."
        return (
            f"{found}; rows are taken as equally spaced, though {self.longer:,} of the "
            f"{self.rows - 1:,} steps between them exceed the most frequent one."
        )


def order_of(
    column: pd.Series[Any], date_format: str | None, where: Callable[[int], str]
) -> RowOrder | None:
    """Returns what a first column says about the order of the rows; `None` for a series.

    `where` names the place of a row. A column that must order the rows and does not is refused.
    """
    name = str(column.name)
    if _holds_dates(column, date_format):
        return _by_dates(column, name, date_format, where)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    if not np.isfinite(numbers).all() or len(numbers) < 2:
        return None
    steps = np.diff(numbers)
    counts_up = steps[0] > 0 and (steps == steps[0]).all() and (numbers == numbers.round()).all()
    if not counts_up and name.strip().lower() not in NUMBERED:
        return None
    _refuse_disorder(steps <= 0, column, name, where)
    return RowOrder(name, f"{numbers[0]:.15g}", f"{numbers[-1]:.15g}", _longer(steps), len(column))


def _holds_dates(column: pd.Series[Any], date_format: str | None) -> bool:
    if date_format is not None or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    cells = column.iloc[:LOOKED_AT]
    if pd.to_numeric(cells, errors="coerce").notna().all():
        named = str(column.name).strip().lower() in DATED
        return named and bool(column.astype(str).str.fullmatch(_EIGHT_DIGITS).all())
    return 2 * sum(map(is_date, cells)) > len(cells)


def _by_dates(
    column: pd.Series[Any], name: str, date_format: str | None, where: Callable[[int], str]
) -> RowOrder:
    dates = read_dates(column.reset_index(drop=True), date_format)
    unread = np.flatnonzero(dates.stamps.isna())
    if len(unread):
        raise InvalidInputError(
            f"The column {name!r} must hold a date in each row. Received: "
            f"{column.iloc[unread[0]]!r} in {where(int(unread[0]))}. Correct it, or name the form "
            "of the dates with `--date-format`."
        )
    if dates.choices:
        raise InvalidInputError(
            f"The dates of the column {name!r} may be meant as {' or '.join(dates.choices)}. "
            f"Received: {column.iloc[0]!r} in {where(0)}. Name one with `--date-format`."
        )
    steps = dates.stamps.diff().iloc[1:]
    _refuse_disorder((steps <= NO_STEP).to_numpy(), column, name, where)
    first, last = (str(dates.stamps.iloc[at]).removesuffix(" 00:00:00") for at in (0, -1))
    return RowOrder(name, first, last, _longer(steps.to_numpy()), len(column))


def _refuse_disorder(
    falls: Any, column: pd.Series[Any], name: str, where: Callable[[int], str]
) -> None:
    found = np.flatnonzero(falls)
    if len(found):
        row = int(found[0]) + 1
        which = f"column {name!r}" if name else "first column, without a name,"
        raise InvalidInputError(
            f"The {which} must increase from row to row, because rows are in order of "
            f"time. Received: {column.iloc[row]} after {column.iloc[row - 1]}, in {where(row)}. "
            "Sort the rows and keep one of each time."
        )


def _longer(steps: Any) -> int:
    """Returns how many steps are longer than the most frequent one."""
    if not len(steps):
        return 0
    lengths, counts = np.unique(steps, return_counts=True)
    return int(counts[lengths > lengths[counts.argmax()]].sum())
