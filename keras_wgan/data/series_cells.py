"""The cells of a table of series under the names of its columns."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Literal

import numpy as np
import pandas as pd

from keras_wgan.data.file_content import PACKED, SHEETS, TEXT, file_content
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import is_blank
from keras_wgan.data.price_sheets import chosen_sheet, read_sheets
from keras_wgan.data.price_text import decoded
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.parquet import read_parquet_table

SEPARATORS = ("\t", ";", "|", ",")  # in order of preference, before white space
NAMES = {"tab": "\t", "space": r"\s+", " ": r"\s+", "comma": ",", "semicolon": ";", "pipe": "|"}
WHITE = r"\s+"


@dataclass(frozen=True, eq=False)
class SeriesCells:
    """The cells of a file, a column for each name, and what messages call a row.

    `above` is the number of lines or rows above the first row.
    """

    path: Path
    body: pd.DataFrame
    unit: Literal["line", "row"]
    above: int
    notes: tuple[str, ...] = ()

    def where(self, row: int) -> str:
        """Returns what messages call a row, by its number from 0."""
        return f"{self.unit} {row + self.above + 1} of {self.path}"


def read_cells(path: Path, form: PriceFormat) -> SeriesCells:
    """Returns the cells of a file whose first line or row names the columns."""
    with reading(path):
        if not path.is_file():
            raise InputNotFoundError(
                f"There is no file of series at `data`. Received: data={path}. Correct it, or "
                "leave it out for a made table."
            )
        with path.open("rb") as file:
            start = file.read(8)
    suffix = path.suffix.lower()
    inner = path.with_suffix("").suffix.lower() if suffix in PACKED else suffix
    if suffix == ".parquet":
        return SeriesCells(path, read_parquet_table(path), "row", 0)
    if suffix in SHEETS:
        return _sheet_cells(path, form.sheet)
    if inner not in (*TEXT, "") or suffix == "":
        raise InvalidInputError(
            f"Series are read from {', '.join((*TEXT[:3], *SHEETS))} or .parquet, and from text "
            f"packed as {', '.join(PACKED)}. Received: data={path}. Save the table as CSV, "
            "with the names of the columns in its first line."
        )
    return _text_cells(path, start, form.separator)


def _sheet_cells(path: Path, sheet: str | None) -> SeriesCells:
    sheets = read_sheets(path)
    name, notes = chosen_sheet(sheets, sheet, path, "tables")
    cells = sheets[name].astype(object).map(lambda cell: "" if is_blank(cell) else cell)
    filled = (cells != "").to_numpy(bool)
    if not filled.any():
        raise InvalidInputError(f"Sheet {name!r} of {path} is empty. Name another with `--sheet`.")
    rows, columns = (int(np.flatnonzero(filled.any(axis=axis))[-1]) + 1 for axis in (1, 0))
    return SeriesCells(path, _under_names(cells.iloc[:rows, :columns]), "row", 1, notes)


def _text_cells(path: Path, start: bytes, separator: str | None) -> SeriesCells:
    text, notes = decoded(file_content(path, start), path)
    text = text.rstrip("\n ")
    lines = text.split("\n")
    if not lines[0].strip():
        raise InvalidInputError(f"{path} must begin with the names of its columns. It is empty.")
    hint = int(lines[0].lower().startswith("sep="))  # for Excel
    if hint:
        separator = separator or lines[0][len("sep=") :].strip() or None
        lines = lines[1:]
    above = _header_lines(lines)
    sign = NAMES.get(separator or "", separator) or _separator(lines, above)
    try:
        with warnings.catch_warnings():
            # pandas would drop the last fields of longer rows.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells = pd.read_csv(
                io.StringIO("\n".join(lines)),
                sep=sign,
                engine="c" if len(sign) == 1 or sign == WHITE else "python",
                header=None,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,  # blank lines count in line numbers
                skipinitialspace=True,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise InvalidInputError(
            f"{path} is not a table with as many fields in each line as in its first: "
            f"{shorten(str(error), 300)}. Write text with separators in quotes, or name the "
            "separator with `--separator`."
        ) from error
    return SeriesCells(path, _under_names(cells), "line", above + hint, notes)


def _header_lines(lines: list[str]) -> int:
    """Returns how many lines the names take, of which one in quotes may be broken."""
    quotes = 0
    for number, line in enumerate(lines, 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return number
    return 1


def _separator(lines: list[str], above: int) -> str:
    header = "\n".join(lines[:above])
    best = max(SEPARATORS, key=header.count)
    if best in header or len(lines) <= above:
        return best
    fields = len(lines[above].split())
    # A name of several words above a single column is no table.
    return WHITE if fields > 1 and len(header.split()) == fields else best


def _under_names(cells: pd.DataFrame) -> pd.DataFrame:
    names = ["" if is_blank(name) else " ".join(str(name).split()) for name in cells.iloc[0]]
    return cells.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
