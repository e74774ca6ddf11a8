"""Dates as vendors and spreadsheets write them, read in one form for the whole column."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_words import word_of
from keras_wgan.errors import InvalidInputError

# The first three letters of months; where two share these, four.
_MONTHS = (
    "jan gen ene sty ian",
    "feb fev lut",
    "mar mrz mrt maa",
    "apr avr abr kwi",
    "may mai maj mag mei",
    "jun giu cze juin",
    "jul lug lip juil",
    "aug aou ago sie",
    "sep set wrz",
    "oct okt ott out paz",
    "nov lis",
    "dec dez dic gru",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:mo|di|mi|do|fr|sa|so)\.)[.,]? "
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
# The local time of the exchange counts, so an offset from UTC is left out.
_ZONE = r"(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T))? ?(?:[+-]\d{2}(?::?\d{2})?)?(?: ?[(\[][\w /]+[)\]])?"
_WHEN = re.compile(
    rf"(?:{_WEEKDAY})?(?P<day>.+?)(?:(?:[T,]| at)? *{_TIME}{_ZONE})?(?: ?(?:Z|UTC|GMT))?",
    re.ASCII | re.IGNORECASE,
)
_FORMS = {
    "ymd": re.compile(r"(?P<y>\d{4})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})", re.ASCII),
    "numbers": re.compile(
        r"(?P<a>\d{1,2})(?P<s>[-./])(?P<b>\d{1,2})(?P=s)(?P<c>\d{4}|\d{2})", re.ASCII
    ),
    "d month y": re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-. /]{0,2}(?P<n>[^\W\d_]{3,12})\.?[-,. /]{0,2}"
        r"(?P<y>\d{4}|\d{2})"
    ),
    "month d y": re.compile(
        r"(?P<n>[^\W\d_]{3,12})\.?[- ]?(?P<d>\d{1,2})(?:st|nd|rd|th)?[-, ]{1,2}(?P<y>\d{4})"
    ),
    "y month d": re.compile(r"(?P<y>\d{4})[- ](?P<n>[^\W\d_]{3,12})[- ](?P<d>\d{1,2})"),
    "month y": re.compile(r"(?P<n>[^\W\d_]{3,12})\.?[-/ '\u2019](?P<y>\d{4}|\d{2})"),
    "ym": re.compile(r"(?P<y>\d{4})[-/.M](?P<m>\d{1,2})", re.ASCII),
    "quarter": re.compile(r"(?P<y>\d{4})[- ]?Q(?P<q>[1-4])", re.ASCII),
    "yyyymmdd": re.compile(r"(?P<y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)", re.ASCII),
    "yyyymm": re.compile(r"(?P<y>[12]\d{3})(?P<m>[01]\d)", re.ASCII),
    "yyyymmddhhmm": re.compile(
        r"(?P<y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)[ T]?"
        r"(?P<h>[0-2]\d)(?P<i>[0-5]\d)(?P<e>[0-5]\d)?",
        re.ASCII,
    ),
    "year": re.compile(r"(?P<y>1[89]\d{2}|20\d{2})", re.ASCII),
    "excel": re.compile(r"(?P<x>[1-7]\d{4}(?:\.\d+)?)", re.ASCII),  # 1927 to 2099
    "s": re.compile(r"(?P<x>\d{9,10}(?:\.\d+)?)", re.ASCII),
    "ms": re.compile(r"(?P<x>\d{12,13}(?:\.\d+)?)", re.ASCII),
    "us": re.compile(r"(?P<x>\d{15,16})", re.ASCII),
    "ns": re.compile(r"(?P<x>\d{18,19})", re.ASCII),
}
NUMERIC_FORMS = ("yyyymmdd", "yyyymm", "year", "excel", "s", "ms", "us", "ns")
_EPOCHS = ("s", "ms", "us", "ns")
_FULL_ISO = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_LONGEST = 80  # characters of a date
_JAPANESE = str.maketrans({"年": "-", "月": "-", "日": None})


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
    return _parsed(_text(cell)) is not None


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
    texts = pd.Series([_text(cell) for cell in cells], dtype=object)
    if date_format is not None:
        return Dates(_in_given_format(texts, date_format, cells), date_format)
    if texts.str.fullmatch(_FULL_ISO).all():  # nearly all files
        return Dates(
            _series(pd.to_datetime(texts, format="ISO8601", errors="coerce"), cells), "ymd-"
        )
    parsed = [_parsed(text) for text in texts]
    forms = Counter(each.form for each in parsed if each is not None)
    if not forms:
        return Dates(_series([None] * len(cells), cells), "")
    form = forms.most_common(1)[0][0]
    kept = [each if each is not None and each.form == form else None for each in parsed]
    if form.startswith("numbers"):
        return _in_one_order(kept, form, cells)
    return Dates(_series([_stamp(each) for each in kept], cells), form)


def with_times(days: pd.Series[Any], times: pd.Series[Any]) -> pd.Series[Any]:
    """Returns days as text followed by the times of a second column, if it holds such."""
    found = times.astype(str).str.strip().str.removesuffix(".0")
    if found.str.fullmatch(r"\d{1,6}").all():  # 93000 is 9:30
        width = 6 if found.str.len().max() > 4 else 4
        found = found.str.zfill(width).str.replace(r"(\d{2})(?=\d)", r"\1:", regex=True)
    if not found.str.fullmatch(_TIME).all():
        return days
    both = [f"{_text(day)} {time}" for day, time in zip(days, found, strict=True)]
    return pd.Series(both, index=days.index)


@dataclass(frozen=True)
class _Parsed:
    """A date of one form, as text in named parts."""

    form: str
    day: re.Match[str]
    whole: re.Match[str]


def _text(cell: Any) -> str:
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.date):
        return "" if pd.isna(cell) else cell.strftime("%Y-%m-%d %H:%M:%S")
    return " ".join(str(cell).translate(_JAPANESE).split())


def _parsed(text: str) -> _Parsed | None:
    whole = _WHEN.fullmatch(text) if len(text) <= _LONGEST else None
    if whole is None:
        return None
    for form, pattern in _FORMS.items():
        if (day := pattern.fullmatch(whole["day"])) is None:
            continue
        if "n" in pattern.groupindex and _month(day["n"]) is None:
            continue
        kind = form + (day["s"] if "s" in pattern.groupindex else "")
        return _Parsed(kind + (str(len(day["c"])) if form == "numbers" else ""), day, whole)
    return None


def _stamp(parsed: _Parsed | None, order: str = "") -> datetime.datetime | None:
    """Returns the time stamp; None if there is no such day or time."""
    if parsed is None:
        return None
    parts = parsed.day.groupdict()
    try:
        if "x" in parts:
            return _counted(parts["x"], parsed.form)
        if order:
            parts |= dict(zip(order, (parts["a"], parts["b"], parts["c"]), strict=True))
        month = _month(parts["n"]) if "n" in parts else int(parts.get("m") or 1)
        if "q" in parts:
            month = 3 * int(parts["q"]) - 2
        hour, minute, second = (int(parts.get(name) or 0) for name in "hie")
        year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
        day = datetime.datetime(year, month or 1, int(parts.get("d") or 1), hour, minute, second)
        if len(parts["y"]) == 2 and day > datetime.datetime.now():  # prices are of the past
            day = day.replace(year=year - 100)
        return day + _time_of_day(parsed.whole)
    except (ValueError, OverflowError):
        return None


def _counted(text: str, form: str) -> datetime.datetime:
    if form == "excel":
        days = datetime.timedelta(days=float(text))
        return datetime.datetime(1899, 12, 30) + datetime.timedelta(
            seconds=round(days.total_seconds())
        )
    whole, _, fraction = text.partition(".")
    shift = 10 ** (3 * _EPOCHS.index(form))
    microseconds = int(whole) * 1_000_000 // shift
    if form == "s" and fraction:
        microseconds += int(f"{fraction:0<6}"[:6])
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)


def _time_of_day(whole: re.Match[str]) -> datetime.timedelta:
    if whole["hour"] is None:
        return datetime.timedelta()
    hour, minute, second = (int(whole[name] or 0) for name in ("hour", "minute", "second"))
    if whole["half"] is not None:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (whole["half"] in "Pp")
    fraction = (whole["fraction"] or ".0")[1:]
    time = datetime.time(hour, minute, second, int(f"{fraction:0<6}"[:6]))
    return datetime.datetime.combine(datetime.date.min, time) - datetime.datetime.min


def _month(name: str) -> int | None:
    word = word_of(name)
    return _MONTH_OF.get(word[:4]) or _MONTH_OF.get(word[:3])


def _in_one_order(kept: list[_Parsed | None], form: str, cells: pd.Series[Any]) -> Dates:
    """Reads dates of three numbers in the only order that gives days in sequence."""
    sign, digits = form[-2], form[-1]
    orders = ("dmy", "mdy") if digits == "4" or sign == "." else ("dmy", "mdy", "ymd")
    if sign == ".":
        orders = ("dmy",)
    found = {order: _series([_stamp(each, order) for each in kept], cells) for order in orders}
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
        days = [whole["day"] if (whole := _WHEN.fullmatch(text)) else text for text in texts]
        found = pd.to_datetime(pd.Series(days, dtype=object), format=date_format, errors="coerce")
    return _series(found.dt.tz_localize(None), cells)


def _without_zone(cell: datetime.date) -> datetime.datetime:
    if isinstance(cell, datetime.datetime):
        return cell.replace(tzinfo=None)
    return datetime.datetime(cell.year, cell.month, cell.day)


def _series(stamps: Any, cells: pd.Series[Any]) -> pd.Series[Any]:
    found = pd.to_datetime(pd.Series(list(stamps), dtype=object), errors="coerce")
    return found.set_axis(cells.index)
