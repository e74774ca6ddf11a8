"""The prices in the cells of a file: dates in sequence, numbers in one style, gaps counted."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_choice import (
    asset_column,
    date_column,
    is_adjusted,
    matching,
    price_columns,
)
from keras_wgan.data.price_columns import Column
from keras_wgan.data.price_dates import NUMERIC_FORMS, Dates, read_dates, with_times
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable
from keras_wgan.data.price_levels import levels_of
from keras_wgan.data.price_numbers import Mark, absent, decimal_mark, is_number, read_numbers, shown
from keras_wgan.data.price_period import Period
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.price_words import SUMMARIES, TIMES, word_of
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
    table, dates = _dated(table, date, columns, price_format)
    rows, notes = _rows_of_assets(table, date, dates.stamps, columns, tickers)
    mark = _mark(table, dates, columns, price_format)
    _refuse_split_numbers(table, columns, price_format)
    whole = Period(None, None) if price_format.returns else period
    series, lost = {}, []
    for name, column, own in zip(names, columns, rows, strict=True):
        asset = _Asset(table, name, column, dates.stamps[own])
        stamps, order = asset.in_sequence()
        notes += [order] if order and order not in notes else []
        series[name], gaps = asset.numbers(stamps, whole, mark, price_format)
        lost += [gaps] if (gaps and tickers is None) or (gaps and len(names) == 1) else []
    prices = pd.concat(series, axis=1, join="outer").sort_index()
    if price_format.returns is not None:
        prices, note = levels_of(prices, price_format.returns, period, str(table.path))
        notes.append(note)
    elif not len(prices):
        raise InvalidInputError(f"{table.path} holds no rows.")
    adjusted = None if price_format.returns else is_adjusted(table, columns)
    taken = tuple(column.label for column in columns)
    notes = [*table.notes, *_on_dates(table, date, dates), *notes]
    return PriceTable(prices, str(table.path), taken, adjusted, tuple(notes), tuple(lost))


def _dated(
    table: RawTable, date: Column, columns: Sequence[Column], price_format: PriceFormat
) -> tuple[RawTable, Dates]:
    """Returns the rows that have a date, and their dates; refuses a row without one among them."""
    blank = table.body.isna() | (
        table.body.astype(str).apply(lambda cells: cells.str.strip()) == ""
    )
    body = table.body.loc[~blank.all(axis=1)]
    if body.empty:
        raise InvalidInputError(f"{table.path} holds no rows.")
    cells = body[date.position]
    for column in table.columns:
        timed = column is not date and word_of(column.name) in TIMES
        if timed and not cells.astype(str).str.contains(":").any():
            cells = with_times(cells, body[column.position])
    dates = read_dates(cells, price_format.date_format)
    if dates.choices:
        raise InvalidInputError(
            f"The dates in {table.path}, such as {shown(cells.iloc[0])!r} in "
            f"{table.unit} {cells.index[0]}, can be read in {len(dates.choices)} ways. Say which: "
            f"{' or '.join(f'`--date-format {each}`' for each in dates.choices)}."
        )
    known = dates.stamps.dt.year.between(datetime.MINYEAR, datetime.MAXYEAR).to_numpy(bool)
    end = _end_of_dates(table, body, columns, known)
    notes = table.notes
    if end < len(body):
        notes = (*notes, _cut(table, body, end))
    if not known[:end].all():
        row = int(np.flatnonzero(~known[:end])[0])
        wanted = f"as {price_format.date_format}" if price_format.date_format else "like the others"
        raise InvalidInputError(
            f"The date in {table.where(body.index[row])} cannot be read: "
            f"{shown(cells.iloc[row])!r}. Write it {wanted}, such as 2000-01-31, or name the form "
            "with `--date-format`."
        )
    found = RawTable(table.path, table.columns, body.iloc[:end], table.unit, table.separator, notes)
    return found, Dates(dates.stamps.iloc[:end], dates.form)


def _end_of_dates(
    table: RawTable, body: pd.DataFrame, columns: Sequence[Column], known: Any
) -> int:
    """Returns where rows begin that only tell of the prices above them, such as their source."""
    if known[-1] or not known.any():
        return len(body)
    end = int(np.flatnonzero(known)[-1]) + 1
    first = [cell for cell in body.iloc[end] if isinstance(cell, str) and cell.strip()]
    priced_ = any(is_number(body.iloc[end][column.position]) for column in columns)
    summary = bool(first) and SUMMARIES.match(first[0].strip()) is not None
    return end if summary or not priced_ else len(body)


def _cut(table: RawTable, body: pd.DataFrame, end: int) -> str:
    text = " ".join(str(cell) for cell in body.iloc[end] if str(cell).strip() not in ("", "nan"))
    return (
        f"{len(body) - end} {table.unit}s below the prices of {table.path}, from {table.unit} "
        f"{body.index[end]} on, were left out: {shorten(text, 60)!r}."
    )


def _rows_of_assets(
    table: RawTable,
    date: Column,
    stamps: pd.Series[Any],
    columns: Sequence[Column],
    tickers: tuple[str, ...] | None,
) -> tuple[list[pd.Series[Any]], list[str]]:
    """Returns which rows belong to each asset: all of them, but where a column names the asset."""
    named = asset_column(table, date, stamps, columns)
    everywhere = pd.Series(True, index=stamps.index)
    if named is None:
        _check_only_asset(table, columns, tickers)
        return [everywhere] * len(columns), []
    assets = table.body[named.position].astype(str).str.strip()
    present = list(assets.unique())
    if tickers is None:
        raise InvalidInputError(
            f"{table.path} holds {len(present)} assets. Name those to read with `--ticker`: "
            f"{shorten(', '.join(present), 500)}."
        )
    found = [matching(present, ticker) for ticker in tickers]
    if None in found:
        raise InvalidInputError(
            f"{table.path} holds no asset {tickers[found.index(None)]} in its column "
            f"{named.label}. It holds: {shorten(', '.join(present), 500)}."
        )
    return [assets == name for name in found], []


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
        if (
            len(pair)
            and whole.str.fullmatch(r"-?\d+").all()
            and (rest.str.fullmatch(r"\d{1,6}" if nameless else r"\d\d")).all()
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


@dataclass(frozen=True, eq=False)
class _Asset:
    """The rows of one asset in a file."""

    table: RawTable
    name: str
    column: Column
    stamps: pd.Series[Any]

    def in_sequence(self) -> tuple[pd.Series[Any], str]:
        """Returns the time stamps, the oldest first, and a note if they were reversed."""
        steps = self.stamps.diff().dt.total_seconds().to_numpy()[1:]
        newest_first = (steps < 0).sum() > (steps > 0).sum()
        turned, order = steps < 0, "before the one above it"
        if newest_first:
            turned, order = steps > 0, "after the one above it, while the others are before it"
        for wrong, what in (
            (steps == 0, "is repeated. Keep one price of each date"),
            (turned, f"is {order}. Sort the rows by date"),
        ):
            if wrong.any():
                row = int(np.flatnonzero(wrong)[0]) + 1
                raise InvalidInputError(
                    f"The date {self.stamps.iloc[row]:%Y-%m-%d} in "
                    f"{self.table.where(self.stamps.index[row])} {what}."
                )
        if newest_first:
            return self.stamps.iloc[::-1], f"The rows of {self.table.path} were read from the end."
        return self.stamps, ""

    def numbers(
        self, stamps: pd.Series[Any], period: Period, mark: Mark, price_format: PriceFormat
    ) -> tuple[pd.Series[float], str]:
        """Returns the numbers of a period by time, and a note on the rows that have none."""
        inside = period.holds(stamps)
        if not inside.any():
            raise period.none_of(stamps, str(self.table.path))
        stamps = stamps[inside]
        cells = self.table.body[self.column.position].loc[stamps.index]
        found = read_numbers(cells, mark, lambda row, what: self._refusal(cells, row, what))
        if price_format.returns is None:
            for row in np.flatnonzero(np.isinf(found) | (found <= 0.0))[:1]:
                raise self._refusal(
                    cells,
                    int(row),
                    "must be above zero and finite, because returns are logarithms. Received: "
                    f"{shown(cells.iloc[row])}. Leave it out with `--start` and `--end`, take "
                    "another series, or give `--returns` if the file holds returns",
                )
        known = ~np.isnan(found)
        if not known.any():
            raise InvalidInputError(
                f"{self.table.path} holds no prices in its column {self.column.label}. Name "
                "another with `--price-column`."
            )
        note = ""
        if not known.all():
            note = (
                f"{(~known).sum()} of {len(known)} rows of {self.table.path} have no price of "
                f"{self.name} and were left out."
            )
        index = pd.DatetimeIndex(stamps[known], name="date").as_unit("us")
        return pd.Series(found[known], index=index), note

    def _refusal(self, cells: pd.Series[Any], row: int, what: str) -> InvalidInputError:
        return InvalidInputError(f"The price in {self.table.where(cells.index[row])} {what}.")
