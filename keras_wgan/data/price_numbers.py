"""Numbers as vendors and spreadsheets write them, read in one style for the whole table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.price_words import MISSING
from keras_wgan.errors import InvalidInputError

Mark = Literal[".", ","]

_LONGEST_SHOWN = 60  # characters of a cell in a message
_BLANKS = " \u00a0\u2007\u2009\u202f"
_SIGNS = (
    r"(?:[A-Z]{0,2}[$€£¥₹₽₩₺฿₫₴₦₱₪¢₿元円]|USD|EUR|GBP|GBX|GBp|CHF|JPY|CNY|PLN|INR|CAD|AUD|NZD|SEK|NOK|"
    r"DKK|CZK|HUF|RON|TRY|RUB|BRL|MXN|ZAR|KRW|TWD|HKD|SGD|THB|USDT|Rs\.?|Fr\.?|kr\.?|zł|Kč|Ft|p|pts?\.?)"
)
_PARTS = re.compile(
    rf"(?P<minus>[-+]?)(?P<bracket>\(?)(?P<before>{_SIGNS}?)\s*(?P<sign>[-+]?)\s*"
    rf"(?P<number>[\d.,'\u2019{_BLANKS}]*\d[.,]?(?:[eE][-+]?\d+)?)\s*(?P<percent>%?)\s*"
    rf"(?P<after>{_SIGNS}?)(?P<close>\)?)(?P<last>-?)",
    re.ASCII,
)
_INFINITE = re.compile(r"[-+]?inf(?:inity)?", re.IGNORECASE)
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def _grammar(mark: Mark) -> re.Pattern[str]:
    point, group = re.escape(mark), "." if mark == "," else ","
    tail = rf"(?:{point}\d*)?(?:[eE][-+]?\d+)?"
    groups = "|".join(
        [
            *(
                rf"[1-9]\d{{0,2}}(?:{re.escape(g)}\d{{3}})+"
                for g in (group, *_BLANKS, "'", "\u2019")
            ),
            rf"[1-9]\d?(?:{re.escape(group)}\d{{2}})+{re.escape(group)}\d{{3}}",  # lakh and crore
        ]
    )
    return re.compile(rf"(?:(?:{groups}|\d+){tail}|{point}\d+)", re.ASCII)


_GRAMMARS: dict[Mark, re.Pattern[str]] = {".": _grammar("."), ",": _grammar(",")}


def absent(cells: pd.Series[Any]) -> NDArray[np.bool_]:
    """Returns whether each cell is empty or holds a word for a missing number."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.isna().to_numpy(bool)
    text = cells.astype(str).str.strip().str.lower()
    # Bloomberg writes "#N/A Field Not Applicable", "#N/A Invalid Security" and others.
    return (cells.isna() | text.isin(MISSING) | text.str.startswith("#n/a ")).to_numpy(bool)


def is_number(cell: Any) -> bool:
    """Whether a cell is a number in some style."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float | np.number):
        return bool(np.isfinite(cell))
    match = _PARTS.fullmatch(str(cell).strip()) if len(str(cell)) <= _LONGEST_SHOWN else None
    return match is not None and any(each.fullmatch(match["number"]) for each in _GRAMMARS.values())


def decimal_mark(columns: Iterable[pd.Series[Any]], *, continental: bool) -> Mark | None:
    """Returns the decimal mark that most cells show, or None if none does.

    None means that numbers such as 1,234 may be read in two ways; `continental` tells that 1.234
    may be one of them.
    """
    votes = {".": 0, ",": 0}
    doubtful = {".": 0, ",": 0}
    for cells in columns:
        if pd.api.types.is_numeric_dtype(cells.dtype):
            continue
        for cell in cells:
            text = cell.strip() if isinstance(cell, str) else ""
            if len(text) > _LONGEST_SHOWN or not ("." in text or "," in text):
                continue
            match = _PARTS.fullmatch(text)
            if match is None:
                continue
            fits = [mark for mark in _GRAMMARS if _GRAMMARS[mark].fullmatch(match["number"])]
            if len(fits) == 1:
                votes[fits[0]] += 1
            elif len(fits) == 2:
                doubtful["," if "," in match["number"] else "."] += 1
        if any(votes.values()):  # the first column is the one that counts
            return "." if votes["."] >= votes[","] else ","
    if doubtful[","] or (continental and doubtful["."]):
        return None
    return "."


def read_numbers(
    cells: pd.Series[Any], mark: Mark, refuse: Callable[[int, str], InvalidInputError]
) -> NDArray[np.float64]:
    """Returns (rows,) numbers, NaN where a cell is empty; all other cells must be numbers.

    `refuse` makes the error of a row, from 0, and of what is wrong there.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        return cells.to_numpy(np.float64, na_value=np.nan, copy=True)
    numbers = np.full(len(cells), np.nan)
    missing = absent(cells)
    signs: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if missing[row]:
            continue
        if isinstance(cell, int | float | np.number) and not isinstance(cell, bool):
            numbers[row] = float(cell)
            continue
        text = str(cell).strip()
        if mark == "." and _PLAIN.fullmatch(text):  # nearly all files
            numbers[row] = float(text)
            signs.setdefault("", row)
            continue
        if _INFINITE.fullmatch(text):
            numbers[row] = float(text)
            continue
        found = _number(text, mark)
        if found is None:
            raise refuse(row, f"is not a number: {shown(cell)!r}")
        numbers[row], sign = found
        signs.setdefault(sign, row)
    _refuse_two_signs(cells, signs, refuse)
    return numbers


def shown(cell: Any) -> str:
    """Returns a cell for a message: those of damaged files can be as long as the file."""
    text = str(cell)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _number(text: str, mark: Mark) -> tuple[float, str] | None:
    """Returns a number and its currency or percent sign, or None."""
    if len(text) > 400:
        return None
    text = text.replace("\u2212", "-").replace("\u2013", "-")
    match = _PARTS.fullmatch(text)
    if match is None or not _GRAMMARS[mark].fullmatch(match["number"]):
        return None
    minuses = [match["minus"], match["sign"], match["last"]]
    brackets = (match["bracket"], match["close"])
    if sum(map(bool, minuses)) > 1 or brackets not in (("", ""), ("(", ")")):
        return None
    if match["before"] and match["after"]:
        return None
    digits = match["number"]
    for group in ("." if mark == "," else ",", *_BLANKS, "'", "\u2019"):
        digits = digits.replace(group, "")
    negative = "-" in minuses or brackets[0]
    sign = match["before"] or match["after"] or match["percent"]
    return float(digits.replace(",", ".")) * (-1 if negative else 1), sign


def _refuse_two_signs(
    cells: pd.Series[Any], signs: dict[str, int], refuse: Callable[[int, str], InvalidInputError]
) -> None:
    """Refuses a column in two currencies, or in percent here and there."""
    named = [sign for sign in signs if sign]
    if len(named) > 1 or (named and "%" in named and "" in signs):
        kinds = sorted(signs, key=lambda sign: signs[sign])[:2]
        row = signs[kinds[1]]
        raise refuse(row, f"is in another unit than the ones above it: {shown(cells.iloc[row])!r}")
