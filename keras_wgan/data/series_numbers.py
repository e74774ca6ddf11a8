"""The numbers in a column of a table of series, and those far from all others."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import re
from collections.abc import Callable
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.price_date_forms import TIME
from keras_wgan.data.price_dates import is_date
from keras_wgan.data.price_numbers import is_number
from keras_wgan.errors import InvalidInputError

Where = Callable[[int], str]  # the place of a row, from 0, in words
Array = NDArray[np.float64]

MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?")
FAR = 20.0  # interquartile ranges from the median
_INFINITE = re.compile(r"[-+]?inf(?:inity)?", re.IGNORECASE)
# With a decimal comma: a point stands only before groups of three digits.
_COMMA = r"[-+]?(?:(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d*)?|,\d+)(?:[eE][-+]?\d+)?"
_GROUPED = r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+"
_LONG = r"[-+]?\d{4,}(?:,\d*)?"


def numbers_or_nan(column: pd.Series[Any], decimal: str | None) -> Array:
    """Returns the numbers of a column, NaN where a cell is none."""
    if not _can_be_numbers(column):
        return np.full(len(column), np.nan)
    cells = column
    if decimal == "," and not pd.api.types.is_numeric_dtype(cells.dtype):
        text = cells.astype(str).str.strip()
        plain = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        typed = cells.map(lambda cell: isinstance(cell, int | float)).astype(bool)
        cells = plain.where(text.str.fullmatch(_COMMA), "").where(~typed, text)
    numbers = pd.to_numeric(cells, errors="coerce")
    return np.asarray(numbers.to_numpy(np.float64, na_value=np.nan))


def read_numbers_of(column: pd.Series[Any], decimal: str | None, where: Where) -> Array:
    """Returns the numbers of a column, and refuses the first cell that is none."""
    if not _can_be_numbers(column):
        raise InvalidInputError(
            f"The column {column.name!r} must hold numbers. Received: {column.dtype} in "
            f"{where(0)}. {_remedy_of_type(column)}"
        )
    numbers = numbers_or_nan(column, decimal)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if len(bad):
        _refuse_cell(column, int(bad[0]), len(bad), where)
    if decimal == "," and not pd.api.types.is_numeric_dtype(column.dtype):
        _refuse_doubtful_points(column, where)
    return numbers


def far_values(name: str, numbers: Array, where: Where) -> str | None:
    """Returns a sentence on the value that is furthest from all others, if it is very far."""
    low, first, median, third, high = np.quantile(numbers, (0.01, 0.25, 0.5, 0.75, 0.99))
    spread = float(third - first) or float(high - low)
    apart = np.abs(numbers - median)
    far = int((apart > FAR * spread).sum())
    if not spread or not far:
        return None
    row = int(apart.argmax())
    others = f", and {far - 1:,} more such value{'s' * (far > 2)}" if far > 1 else ""
    return (
        f"The column {name!r} is {numbers[row]:.6g} in {where(row)}{others}, more than {FAR:.0f} "
        f"times the interquartile range of {spread:.3g} from its median {median:.6g}: the scale "
        "goes by the extremes, so correct it if it is a code or a slip."
    )


def _can_be_numbers(column: pd.Series[Any]) -> bool:
    types = pd.api.types
    return not types.is_bool_dtype(column.dtype) and bool(
        types.is_numeric_dtype(column.dtype)
        or types.is_string_dtype(column.dtype)
        or types.is_object_dtype(column.dtype)
    )


def _remedy_of_type(column: pd.Series[Any]) -> str:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return f"To order the rows by it, add `--date-column '{column.name}'`; else leave it out."
    return "Leave it out, or write it as numbers."


def _refuse_doubtful_points(column: pd.Series[Any], where: Where) -> None:
    """Refuses points that may be decimal: 1.125 where nothing shows that it is 1125."""
    written = column.map(lambda cell: cell.strip() if isinstance(cell, str) else "")
    text = written.astype(str)  # numbers of a sheet have no mark
    grouped = text.str.fullmatch(_GROUPED).to_numpy(bool)
    pointed = text.str.contains(".", regex=False).to_numpy(bool)
    if not pointed.any():
        return
    long = text.str.fullmatch(_LONG).to_numpy(bool)
    shows = text.str.contains(",", regex=False).any()
    if shows and not long.any():
        return
    row = int(np.flatnonzero(grouped if grouped.any() else pointed)[0])
    why = (
        f"{text.iloc[int(long.argmax())]!r} in {where(int(long.argmax()))} has none"
        if long.any()
        else "no cell of the column has a decimal comma"
    )
    raise InvalidInputError(
        f"A point must separate thousands throughout a column where `--decimal ,` names the "
        f"decimal mark. Received: {text.iloc[row]!r} in {where(row)} of the column "
        f"{column.name!r}, but {why}. Write the numbers without points, or in one style."
    )


def _refuse_cell(column: pd.Series[Any], row: int, count: int, where: Where) -> None:
    cell = column.iloc[row]
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip()
    if text.lower() in MISSING:
        found = "a missing value"
        remedy = "Fill it in, for instance with the value before it, or leave rows or column out."
    elif _INFINITE.fullmatch(text) or (isinstance(cell, float) and np.isinf(cell)):
        found = f"the infinite number {text}"
        remedy = "Replace it, or leave its row or column out."
    else:
        found, remedy = f"the text {shorten(text, 40)!r}", _remedy(column, cell, text)
    others = f" and {count - 1:,} more" if count > 1 else ""
    raise InvalidInputError(
        f"The column {column.name!r} must hold a finite number in each row. Received: {found} in "
        f"{where(row)}{others}. {remedy}"
    )


def _remedy(column: pd.Series[Any], cell: Any, text: str) -> str:
    if re.fullmatch(TIME, text):
        return (
            "It is a time of the day: write it with its date in one column, such as 2024-01-31 "
            "12:30, or leave the column out."
        )
    # "1,5" is a number, and "1.5.2024" a date.
    if is_date(cell) and not is_number(text):
        return (
            f"It is a date: to order the rows by the column, add `--date-column '{column.name}'`; "
            "else leave it out."
        )
    if is_number(text) and re.search(r"\d,\d", text):
        return "If the comma is the decimal mark, add `--decimal ,`; else write it as 1234.5."
    if is_number(text) and "." in text:
        return "If the point is the decimal mark, leave out `--decimal ,`; else write 1.234.567,8."
    return "Leave the column out, or write plain numbers such as 1234.5."
