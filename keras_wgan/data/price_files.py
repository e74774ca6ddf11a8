"""Prices read from files of many vendors and spreadsheets."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import bz2
import gzip
import io
import lzma
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import BinaryIO

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

MAX_BYTES = 2**28  # of text, about 3,000 assets over 40 years
_TEXT = (".csv", ".txt", ".tsv", ".tab", ".dat", ".prn", ".asc")
_SHEETS = (".xlsx", ".xlsm")
_PACKED = (".gz", ".bz2", ".xz", ".zip")
SUFFIXES = (*_TEXT, *_SHEETS, ".json", ".parquet", *_PACKED)


def name_of_file(path: Path) -> str:
    """Returns what a file is called, without the suffixes of its format and compression."""
    name = path.name
    for suffixes in (_PACKED, SUFFIXES):
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
    if path.suffix.lower() in _SHEETS:
        return sheet_table(path, price_format.sheet)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInputError(f"{path} is an Excel file of before 2007. Save it as .xlsx.")
    text, notes = decoded(_content(path, start), path)
    if path.suffix.lower() == ".json":
        return json_table(text, path)
    table = text_table(text, path, price_format.separator)
    return replace(table, notes=(*notes, *table.notes))


def _parquet(path: Path) -> RawTable:
    body = read_parquet_table(path)
    columns = columns_of([[str(name)] for name in body.columns])
    body = body.set_axis(range(body.shape[1]), axis=1)
    return RawTable(path, columns, body.set_axis(range(1, len(body) + 1), axis=0), "row")


def _content(path: Path, start: bytes) -> bytes:
    """Returns the bytes of a text file, unpacked."""
    try:
        with reading(path), _opened(path, start) as file:
            content = file.read(MAX_BYTES + 1)
    except (EOFError, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, ValueError) as error:
        raise InvalidInputError(
            f"{path} is not a whole compressed file: {shorten(str(error), 300)}"
        ) from error
    if len(content) > MAX_BYTES:
        size = path.stat().st_size
        raise InvalidInputError(
            f"{path} takes {max(size, len(content)):,} bytes, and at most {MAX_BYTES:,} are read. "
            "Keep only dates and closes in it."
        )
    return content


def _opened(path: Path, start: bytes) -> BinaryIO | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(path)
    if start.startswith(b"BZh"):
        return bz2.open(path)
    if start.startswith(b"\xfd7zXZ"):
        return lzma.open(path)
    if start.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) != 1 or members[0].file_size > MAX_BYTES:
                raise InvalidInputError(
                    f"{path} must hold one file of at most {MAX_BYTES:,} bytes. Received: "
                    f"{len(members)} files."
                )
            return io.BytesIO(archive.read(members[0]))
    return path.open("rb")
