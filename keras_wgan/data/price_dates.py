"""Columns of dates, read in one form for the whole column."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from keras_wgan.data.price_date_forms import (
    TIME,
    WHEN,
    WrittenDate,
    stamp_of,
    text_of,
    written_date,
)
from keras_wgan.errors import InvalidInputError

_FULL_ISO = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"


@dataclass(frozen=True)
class Dates:
    """Time stamps of the rows, NaT where a date could not be read, and the form they are in.

    `choices` holds the formats of which each may be meant; it is empty where dates are clear.
    """

    stamps: pd.Series[Any]
    form: str
    choices: tuple[str, ...] = ()


def is_date(cell: Any) -> bool:
    """Whether a cell is a date in some form."""
    if isinstance(cell, datetime.date):
        return not pd.isna(cell)
    return written_date(text_of(cell)) is not None


def read_dates(cells: pd.Series[Any], date_format: str | None) -> Dates:
    """Reads a column of dates in the form that most of its cells have."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return Dates(_series(cells.dt.tz_localize(None), cells), "dates")
    typed = [isinstance(cell, datetime.date) and not pd.isna(cell) for cell in cells]
    if 2 * sum(typed) > len(typed):
        found = [
            _without_zone(cell) if is_typed else None
            for cell, is_typed in zip(cells, typed, strict=True)
        ]
        return Dates(_series(found, cells), "dates")
    texts = pd.Series([text_of(cell) for cell in cells], dtype=object)
    if date_format is not None:
        return Dates(_in_given_format(texts, date_format, cells), date_format)
    if texts.str.fullmatch(_FULL_ISO).all():  # nearly all files
        return Dates(
            _series(pd.to_datetime(texts, format="ISO8601", errors="coerce"), cells), "ymd-"
        )
    parsed = [written_date(text) for text in texts]
    forms = Counter(each.form for each in parsed if each is not None)
    if not forms:
        return Dates(_series([None] * len(cells), cells), "")
    form = forms.most_common(1)[0][0]
    kept = [each if each is not None and each.form == form else None for each in parsed]
    if form.startswith("numbers"):
        return _in_one_order(kept, form, cells)
    return Dates(_series([stamp_of(each) for each in kept], cells), form)


def with_times(days: pd.Series[Any], times: pd.Series[Any]) -> pd.Series[Any]:
    """Returns days as text followed by the times of a second column, if it holds such."""
    found = times.astype(str).str.strip().str.removesuffix(".0")
    if found.str.fullmatch(r"\d{1,6}").all():  # 93000 is 9:30
        width = 6 if found.str.len().max() > 4 else 4
        found = found.str.zfill(width).str.replace(r"(\d{2})(?=\d)", r"\1:", regex=True)
    if not found.str.fullmatch(TIME).all():
        return days
    both = [f"{text_of(day)} {time}" for day, time in zip(days, found, strict=True)]
    return pd.Series(both, index=days.index)


def _in_one_order(kept: list[WrittenDate | None], form: str, cells: pd.Series[Any]) -> Dates:
    """Reads dates of three numbers in the only order that gives days in sequence."""
    sign, digits = form[-2], form[-1]
    orders = ["dmy"] if sign == "." else ["dmy", "mdy", "ymd"][: 2 if digits == "4" else 3]
    found = {order: _series([stamp_of(each, order) for each in kept], cells) for order in orders}
    most = max(stamps.notna().sum() for stamps in found.values())
    best = {order: stamps for order, stamps in found.items() if stamps.notna().sum() == most}
    if len(best) > 1:
        sorted_ = {order: stamps for order, stamps in best.items() if _is_in_sequence(stamps)}
        best = sorted_ or best
    choices = tuple(_format(order, sign, digits) for order in best)
    first = next(iter(best))
    if all(stamps.equals(best[first]) for stamps in best.values()):
        choices = choices[:1]
    return Dates(best[first], choices[0], choices if len(choices) > 1 else ())


def _format(order: str, sign: str, digits: str) -> str:
    letters = {"d": "%d", "m": "%m", "y": "%Y" if digits == "4" else "%y"}
    return sign.join(letters[letter] for letter in order)


def _is_in_sequence(stamps: pd.Series[Any]) -> bool:
    known = stamps.dropna()
    return bool(known.is_monotonic_increasing or known.is_monotonic_decreasing)


def _in_given_format(
    texts: pd.Series[Any], date_format: str, cells: pd.Series[Any]
) -> pd.Series[Any]:
    try:
        found = pd.to_datetime(texts, format=date_format, errors="coerce")
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            f"`date_format` must be a form such as %d.%m.%Y. Received: {date_format!r}: {error}"
        ) from error
    if found.isna().all():  # the times of the day need not be written into the format
        days = [whole["day"] if (whole := WHEN.fullmatch(text)) else text for text in texts]
        found = pd.to_datetime(pd.Series(days, dtype=object), format=date_format, errors="coerce")
    return _series(found.dt.tz_localize(None), cells)


def _without_zone(cell: datetime.date) -> datetime.datetime:
    if isinstance(cell, datetime.datetime):
        return cell.replace(tzinfo=None)
    return datetime.datetime(cell.year, cell.month, cell.day)


def _series(stamps: Any, cells: pd.Series[Any]) -> pd.Series[Any]:
    if not isinstance(stamps, pd.Series):
        stamps = pd.to_datetime(pd.Series(list(stamps), dtype=object), errors="coerce")
    return stamps.set_axis(cells.index)
