"""Single dates as vendors and spreadsheets write them."""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_words import word_of

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
TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
# The local time of the exchange counts, so an offset from UTC is left out.
_ZONE = r"(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T))? ?(?:[+-]\d{2}(?::?\d{2})?)?(?: ?[(\[][\w /]+[)\]])?"
WHEN = re.compile(
    rf"(?:{_WEEKDAY})?(?P<day>.+?)(?:(?:[T,]| at)? *{TIME}{_ZONE})?(?: ?(?:Z|UTC|GMT))?",
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
_LONGEST = 80  # characters of a date
_JAPANESE = str.maketrans({"年": "-", "月": "-", "日": None})


@dataclass(frozen=True)
class WrittenDate:
    """A date of one form, as text in named parts."""

    form: str
    day: re.Match[str]
    whole: re.Match[str]


def text_of(cell: Any) -> str:
    """Returns a cell as text, with single spaces."""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.date):
        return "" if pd.isna(cell) else cell.strftime("%Y-%m-%d %H:%M:%S")
    return " ".join(str(cell).translate(_JAPANESE).split())


@functools.lru_cache(maxsize=4096)  # a cell is looked at several times
def written_date(text: str) -> WrittenDate | None:
    """Returns a date in the first form that it has, or None if it has none."""
    whole = WHEN.fullmatch(text) if len(text) <= _LONGEST else None
    if whole is None:
        return None
    for form, pattern in _FORMS.items():
        if (day := pattern.fullmatch(whole["day"])) is None:
            continue
        if "n" in pattern.groupindex and _month(day["n"]) is None:
            continue
        kind = form + (day["s"] if "s" in pattern.groupindex else "")
        return WrittenDate(kind + (str(len(day["c"])) if form == "numbers" else ""), day, whole)
    return None


def stamp_of(parsed: WrittenDate | None, order: str = "") -> datetime.datetime | None:
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
