"""What the columns of a table of prices mean, by their names."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from keras_wgan.data.price_words import (
    ADJUSTED,
    ASSETS,
    CLOSES,
    CURRENCIES,
    DATES,
    NOT_OF_PRICES,
    OTHERS,
    RETURNS,
    TIMES,
    word_of,
)

Kind = Literal["date", "time", "asset", "adjusted", "close", "return", "other", "unknown"]

_NAMES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("date", DATES),
    ("adjusted", ADJUSTED),
    ("close", CLOSES),
    ("return", RETURNS),
    ("other", OTHERS),
    ("asset", ASSETS),
    ("time", TIMES),
)
_FIELDS = ("adjusted", "close", "return", "other")  # what a column tells of an asset
_OHLC = ("o", "h", "l", "c")  # else letters are tickers: C is Citigroup, T is AT&T

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"^\d{1,2}[a-z]?\. ")  # "4. close" of Alpha Vantage
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_BETWEEN = " _.-/:|()[],\t"  # between the parts of a name
_LONGEST_FIELD = 4  # words, as in "Adj. Close Price USD"


@dataclass(frozen=True)
class Column:
    """A column by its position, name and meaning; of one kind, the lowest rank is preferred."""

    position: int
    name: str
    kind: Kind
    rank: int = 0
    asset: str | None = None  # of a name such as "Close_AAPL"

    def is_called(self, name: str) -> bool:
        """Whether a user means this column by its name."""
        return name.strip().casefold() == self.name.strip().casefold()

    @property
    def field(self) -> str:
        """The name without the asset, such as "Close" of "Close_AAPL"."""
        return self.name.replace(self.asset or "", "", 1).strip(_BETWEEN)

    @property
    def label(self) -> str:
        """The name, or the number of a column that has none."""
        return self.name or f"number {self.position + 1}"


def columns_of(header: Sequence[Sequence[str]]) -> list[Column]:
    """Returns the meaning of each column from its names in the rows of a header, the top first."""
    names = [_unpacked(parts) for parts in header]
    letters = all((letter,) in [tuple(map(word_of, parts)) for parts in names] for letter in _OHLC)
    return [_column(position, parts, letters=letters) for position, parts in enumerate(names)]


def is_date_name(name: str) -> bool:
    """Whether a name is one of a column of dates."""
    return bool(name.strip()) and _known(name, letters=False)[0] == "date"


def is_price_name(name: str) -> bool:
    """Whether a name is one of a price or of what stands next to prices."""
    return _column(0, [name], letters=False).kind in _FIELDS if name.strip() else False


def _column(position: int, parts: list[str], *, letters: bool) -> Column:
    name = " ".join(parts)
    if not parts:  # an index without a name
        return Column(position, "", "date", len(DATES))
    known = [_known(part, letters=letters and len(parts) == 1) for part in parts]
    if len(parts) == 1:
        kind, rank = known[0]
        if kind == "unknown":
            return _with_asset(position, name)
        return Column(position, name, kind, rank)
    order = [kind for kind, _ in _NAMES]
    found = [
        (order.index(kind), rank, at) for at, (kind, rank) in enumerate(known) if kind in order
    ]
    if not found:
        named = [part for part in parts if not _is_unit(part)] or parts
        return Column(position, name, "unknown", asset=named[-1])
    kind, rank, at = order[min(found)[0]], min(found)[1], min(found)[2]
    if kind not in _FIELDS:
        return Column(position, parts[at], kind, rank)
    assets = [part for other, part in enumerate(parts) if other != at and not _is_unit(part)]
    return Column(position, name, kind, rank, assets[-1] if assets else None)


def _unpacked(parts: Sequence[str]) -> list[str]:
    """Returns the parts that are not blank, also of a name such as "('Close', 'AAPL')"."""
    found = [part.strip() for part in parts if part.strip()]
    if len(found) == 1 and found[0].startswith("(") and found[0].endswith(")"):
        try:
            pair = ast.literal_eval(found[0])
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return found
        if isinstance(pair, tuple) and pair and all(isinstance(each, str) for each in pair):
            return [each.strip() for each in pair if each.strip()]
    return found


@functools.lru_cache(maxsize=4096)  # each cell near the header is asked for
def _known(name: str, *, letters: bool) -> tuple[Kind, int]:
    name = _NUMBERED.sub("", name.strip())
    for text in (name, _BRACKETS.sub("", name)):
        spelled = [word_of(each) for each in _WORD.findall(_CAMEL.sub(" ", text))]
        plain = [each for each in spelled if each not in CURRENCIES]
        for word in ("".join(spelled), "".join(plain)):
            if len(word) == 1 and word.isascii() and not letters:
                continue
            for kind, names in _NAMES:
                if word in names:
                    return kind, names.index(word)
    return "unknown", 0


def _is_unit(part: str) -> bool:
    return part.startswith(("(", "[")) or part.casefold() in CURRENCIES or part == "%"


def _with_asset(position: int, name: str) -> Column:
    """Returns the meaning of a name such as "Close_AAPL", "BRK-B Adj Close" or "AAPL.Close"."""
    text = name if " " in name else _CAMEL.sub(" ", name)
    found = list(_WORD.finditer(text))
    for length in range(min(_LONGEST_FIELD, len(found) - 1), 0, -1):
        for field, rest in (
            (found[:length], found[length:]),
            (found[-length:], found[:-length]),
        ):
            kind, rank = _known(" ".join(each.group() for each in field), letters=False)
            if kind not in _FIELDS:
                continue
            if NOT_OF_PRICES & {word_of(each.group()) for each in rest}:
                return Column(position, name, "other")
            first = field[0] is found[0]
            asset = text[field[-1].end() :] if first else text[: field[0].start()]
            return Column(position, name, kind, rank, asset.strip(_BETWEEN))
    return Column(position, name, "unknown", asset=name.strip())
