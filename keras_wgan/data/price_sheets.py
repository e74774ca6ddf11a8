"""Tables of prices in Excel files."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd

from keras_wgan.data.price_grid import LOOKED_AT, RawTable, data_rows, is_blank, layout_of
from keras_wgan.errors import InvalidInputError, MissingPackageError

MAX_UNPACKED = 2**29  # bytes
_SNIFFED = 60  # rows


def sheet_table(path: Path, sheet: str | None) -> RawTable:
    """Returns the table in a sheet of an Excel file: the named one, or the only one with prices."""
    sheets = read_sheets(path)
    name, notes = chosen_sheet(sheets, sheet, path)
    cells = sheets[name].astype(object)
    layout = layout_of([list(row) for row in cells.head(LOOKED_AT).itertuples(index=False)])
    if layout is None:
        raise InvalidInputError(f"Sheet {name!r} of {path} is empty.")
    body = cells.iloc[layout.body :, : layout.width]
    body = body.set_axis(range(body.shape[1]), axis=1).set_axis(body.index + 1, axis=0)
    body = body.map(lambda cell: "" if is_blank(cell) else cell)
    columns = layout.columns[: body.shape[1]]
    return RawTable(path, columns, body, "row", notes=notes)


def read_sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Returns the cells of all sheets of an Excel file, by their names."""
    try:
        import openpyxl  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            "Excel files need openpyxl: pip install 'keras-wgan[excel]'"
        ) from error
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size <= MAX_UNPACKED:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # on styles and extensions
                found = pd.read_excel(
                    path, sheet_name=None, header=None, engine="openpyxl", na_filter=False
                )
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises KeyError, ValueError, its own and others
        raise InvalidInputError(
            f"{path} is not a whole Excel file (.xlsx): {shorten(str(error), 300)}"
        ) from error
    if size > MAX_UNPACKED:
        raise InvalidInputError(
            f"{path} would take {size:,} bytes, and at most {MAX_UNPACKED:,} are read. Keep only "
            "the columns that you need in it."
        )
    return {str(name): table for name, table in found.items()}


def chosen_sheet(
    sheets: dict[str, Any], sheet: str | None, path: Path, what: str = "prices"
) -> tuple[str, tuple[str, ...]]:
    """Returns the name of a sheet, the named or the only one with dates and numbers, and a note.

    `what` is that which it holds, for a message.
    """
    names = list(sheets)
    listed = shorten(", ".join(names), 300)
    if sheet is not None:
        called = {name.casefold(): name for name in reversed(names)}
        called |= {str(at + 1): name for at, name in enumerate(names) if str(at + 1) not in called}
        if (name := called.get(sheet.strip().casefold())) is None:
            raise InvalidInputError(f"{path} has no sheet {sheet!r}. Its sheets are: {listed}.")
        return name, ()
    filled = [
        name
        for name, cells in sheets.items()
        if data_rows([list(row) for row in cells.head(_SNIFFED).itertuples(index=False)])
    ]
    if len(filled) > 1:
        raise InvalidInputError(
            f"{path} has {what} in several sheets: {shorten(', '.join(filled), 300)}. Name one "
            "with `--sheet`."
        )
    name = (filled or names)[0]
    return name, (f"Sheet {name!r} of {path} was read.",) if len(names) > 1 else ()
