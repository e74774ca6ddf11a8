"""Dates and times that order the rows of a table of series."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from keras_wgan.data.price_date_forms import TIME, text_of
from keras_wgan.data.price_dates import is_date, read_dates
from keras_wgan.data.price_words import TIMES, word_of
from keras_wgan.data.series_names import is_dated
from keras_wgan.data.series_numbers import Where
from keras_wgan.errors import InvalidInputError

_DIGITS = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?"  # 20200131 or 202001
_OFFSET = r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}\S* ?(?:[+-]\d{2}(?::?\d{2})?|Z)"
LOOKED_AT = 20  # cells that tell dates from other text


@dataclass(frozen=True, eq=False)
class Stamps:
    """The times of all rows, and the first and the last as text."""

    times: pd.Series[Any]
    ends: tuple[str, str]


def holds_dates(column: pd.Series[Any], name: str | None) -> bool:
    """Whether a column holds dates; numbers such as 20200131 are some under the name of dates."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    cells = column.iloc[:LOOKED_AT]
    if pd.to_numeric(cells, errors="coerce").notna().all():
        texts = column.map(text_of).astype(str)
        return name is not None and is_dated(name) and bool(texts.str.fullmatch(_DIGITS).all())
    return 2 * sum(map(is_date, cells)) > len(cells)


def are_times(column: pd.Series[Any]) -> bool:
    """Whether all cells are times of the day, such as 12:30."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    return all(re.fullmatch(TIME, text_of(cell)) is not None for cell in column)


def times_next_to(dates: pd.Series[Any], beside: pd.Series[Any]) -> pd.Series[Any] | None:
    """Returns the times of the day in the column next to dates, if its name and cells are such."""
    written = any(":" in text_of(cell) for cell in dates.iloc[:1])
    if written or word_of(str(beside.name)) not in TIMES or not are_times(beside):
        return None
    return beside


def stamps_of(
    column: pd.Series[Any],
    date_format: str | None,
    where: Where,
    times: pd.Series[Any] | None = None,
) -> Stamps:
    """Returns the times of all rows, and refuses a cell that is none.

    `times` are those of the day: of a second column, or the column itself where it has no dates.
    """
    column = column.reset_index(drop=True)
    texts = pd.Series([text_of(cell) for cell in column], dtype=object)
    if times is not None:
        clock = pd.Series([text_of(cell) for cell in times], dtype=object)
        if texts.equals(clock):
            return Stamps(_clock(clock), (texts.iloc[0], texts.iloc[-1]))
        stamps = _dates(column, date_format, where) + (_clock(clock) - pd.Timestamp("2000-01-01"))
        return Stamps(stamps, _ends(stamps))
    zoned = _in_utc(column, texts, date_format)
    if zoned is not None:
        return Stamps(zoned, (texts.iloc[0], texts.iloc[-1]))
    stamps = _dates(column, date_format, where)
    written = (texts.iloc[0], texts.iloc[-1])
    return Stamps(stamps, _ends(stamps) if date_format is None else written)


def _dates(column: pd.Series[Any], date_format: str | None, where: Where) -> pd.Series[Any]:
    dates, name = read_dates(column, date_format), str(column.name)
    unread = dates.stamps.isna().to_numpy().nonzero()[0]
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
    return dates.stamps


def _in_utc(
    column: pd.Series[Any], texts: pd.Series[Any], date_format: str | None
) -> pd.Series[Any] | None:
    """Returns times that have an offset from UTC, which increase where clocks are set back."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert("UTC").dt.tz_localize(None)
    if date_format is not None:
        if "%z" not in date_format:
            return None
        found = pd.to_datetime(texts, format=date_format, utc=True, errors="coerce")
    elif texts.str.fullmatch(_OFFSET).all():
        found = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    else:
        return None
    return None if found.isna().any() else found.dt.tz_localize(None)


def _clock(texts: pd.Series[Any]) -> pd.Series[Any]:
    return read_dates(("2000-01-01 " + texts).astype(object), None).stamps


def _ends(stamps: pd.Series[Any]) -> tuple[str, str]:
    first, last = (str(stamps.iloc[at]).removesuffix(" 00:00:00") for at in (0, -1))
    return first, last
