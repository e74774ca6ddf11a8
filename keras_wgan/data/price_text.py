"""Tables of prices in text files: encoding, separator, preamble, header and rows."""

from __future__ import annotations

import csv
import io
import re
import textwrap
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data.price_grid import LOOKED_AT, Layout, RawTable, data_rows, is_data, layout_of
from keras_wgan.data.price_words import counted
from keras_wgan.errors import InvalidInputError

MAX_COLUMNS = 10_000
SEPARATORS = ("\t", ";", "|", ",", " ")  # in order of preference; " " is any white space
_NAMES = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
_SNIFFED = 60  # rows
_HEADERS, _BREAKS = 20, 6  # lines above the prices, and lines of one name
_FOOTERS = 60  # lines at the end that may be no prices
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WRONG_LENGTH = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def decoded(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Returns the text of a file, and a note if its encoding had to be assumed."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = content[first:1000:2]  # the upper bytes of Latin letters
        if encoding is None and 2 * half.count(0) > len(half):
            encoding = name
    notes: tuple[str, ...] = ()
    try:
        try:
            text = content.decode(encoding or "utf-8")
        except UnicodeDecodeError:
            if encoding is not None:
                raise
            text = content.decode("cp1252", errors="replace")
            notes = (f"{path} is not in UTF-8 and was read as Windows-1252 (Latin-1).",)
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is not a text file: {error}.") from error
    if "\0" in text:
        raise InvalidInputError(f"{path} is not a text file: it holds null bytes.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def text_table(text: str, path: Path, separator: str | None) -> RawTable:
    """Returns the table in the text of a file."""
    lines, merged = _with_whole_header(text.split("\n"))
    if not any(line.strip() for line in lines):
        raise InvalidInputError(f"{path} is empty.")
    head = lines[:LOOKED_AT]
    if head[0].lower().startswith("sep=") and separator is None:  # a hint for Excel
        separator = head[0][4:].strip() or None
    separator = _NAMES.get(separator or "", separator) or _sniffed(head)
    rows = [fields(line, separator) for line in head]
    if (columns := max(map(len, rows))) > MAX_COLUMNS:
        raise InvalidInputError(
            f"{path} has {columns:,} fields in its header, and at most {MAX_COLUMNS:,} columns are "
            "read. Keep only dates and closes in it."
        )
    layout = layout_of(rows)
    if layout is None:
        raise InvalidInputError(f"{path} is empty.")
    end, notes = _end(lines, layout, separator, path)
    body = _body(lines[layout.body : end], rows, layout, separator, path)
    body.index += merged
    others = [*lines[: layout.top], *lines[layout.end : layout.body]]
    if above := [line for line in others if line.strip()]:
        shown = textwrap.shorten(above[0], 60)
        notes = (
            f"{counted(len(above), 'line')} above the prices of {path} left out: {shown!r}.",
            *notes,
        )
    return RawTable(path, layout.columns, body, "line", separator, notes)


def _with_whole_header(lines: list[str]) -> tuple[list[str], int]:
    """Returns lines in which quoted names of columns do not break, and how many fewer they are."""
    merged = 0
    for at in range(min(_HEADERS, len(lines))):
        for more in range(1, _BREAKS):
            quotes = sum(line.count('"') for line in lines[at : at + more])
            if quotes % 2 == 0 and quotes:
                lines[at : at + more] = [" ".join(lines[at : at + more])]
                merged += more - 1
            if quotes % 2 == 0:
                break
    return lines, merged


def fields(line: str, separator: str) -> list[str]:
    """Returns the fields of one line."""
    if separator == " ":
        if '"' not in line:
            return line.split()
        line = line.strip()
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except (csv.Error, TypeError):  # an enormous field, or a separator of several characters
        return line.split(separator)


def _sniffed(head: list[str]) -> str:
    """Returns the separator with which most lines are a date and numbers."""
    tried = [line for line in head if line.strip()][:_SNIFFED]
    found = {each: data_rows([fields(line[:5000], each) for line in tried]) for each in SEPARATORS}
    best = max(SEPARATORS[:-1], key=lambda each: found[each])
    if found[best] or found[" "]:  # white space is also inside dates
        return best if found[best] else " "
    # No line is a date and a number: let the message be about the most likely table.
    counts = {each: sum(line.count(each) for line in tried) for each in SEPARATORS[:-1]}
    return max(counts, key=lambda each: counts[each]) if any(counts.values()) else ","


def _end(
    lines: list[str], layout: Layout, separator: str, path: Path
) -> tuple[int, tuple[str, ...]]:
    """Returns where the prices end, if lines of text follow that are too long for the table."""
    first = max(layout.body, len(lines) - _FOOTERS)
    rows = [fields(line[:5000], separator) for line in lines[first:]]
    if all(len(row) <= layout.width for row in rows):
        return len(lines), ()
    last = max((at for at, row in enumerate(rows) if is_data(row)), default=None)
    if last is None or all(len(row) <= layout.width for row in rows[last + 1 :]):
        return len(lines), ()
    cut = [line for line in lines[first + last + 1 :] if line.strip()]
    note = f"{counted(len(cut), 'line')} below the prices of {path} left out: "
    return first + last + 1, (note + repr(textwrap.shorten(cut[0], 60)) + ".",)


def _body(
    lines: list[str], rows: list[list[str]], layout: Layout, separator: str, path: Path
) -> pd.DataFrame:
    longer = [row for row in rows[layout.body :] if len(row) > layout.width and is_data(row)]
    width = max([layout.width, *map(len, longer)])
    try:
        with warnings.catch_warnings():
            # pandas would drop the last fields of rows longer than the header, and read
            # "2000-01-03,1,399.42" as a price of 1.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            body = pd.read_csv(
                io.StringIO("\n".join(lines)),
                sep=r"\s+" if separator == " " else separator,
                engine="python" if len(separator) > 1 else "c",
                header=None,
                names=range(width),
                dtype=str,
                keep_default_na=False,  # the check of prices reports the line of "NA"
                skip_blank_lines=False,  # blank lines count in line numbers
                skipinitialspace=True,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise _ragged(str(error), layout, path) from error
    except pd.errors.EmptyDataError:
        body = pd.DataFrame(columns=range(width), dtype=str)
    body.index = pd.RangeIndex(layout.body + 1, layout.body + 1 + len(body))
    beyond = body.iloc[:, layout.width :].fillna("")
    if (long := (beyond != "").any(axis=1)).any():
        found = f"Expected {layout.width} fields in line {int(np.argmax(long)) + 1}, saw {width}"
        raise _ragged(found, layout, path)
    return body.iloc[:, : layout.width]


def _ragged(message: str, layout: Layout, path: Path) -> InvalidInputError:
    def numbered(match: re.Match[str]) -> str:
        return f"line {int(match[2]) + layout.body} has {match[3]} fields instead of {match[1]}"

    found = _WRONG_LENGTH.search(message)
    what = numbered(found) if found else textwrap.shorten(message, 300)
    return InvalidInputError(
        f"{path} is not a table with as many fields in each line as in its header: {what}. Write "
        "numbers with a comma in quotes, or name the separator with `--separator`."
    )
