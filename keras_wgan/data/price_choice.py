"""The choice of the columns of a file that hold dates, assets and prices."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from keras_wgan.data.price_columns import Column, Kind
from keras_wgan.data.price_date_forms import NUMERIC_FORMS
from keras_wgan.data.price_dates import read_dates
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable
from keras_wgan.data.price_numbers import absent, is_number
from keras_wgan.errors import InvalidInputError

_LOOKED_AT = 50  # cells that show what a column holds
_LONGEST_LIST = 500  # characters of column names in a message
_COUNTED = ("", "index", "unnamed: 0")  # names of an index, which may count the rows


def date_column(table: RawTable, price_format: PriceFormat) -> Column:
    """Returns the column of dates: the given one, or by its name, or else by what it holds."""
    if (name := price_format.date_column) is not None:
        return called(table, "--date-column", name)
    named = sorted(
        (column for column in table.columns if column.kind == "date"),
        key=lambda column: column.rank,
    )
    if price_format.date_format is None:
        dated = [column for column in named if _holds_dates(table, column)]
    else:
        dated = named
    if dated:
        return dated[0]
    if clear := [column for column in named if column.name.lower() not in _COUNTED]:
        return clear[0]  # its first cell that is no date is named later
    others = [column for column in table.columns if column.kind in ("unknown", "asset", "time")]
    found = [column for column in others if _holds_dates(table, column, clearly=True)]
    if len(found) == 1:
        return found[0]
    reason = "several columns" if found else "no column"
    raise InvalidInputError(
        f"{table.path} must have a date column, and {reason} could be it. Name it with "
        f"`--date-column`. Its columns are: {listed(table.columns)}."
    )


def price_columns(
    table: RawTable, date: Column, tickers: tuple[str, ...] | None, price_format: PriceFormat
) -> list[Column]:
    """Returns a column for each ticker; without tickers, the only one of prices or of returns."""
    columns = [column for column in table.columns if column is not date]
    if (name := price_format.price_column) is not None:
        columns = _fields_called(table, columns, name)
        if len(columns) == 1:
            return columns * len(tickers or ("",))
    wanted = _wanted(price_format)
    if tickers is None:
        return [_only(table, columns, wanted)]
    return [
        _of_ticker(table, columns, ticker, wanted, alone=len(tickers) == 1) for ticker in tickers
    ]


def asset_columns(
    table: RawTable, date: Column, stamps: pd.Series[Any], taken: Sequence[Column]
) -> list[Column]:
    """Returns the columns that name the asset of each row; none where all rows are of one."""
    named = sorted(
        (column for column in table.columns if column.kind == "asset" and column is not date),
        key=lambda column: column.rank,
    )
    if not stamps.dropna().duplicated().any():
        several = [table.body[column.position].astype(str).nunique() > 1 for column in named]
        return named if several and all(several) else []  # one name of several may have changed
    free = [
        column
        for column in table.columns
        if column.kind == "unknown" and column is not date and column not in taken
    ]
    texts = [column for column in free if not holds_numbers(table.body[column.position])]
    found = []
    for column in (*named, *(texts if len(texts) == 1 else ())):
        rows = pd.DataFrame({"date": stamps, "asset": table.body[column.position].astype(str)})
        if rows["asset"].nunique() > 1 and not rows.dropna().duplicated().any():
            found.append(column)
    return found


def matching(names: Sequence[str], ticker: str | None) -> str | None:
    """Returns the name that a ticker means: AAPL means aapl, AAPL.US and "AAPL US Equity"."""
    if ticker is None:
        return None
    wanted = ticker.strip().casefold()
    for name in names:
        if name.strip().casefold() == wanted:
            return name
    heads = [name for name in names if _head(name) == wanted]
    return heads[0] if len(heads) == 1 else None


def is_adjusted(table: RawTable, taken: Sequence[Column]) -> bool | None:
    """Returns whether the prices are adjusted, as far as the names of the columns tell."""
    if all(column.kind == "adjusted" for column in taken):
        return True
    others = [column.asset for column in table.columns if column.kind == "adjusted"]
    return False if any(column.asset in others for column in taken) else None


def holds_numbers(cells: pd.Series[Any]) -> bool:
    """Whether most of the first cells that are not empty are numbers."""
    known = cells[~absent(cells)].head(_LOOKED_AT)
    return len(known) > 0 and 2 * sum(map(is_number, known)) > len(known)


def listed(columns: Sequence[Column]) -> str:
    """Returns the names of columns for a message."""
    return shorten(", ".join(column.label for column in columns), _LONGEST_LIST)


def called(table: RawTable, option: str, name: str) -> Column:
    """Returns the column that an option names, by its name or by its number from 1."""
    found = [column for column in table.columns if column.is_called(name)]
    if not found and name.strip().isdigit() and 0 < int(name) <= len(table.columns):
        found = [table.columns[int(name) - 1]]
    if len(found) != 1:
        number = "no column" if not found else f"{len(found)} columns"
        raise InvalidInputError(
            f"{table.path} has {number} of the name in `{option}`, {name!r}. Its columns are: "
            f"{listed(table.columns)}. A number from 1 names a column too."
        )
    return found[0]


def _holds_dates(table: RawTable, column: Column, *, clearly: bool = False) -> bool:
    cells = table.body[column.position]
    cells = cells[cells.astype(str).str.strip() != ""].head(_LOOKED_AT)
    if cells.empty or pd.api.types.is_bool_dtype(cells.dtype):
        return False
    found = read_dates(cells, None)
    known = found.stamps.notna()
    if 2 * known.sum() <= len(cells) and not known.head(2).all():  # text and more may follow
        return False
    if clearly:
        return found.form not in NUMERIC_FORMS or (
            column.position == 0 and found.form in ("yyyymmdd", "s", "ms")
        )
    return not (column.name.lower() in _COUNTED and found.form in ("year", "excel"))


def _fields_called(table: RawTable, columns: list[Column], name: str) -> list[Column]:
    """Returns the column of a name, or those of several assets, such as "Close" of Close_AAPL."""
    wanted = name.strip().casefold()
    found = [column for column in columns if column.field.casefold() == wanted]
    return found if len(found) > 1 else [called(table, "--price-column", name)]


def _wanted(price_format: PriceFormat) -> tuple[Kind, ...]:
    """Returns the kinds of columns in the order in which they are taken."""
    return ("adjusted", "close") if price_format.returns is None else ("return", "unknown", "close")


def _best(columns: Sequence[Column], wanted: Sequence[Kind]) -> list[Column]:
    """Returns the columns of the first kind, and of the best rank in it, that there are."""
    for kind in wanted:
        if found := [column for column in columns if column.kind == kind]:
            rank = min(column.rank for column in found)
            return [column for column in found if column.rank == rank]
    return []


def _only(table: RawTable, columns: list[Column], wanted: Sequence[Kind]) -> Column:
    found = _best([column for column in columns if column.asset is None], wanted)
    found = found or _best(columns, wanted)
    if not found:
        unknown = [
            column
            for column in columns
            if column.kind == "unknown" or column.name.lower() == "index"
        ]
        found = [column for column in unknown if holds_numbers(table.body[column.position])]
        if (close := _fourth_of_ohlc(table, found)) is not None:
            return close
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInputError(
            f"{table.path} must have a price column, such as Close or Price. Name it with "
            "`--price-column`, or say with `--returns` which returns the file holds. Its columns "
            f"are: {listed(table.columns)}. Columns that are no prices are for the recipe series."
        )
    assets = [column for column in found if column.asset]
    raise InvalidInputError(
        f"{table.path} must have one price column, or name the asset with `--ticker` or the column "
        f"with `--price-column`. {len(found)} columns could be it: {listed(assets or found)}. "
        "Columns that are no prices are for the recipe series."
    )


def _fourth_of_ohlc(table: RawTable, columns: list[Column]) -> Column | None:
    """Returns the close among open, high, low and close of a file without a header."""
    if len(columns) < 4 or any(column.name != str(column.position + 1) for column in columns):
        return None
    cells = table.body[[column.position for column in columns[:4]]]
    first, high, low, last = (
        pd.to_numeric(cells[column.position], errors="coerce") for column in columns[:4]
    )
    fits = (low <= first) & (low <= last) & (high >= first) & (high >= last)
    return columns[3] if fits.all() else None


def _of_ticker(
    table: RawTable,
    columns: list[Column],
    ticker: str,
    wanted: Sequence[Kind],
    *,
    alone: bool,
) -> Column:
    if found := [column for column in columns if column.is_called(ticker)]:
        if len(found) > 1:
            raise InvalidInputError(
                f"{table.path} has {len(found)} columns of the name {ticker!r}."
            )
        return found[0]
    own = [column for column in columns if column.asset is not None]
    name = matching(list(dict.fromkeys(str(column.asset) for column in own)), ticker)
    if name is not None:
        named = [column for column in own if column.asset == name]
        if found := _best(named, (*wanted, "unknown")):
            return found[0]
    shared = _best([column for column in columns if column.asset is None], wanted)
    rows = [column for column in table.columns if column.kind == "asset"]
    if len(shared) == 1 and (alone or rows):
        return shared[0]
    raise InvalidInputError(
        f"{table.path} must have a price column named {ticker} (in any case), or one of prices. "
        f"Its columns are: {listed(table.columns)}. Name one with `--price-column`."
    )


def _head(name: str) -> str:
    return name.strip().casefold().replace(".", " ").partition(" ")[0]
