"""Tables as plain text that fits a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

WIDTH = 80


def table_lines(names: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """Returns the lines of a table; columns beyond 80 characters continue below it.

    `names` is the first column, which is repeated, and each column holds its heading first.
    """
    first = max(map(len, names))
    lines: list[str] = []
    for block in _blocks(columns, WIDTH - first):
        if lines:
            lines.append("")
        widths = [max(map(len, column)) for column in block]
        for row, name in enumerate(names):
            cells = (
                f" {column[row]:>{width}}" for column, width in zip(block, widths, strict=True)
            )
            lines.append(f"{name:<{first}}{''.join(cells)}".rstrip())
    return lines


def frame_lines(table: pd.DataFrame, *, corner: str = "") -> list[str]:
    """Returns the lines of a table of texts, whose index is the first column, under `corner`."""
    columns = [[str(name), *map(str, table[name])] for name in table.columns]
    return table_lines([corner, *map(str, table.index)], columns)


def shorten_name(name: str, width: int) -> str:
    """Returns a name of at most this many characters, with an ellipsis where it was cut."""
    return name if len(name) <= width else name[: width - 1] + "…"


def shorten_inside(name: str, width: int) -> str:
    """Returns a name of at most this many characters, cut in the middle.

    Names of columns often begin alike and differ at their ends.
    """
    if len(name) <= width:
        return name
    end = (width - 1) // 2
    return f"{name[: width - 1 - end]}…{name[len(name) - end :]}"


def _blocks(columns: Sequence[Sequence[str]], room: int) -> Iterator[list[Sequence[str]]]:
    block: list[Sequence[str]] = []
    used = 0
    for column in columns:
        width = 1 + max(map(len, column))
        if block and used + width > room:
            yield block
            block, used = [], 0
        block.append(column)
        used += width
    if block:
        yield block
