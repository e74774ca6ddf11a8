"""Readers of prices in CSV and Parquet files."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import io
import textwrap
import warnings
from pathlib import Path

import pandas as pd

from keras_wgan.data.price_checks import absent, close_series
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_table import PriceTable
from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.io.files import reading
from keras_wgan.io.parquet import read_parquet_table

# In order of preference, without case and outer spaces.
DATE_COLUMNS = ("date", "datetime", "timestamp")
PRICE_COLUMNS = ("close", "adj close", "adj_close", "price")
MAX_BYTES = 2**28  # of a CSV file, about 3,000 assets over 40 years
MAX_COLUMNS = 10_000
_NAMELESS = ("", "unnamed: 0", "index")  # pandas' names of an unnamed index
_LONGEST_LIST = 500  # characters of column names in a message


_SUFFIXES = (".csv", ".parquet")


def name_of_file(path: Path) -> str:
    """Returns what a file is called, without the suffix of its format."""
    return path.stem if path.suffix.lower() in _SUFFIXES else path.name


def read_price_file(
    path: Path, tickers: tuple[str, ...] | None, price_format: PriceFormat
) -> PriceTable:
    """Reads the prices of the named assets, or the only prices that a file holds."""
    table = _read(path)
    alone = tickers is None or len(tickers) == 1
    names = (name_of_file(path),) if tickers is None else tickers
    if alone and any(column.strip().lower() in PRICE_COLUMNS for column in table.columns):
        taken = [_find(table, "price", PRICE_COLUMNS, path)]
        closes = [_closes(table, taken[0], path)]
    else:
        taken = [_find(table, "price", (name,), path) for name in names]
        closes = [_closes(table, column, path, gaps=True) for column in taken]
    prices = pd.concat(dict(zip(names, closes, strict=True)), axis=1, join="outer").sort_index()
    notes = []
    rows = int((table.astype(str) != "").any(axis=1).sum())
    if alone and len(prices) < rows:
        notes.append(
            f"{rows - len(prices)} of {rows} rows of {path} have no price of "
            f"{names[0]} and were left out."
        )
    return PriceTable(prices, str(path), tuple(taken), notes=tuple(notes))


def _read(path: Path) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise InvalidInputError(
            '`source` must be "yahoo", "bundled", or the path of a .csv or .parquet file. '
            f"Received: source={str(path)!r}"
        )
    if not path.is_file():
        raise InputNotFoundError(
            f"There is no file of prices at `source`. Received: source={str(path)!r}"
        )
    if suffix == ".parquet":
        return read_parquet_table(path)
    if (size := path.stat().st_size) > MAX_BYTES:
        raise InvalidInputError(
            f"{path} takes {size:,} bytes, and at most {MAX_BYTES:,} are read. Keep only dates "
            "and closes in it."
        )
    try:
        with reading(path):
            text = path.read_text(encoding="utf-8-sig")  # with a byte order mark
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is not a text file in UTF-8: {error}.") from error
    return _csv_table(text, path)


def parse_price_csv(text: str, path: Path) -> pd.Series[float]:
    """Reads the price column in the text of a CSV file."""
    table = _csv_table(text, path)
    return _closes(table, _find(table, "price", PRICE_COLUMNS, path), path)


def _csv_table(text: str, path: Path) -> pd.DataFrame:
    columns = text.partition("\n")[0].count(",") + 1
    if columns > MAX_COLUMNS:
        raise InvalidInputError(
            f"{path} has {columns:,} fields in its header, and at most {MAX_COLUMNS:,} columns "
            "are read. Keep only dates and closes in it."
        )
    try:
        with warnings.catch_warnings():
            # pandas would drop the last fields of rows longer than the header, and read
            # "2000-01-03,1,399.42" as a price of 1.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text),
                dtype=str,
                keep_default_na=False,  # the check of prices reports the line of "NA"
                skip_blank_lines=False,  # blank lines count in line numbers
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise InvalidInputError(
            f"{path} is not a table with as many fields in each line as in its header: "
            f"{textwrap.shorten(str(error), 300)}"
        ) from error
    except pd.errors.EmptyDataError as error:
        raise InvalidInputError(f"{path} is empty.") from error


def _closes(
    table: pd.DataFrame, price_column: str, path: Path, *, gaps: bool = False
) -> pd.Series[float]:
    unit, first_row = ("row", 1) if path.suffix.lower() == ".parquet" else ("line", 2)
    date_column = _find(table, "date", DATE_COLUMNS, path, or_else=_NAMELESS)
    kept = table.loc[~(table.astype(str) == "").all(axis=1)]
    if gaps:  # days before its listing, or holidays of its exchange
        kept = kept.loc[~absent(kept[price_column])]
    if kept.empty:
        raise InvalidInputError(f"{path} holds no rows.")
    return close_series(
        kept[date_column],
        kept[price_column],
        where=lambda row: f"{unit} {int(kept.index[row]) + first_row} of {path}",
    )


def _find(
    table: pd.DataFrame,
    kind: str,
    names: tuple[str, ...],
    path: Path,
    *,
    or_else: tuple[str, ...] = (),
) -> str:
    columns = {column.strip().lower(): column for column in reversed(list(table.columns))}
    for name in (each.strip().lower() for each in (*names, *or_else)):
        if name in columns:
            return columns[name]
    raise InvalidInputError(
        f"{path} must have a {kind} column named {', '.join(names)} (in any case). "
        f"Its columns are: {textwrap.shorten(', '.join(table.columns), _LONGEST_LIST)}."
    )
