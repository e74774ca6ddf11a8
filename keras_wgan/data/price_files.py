"""Prices read from files of many vendors and spreadsheets."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import os
from dataclasses import replace
from pathlib import Path

from keras_wgan.data.file_content import PACKED, SHEETS, TEXT, file_content
from keras_wgan.data.price_columns import columns_of
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable
from keras_wgan.data.price_json import json_table
from keras_wgan.data.price_period import Period
from keras_wgan.data.price_reading import priced
from keras_wgan.data.price_sheets import sheet_table
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.price_text import decoded, text_table
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.parquet import read_parquet_table

SUFFIXES = (*TEXT, *SHEETS, ".json", ".parquet", *PACKED)


def name_of_file(path: Path) -> str:
    """Returns what a file is called, without the suffixes of its format and compression."""
    name = path.name
    for suffixes in (PACKED, SUFFIXES):
        if path.suffix.lower() in suffixes and path.stem:
            path = path.with_name(path.stem)
            name = path.name
    return name


def read_price_file(
    path: Path, tickers: tuple[str, ...] | None, period: Period, price_format: PriceFormat
) -> PriceTable:
    """Reads the prices of the named assets in a period, or the only prices that a file holds."""
    names = (name_of_file(path),) if tickers is None else tickers
    return priced(_table(path, price_format), tickers, names, period, price_format)


def parse_price_csv(text: str, path: Path) -> PriceTable:
    """Reads the only prices in the text of a CSV file."""
    table = text_table(text, path, ",")
    return priced(table, None, (name_of_file(path),), Period(None, None), PriceFormat())


def _table(path: Path, price_format: PriceFormat) -> RawTable:
    if not os.path.isfile(path):  # False for names that are too long, too
        if path.suffix.lower() not in SUFFIXES:
            raise InvalidInputError(
                '`source` must be "yahoo", "bundled", or the path of a file of prices, such as '
                f".csv, .xlsx or .parquet. Received: source={str(path)!r}"
            )
        raise InputNotFoundError(
            f"There is no file of prices at `source`. Received: source={str(path)!r}"
        )
    with reading(path), path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return _parquet(path)
    if start.startswith(b"PK\x03\x04") and path.suffix.lower() != ".zip":
        return sheet_table(path, price_format.sheet)
    if path.suffix.lower() in SHEETS:
        return sheet_table(path, price_format.sheet)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInputError(f"{path} is an Excel file of before 2007. Save it as .xlsx.")
    text, notes = decoded(file_content(path, start), path)
    if path.suffix.lower() == ".json":
        return json_table(text, path)
    table = text_table(text, path, price_format.separator)
    return replace(table, notes=(*notes, *table.notes))


def _parquet(path: Path) -> RawTable:
    body = read_parquet_table(path)
    columns = columns_of([[str(name)] for name in body.columns])
    body = body.set_axis(range(body.shape[1]), axis=1)
    return RawTable(path, columns, body.set_axis(range(1, len(body) + 1), axis=0), "row")
