"""Tables of several series in order of time, read from CSV and Parquet files."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_text import decoded
from keras_wgan.data.series_order import RowOrder, order_of
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.parquet import read_parquet_table

MAX_BYTES = 2**28  # of text
TEXT = (".csv", ".tsv", ".txt")
SEPARATORS = ("\t", ";", "|", ",")  # in order of preference
NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?")


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Finite numbers in order of time, a column for each series, and what orders the rows."""

    values: pd.DataFrame
    order: RowOrder | None = None


def read_series(path: Path, form: PriceFormat) -> SeriesTable:
    """Returns the numbers of a file whose first line or row names the columns.

    A first column of dates, or of a running number, orders the rows and is not among the series.
    """
    cells, where = _cells(path, form)
    _refuse_names(list(cells.columns), path)
    if cells.empty:
        raise InvalidInputError(f"{path} has names of columns, but no rows below them.")
    order = order_of(cells.iloc[:, 0], form.date_format, where)
    series = cells if order is None else cells.iloc[:, 1:]
    if not series.shape[1]:
        raise InvalidInputError(
            f"{path} has no column of numbers next to {order.column if order else 'none'}. Give "
            "each series a column."
        )
    columns = [_numbers(column, form.decimal, where) for _, column in series.items()]
    values = pd.DataFrame(np.column_stack(columns), columns=series.columns)
    _refuse_constants(values, path)
    return SeriesTable(values, order)


Where = Callable[[int], str]  # the place of a row, from 0, in words


def _cells(path: Path, form: PriceFormat) -> tuple[pd.DataFrame, Where]:
    """Returns the cells of a file, and what names the place of a row."""
    with reading(path):
        if not path.is_file():
            raise InputNotFoundError(
                f"There is no file of series at `data`. Received: data={path}. Correct it, or "
                "leave it out for a made table."
            )
    if path.suffix.lower() == ".parquet":
        return read_parquet_table(path), lambda row: f"row {row + 1} of {path}"
    if path.suffix.lower() not in TEXT:
        raise InvalidInputError(
            f"Series are read from {', '.join(TEXT)} or .parquet. Received: data={path}. Save the "
            "table as CSV, with the names of the columns in its first line."
        )
    return _text_cells(path, form.separator), lambda row: f"line {row + 2} of {path}"


def _text_cells(path: Path, separator: str | None) -> pd.DataFrame:
    with reading(path):
        if (size := path.stat().st_size) > MAX_BYTES:
            raise InvalidInputError(
                f"{path} takes {size:,} bytes, and at most {MAX_BYTES:,} are read. Keep fewer rows "
                "or columns in it, or save it as Parquet."
            )
        text, _ = decoded(path.read_bytes(), path)
    text = text.rstrip("\n ")
    header = text.partition("\n")[0]
    if not header.strip():
        raise InvalidInputError(f"{path} must begin with the names of its columns. It is empty.")
    sign = NAMES.get(separator or "", separator)
    sign = sign or max(SEPARATORS, key=header.count)
    try:
        with warnings.catch_warnings():
            # pandas would drop the last fields of longer rows.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells = pd.read_csv(
                io.StringIO(text),
                sep=sign,
                engine="c" if len(sign) == 1 else "python",
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
    names = [str(name).strip() for name in cells.iloc[0].fillna("")]
    return cells.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)


def _refuse_names(names: list[str], path: Path) -> None:
    if all(_is_number(name) for name in names):
        raise InvalidInputError(
            f"{path} must begin with the names of its columns. Received: "
            f"{shorten(', '.join(names), 80)}. Write a line of names above the numbers."
        )
    for at, name in enumerate(names):
        if not name and at:  # the first may be pandas' index
            raise InvalidInputError(
                f"Each column of {path} must have a name. Received: none above column {at + 1}."
            )
        if name in names[:at]:
            raise InvalidInputError(
                f"Each column of {path} must have a name of its own. Received: {name!r} twice."
            )


def _numbers(column: pd.Series[Any], decimal: str | None, where: Where) -> NDArray[np.float64]:
    """Returns the numbers of a column, and refuses the first cell that is none."""
    if pd.api.types.is_bool_dtype(column.dtype) or not _can_be_numbers(column):
        raise InvalidInputError(
            f"The column {column.name!r} must hold numbers. Received: {column.dtype} in "
            f"{where(0)}. Leave it out, or write it as numbers."
        )
    cells = column
    if decimal == "," and not pd.api.types.is_numeric_dtype(cells.dtype):
        cells = cells.astype(str).str.replace(".", "", regex=False).str.replace(",", ".")
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if len(bad):
        _refuse_cell(column, int(bad[0]), len(bad), where)
    return np.asarray(numbers)


def _can_be_numbers(column: pd.Series[Any]) -> bool:
    types = pd.api.types
    return bool(
        types.is_numeric_dtype(column.dtype)
        or types.is_string_dtype(column.dtype)
        or types.is_object_dtype(column.dtype)
    )


def _refuse_cell(column: pd.Series[Any], row: int, count: int, where: Where) -> None:
    cell = column.iloc[row]
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip()
    if text.lower() in MISSING:
        found = "a missing value"
        remedy = "Fill it in, for instance with the value before it, or leave rows or column out."
    elif _is_number(text):
        found = f"the infinite number {text}"
        remedy = "Replace it, or leave its row or column out."
    else:
        found = f"the text {shorten(text, 40)!r}"
        remedy = "Leave the column out, or name the decimal mark with `--decimal`."
    others = f" and {count - 1:,} more" if count > 1 else ""
    raise InvalidInputError(
        f"The column {column.name!r} must hold a finite number in each row. Received: {found} in "
        f"{where(row)}{others}. {remedy}"
    )


def _refuse_constants(values: pd.DataFrame, path: Path) -> None:
    numbers = values.to_numpy()
    still = np.flatnonzero(numbers.min(axis=0) == numbers.max(axis=0))
    if len(still):
        raise InvalidInputError(
            f"Each column of {path} must vary, because a constant has no scale. Received: "
            f"{str(values.columns[still[0]])!r} is {numbers[0, still[0]]:g} in every row. Leave it "
            "out."
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
