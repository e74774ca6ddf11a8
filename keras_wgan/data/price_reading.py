"""The prices in the cells of a file: dates in sequence, numbers in one style, gaps counted."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from keras_wgan.data.price_choice import (
    asset_columns,
    date_column,
    is_adjusted,
    matching,
    price_columns,
)
from keras_wgan.data.price_columns import Column
from keras_wgan.data.price_date_forms import NUMERIC_FORMS
from keras_wgan.data.price_dates import Dates
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable
from keras_wgan.data.price_levels import levels_of
from keras_wgan.data.price_numbers import Mark, absent, decimal_mark, shown
from keras_wgan.data.price_period import Period
from keras_wgan.data.price_rows import dated_rows
from keras_wgan.data.price_series import AssetRows
from keras_wgan.data.price_table import PriceTable
from keras_wgan.errors import InvalidInputError

_EVIDENCE = 8  # further columns that may show the decimal mark


def priced(
    table: RawTable,
    tickers: tuple[str, ...] | None,
    names: tuple[str, ...],
    period: Period,
    price_format: PriceFormat,
) -> PriceTable:
    """Returns the prices of assets; `names` are theirs in the result, also without tickers."""
    date = date_column(table, price_format)
    columns = price_columns(table, date, tickers, price_format)
    table, dates, lost = dated_rows(table, date, columns, price_format)
    named = asset_columns(table, date, dates.stamps, columns)
    if not named:
        _check_only_asset(table, columns, tickers)
    rows = _rows_of_assets(table, named, tickers) or [dates.stamps.notna()] * len(columns)
    notes: list[str] = []
    mark = _mark(table, dates, columns, price_format)
    _refuse_split_numbers(table, columns, price_format)
    whole = Period(None, None) if price_format.returns else period
    series = {}
    for name, column, own in zip(names, columns, rows, strict=True):
        asset = AssetRows(table, name, column, dates.stamps[own])
        stamps, order = asset.in_sequence()
        notes += [order] if order and order not in notes else []
        series[name], gaps = asset.numbers(stamps, whole, mark, price_format)
        lost += [gaps] if gaps and len(names) == 1 else []
    prices = pd.concat(series, axis=1, join="outer").sort_index()
    rows_read = int(period.holds(dates.stamps).sum())
    if len(names) > 1 and not named and len(prices) < rows_read:
        lost.append(
            f"{rows_read - len(prices)} of {rows_read} rows of {table.path} have no price of any "
            f"of {shorten(', '.join(names), 300)} and were left out."
        )
    if price_format.returns is not None:
        prices, note = levels_of(prices, price_format.returns, period, str(table.path))
        notes.append(note)
    elif not len(prices):
        raise InvalidInputError(f"{table.path} holds no rows.")
    adjusted = None if price_format.returns else is_adjusted(table, columns)
    taken = tuple(column.label for column in columns)
    notes = [*table.notes, *_on_dates(table, date, dates), *notes]
    read = dates.stamps[rows[0]] if len(names) == 1 else dates.stamps
    unpriced = pd.DatetimeIndex(read[period.holds(read)]).difference(pd.DatetimeIndex(prices.index))
    return PriceTable(prices, str(table.path), taken, adjusted, tuple(notes), tuple(lost), unpriced)


def _rows_of_assets(
    table: RawTable, named: Sequence[Column], tickers: tuple[str, ...] | None
) -> list[pd.Series[Any]]:
    """Returns which rows belong to each ticker, by the first column that names them all."""
    for column in named:
        assets = table.body[column.position].astype(str).str.strip()
        present = list(assets.unique())
        found = [matching(present, ticker) for ticker in tickers or (None,)]
        if None not in found:
            return [assets == name for name in found]
    if not named:
        return []
    assets = table.body[named[0].position].astype(str).str.strip()
    what = "several assets" if tickers is None else f"no asset {', '.join(tickers)}"
    raise InvalidInputError(
        f"{table.path} holds {what}. Name those to read with `--ticker`: "
        f"{shorten(', '.join(assets.unique()), 500)}."
    )


def _check_only_asset(
    table: RawTable, columns: Sequence[Column], tickers: tuple[str, ...] | None
) -> None:
    """Refuses the name of another asset than the one that the rows are said to be of."""
    if tickers is None or any(column.asset for column in columns):
        return
    said: list[str] = []
    for column in table.columns:
        if column.kind == "asset" and not any(column is each for each in columns):
            cells = table.body[column.position].astype(str).str.strip()
            said += [name for name in cells.unique()[:20] if name]
    called = any(column.is_called(ticker) for column in columns for ticker in tickers)
    if said and not called and matching(said, tickers[0]) is None:
        raise InvalidInputError(
            f"{table.path} holds no asset {tickers[0]}. It holds: {shorten(', '.join(said), 500)}."
        )


def _mark(
    table: RawTable, dates: Dates, columns: Sequence[Column], price_format: PriceFormat
) -> Mark:
    if price_format.decimal is not None:
        return "," if price_format.decimal == "," else "."
    taken = [table.body[column.position] for column in columns]
    others = [
        table.body[column.position]
        for column in table.columns
        if column.kind not in ("date", "time", "asset") and column not in columns
    ]
    continental = table.separator == ";" or dates.form in ("%d.%m.%Y", "%d.%m.%y")
    mark = decimal_mark([*taken, *others[:_EVIDENCE]], continental=continental)
    if mark is not None:
        return mark
    cells = taken[0].astype(str)
    row = cells[cells.str.contains("[.,]")].index[0]
    raise InvalidInputError(
        f"The numbers in {table.path}, such as {shown(cells[row])!r} in {table.unit} {row}, can be "
        "read in 2 ways. Say which: `--decimal .` or `--decimal ,`."
    )


def _refuse_split_numbers(
    table: RawTable, columns: Sequence[Column], price_format: PriceFormat
) -> None:
    """Refuses "2510,89" without quotes in a file whose fields are separated by commas."""
    if table.separator != "," or price_format.decimal is not None:
        return
    for column in columns:
        beside = column.position + 1
        if beside >= len(table.columns):
            continue
        pair = table.body[[column.position, beside]].astype(str)
        pair = pair[~absent(pair[column.position])]
        whole, rest = (pair[at].str.strip() for at in (column.position, beside))
        nameless = not table.columns[beside].name
        if not nameless and table.columns[beside].kind != "other":
            continue
        if (
            len(pair)
            and whole.str.fullmatch(r"-?\d+").all()
            and rest.str.fullmatch(r"\d{1,6}" if nameless else r"\d\d").all()
            and (nameless or rest.str.startswith("0").any())  # 05 is no number of its own
        ):
            raise InvalidInputError(
                f"{table.where(pair.index[0])} may hold one number with a decimal comma, "
                f"'{whole.iloc[0]},{rest.iloc[0]}', or two. Write the number in quotes, or give "
                "`--decimal .` if these are two."
            )


def _on_dates(table: RawTable, date: Column, dates: Dates) -> list[str]:
    if dates.form not in NUMERIC_FORMS or dates.form in ("yyyymmdd", "yyyymm", "year"):
        return []
    meaning = (
        "days since 1899-12-30, as in Excel"
        if dates.form == "excel"
        else f"{dates.form} since 1970-01-01 UTC"
    )
    return [f"The column {date.label} of {table.path} was read as {meaning}."]
