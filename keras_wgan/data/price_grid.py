"""The rows of a file of prices: where its header stands, and where its prices begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from keras_wgan.data.price_columns import Column, columns_of, is_date_name, is_price_name
from keras_wgan.data.price_dates import is_date
from keras_wgan.data.price_numbers import is_number
from keras_wgan.data.price_words import CURRENCIES, MISSING

LOOKED_AT = 200  # rows in which the header and the first prices must stand
_CELLS = 12  # of a row that tell what it is; files may have thousands of columns
_MAX_HEADER = 4  # rows

Row = Sequence[Any]


@dataclass(frozen=True, eq=False)
class RawTable:
    """The cells of a file below its header, as text or as the file types them.

    `body` has a column for each of `columns`, and the numbers of its rows in the file as index;
    `unit` is what messages call a row.
    """

    path: Path
    columns: list[Column]
    body: pd.DataFrame
    unit: Literal["line", "row"]
    separator: str | None = None
    notes: tuple[str, ...] = ()

    def where(self, row: int) -> str:
        """Returns what messages call a row, by its number in the file."""
        return f"{self.unit} {row} of {self.path}"


@dataclass(frozen=True)
class Layout:
    """The rows of the header, from `top` to before `end`, and the row where the prices begin.

    A file without a header has none of these rows.
    """

    top: int
    end: int
    body: int
    width: int
    names: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> list[Column]:
        """The columns by their names, or by their numbers where there is no header."""
        if self.top == self.end:
            return [Column(at, str(at + 1), "unknown") for at in range(self.width)]
        return columns_of(self.names)


def layout_of(rows: Sequence[Row]) -> Layout | None:
    """Returns where header and prices stand in the first rows of a file; None if nowhere."""
    raw, rows = rows, [trimmed(row) for row in rows]
    first = _first_data(rows)
    if first is None:
        return _without_data(raw, rows)
    width = max(len(row) for row in rows[first : first + 2])
    last = _last_header_row(rows, first, width)
    if last is None:
        while first > 0 and len(rows[first - 1]) == len(rows[first]):  # damaged ones, not lost
            first -= 1
        return Layout(first, first, first, width, ())
    top = _top_header_row(rows, last, width)
    below = next(at for at in range(last + 1, first + 1) if _resembles(rows[at], rows[first]))
    return replace(_layout(raw, top, last, width), body=below)


def data_rows(rows: Sequence[Row]) -> int:
    """Returns how many rows hold a date and a number."""
    return sum(is_data(trimmed(row)) for row in rows)


def is_data(row: Row) -> bool:
    """Whether a row holds a date and a number, or the word for a missing one."""
    cells = row[:_CELLS]
    if len(cells) < 2 or any(isinstance(cell, str) and is_date_name(cell) for cell in cells):
        return False
    dates = [at for at, cell in enumerate(cells) if is_date(cell)]
    return bool(dates) and any(
        at != dates[0] and (is_number(cell) or _is_missing(cell)) for at, cell in enumerate(cells)
    )


def trimmed(row: Row) -> list[Any]:
    """Returns a row without the blank cells at its end."""
    cells = list(row)
    while cells and is_blank(cells[-1]):
        cells.pop()
    return cells


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell


def _is_missing(cell: Any) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and cell.strip().lower() in MISSING)


def _first_data(rows: Sequence[Row]) -> int | None:
    found = None
    for at, row in enumerate(rows):
        if is_data(row):
            following = next((row for row in rows[at + 1 :] if row), None)
            if following is None or is_data(following):
                return at
            found = at if found is None else found
    return found


def _without_data(raw: Sequence[Row], rows: Sequence[Row]) -> Layout | None:
    """Returns the layout of a file whose prices or dates cannot be read, for a good message."""
    named = [at for at, row in enumerate(rows) if any(_is_date_cell(cell) for cell in row)]
    filled = [at for at, row in enumerate(rows) if row]
    if not filled:
        return None
    first = (named or filled)[0]
    return _layout(raw, first, first, len(rows[first]))


def _is_date_cell(cell: Any) -> bool:
    return isinstance(cell, str) and is_date_name(cell)


def _last_header_row(rows: Sequence[Row], first: int, width: int) -> int | None:
    for at in range(first - 1, -1, -1):
        row = rows[at]
        if not _is_header(row):
            continue
        named = any(_is_date_cell(cell) for cell in row[:_CELLS])
        if named or len(row) >= width or _lacks_only_the_index(row, width):
            return at
    return None


def _resembles(row: Row, data: Row) -> bool:
    """Whether a row above the first prices is one of them, with a damaged cell."""
    return any(
        (is_date(cell) and is_date(other)) or (is_number(cell) and is_number(other))
        for cell, other in zip(row[:_CELLS], data[:_CELLS], strict=False)
    )


def _is_header(row: Row) -> bool:
    cells = [cell for cell in row[:_CELLS] if not is_blank(cell)]
    if any(_is_date_cell(cell) for cell in cells):
        return True
    return bool(cells) and not any(is_number(cell) or is_date(cell) for cell in cells)


def _lacks_only_the_index(row: Row, width: int) -> bool:
    """Whether a header names all columns but the index, as R writes it."""
    named = all(isinstance(cell, str) and is_price_name(cell) for cell in row)
    return named and len(row) == width - 1


def _top_header_row(rows: Sequence[Row], last: int, width: int) -> int:
    names = [str(cell).strip().casefold() for cell in rows[last] if not is_blank(cell)]
    others = [name for name in names if not is_date_name(name)]
    dated = any(_is_date_cell(cell) for cell in rows[last])
    complete = len(rows[last]) >= width - 1 and len(names) >= len(rows[last]) - 1
    clear = len(set(names)) == len(names) and not all(_is_unit(name) for name in others)
    above = rows[last - 1] if last else []
    if complete and clear and (dated or not any(_is_date_cell(cell) for cell in above[:1])):
        return last
    top = last
    while (
        top > 0
        and last - top < _MAX_HEADER - 1
        and _is_header(rows[top - 1])
        and len(rows[top - 1]) >= max(2, width - 1)
    ):
        top -= 1
    return top


def _is_unit(name: str) -> bool:
    return name.startswith(("(", "[")) or name in CURRENCIES or name in ("%", "yyyy-mm-dd")


def _layout(rows: Sequence[Row], top: int, last: int, width: int) -> Layout:
    header = [["" if is_blank(cell) else str(cell) for cell in row] for row in rows[top : last + 1]]
    if len(header) == 1 and _lacks_only_the_index(header[0], width):
        header = [["", *header[0]]]
    width = max(map(len, header))
    for row in header:
        row += [""] * (width - len(row))
    for level, row in enumerate(header[:-1], 1):  # merged cells of a sheet hold their text once
        for at in range(2, width):
            if any(below[at] for below in header[level:]):
                row[at] = row[at] or row[at - 1]
    return Layout(top, last + 1, last + 1, width, tuple(zip(*header, strict=True)))
