"""The rows of a file of prices that have a date, and what stands below them."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_columns import Column
from keras_wgan.data.price_dates import Dates, read_dates, with_times
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable, is_data, trimmed
from keras_wgan.data.price_numbers import is_number, shown
from keras_wgan.data.price_words import SUMMARIES, TIMES, counted, word_of
from keras_wgan.errors import InvalidInputError


def dated_rows(
    table: RawTable, date: Column, columns: Sequence[Column], price_format: PriceFormat
) -> tuple[RawTable, Dates, list[str]]:
    """Returns the rows that have a date, their dates, and a note if prices may follow below them.

    A row without a date among them is refused.
    """
    undated = table.body[_is_blank(table.body[date.position])]
    blank = undated.index[undated.apply(_is_blank).all(axis=1)] if len(undated) else undated.index
    body = table.body.drop(index=blank)
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
    notes, lost = list(table.notes), list[str]()
    if end < len(body):
        below = [row for row in body.iloc[end:].itertuples(index=False) if is_data(trimmed(row))]
        (lost if below else notes).append(_cut(table, body, end))
    if not known[:end].all():
        row = int(np.flatnonzero(~known[:end])[0])
        cure = (
            "Write it like the others, such as 2000-01-31, or name the form with `--date-format`."
        )
        if price_format.date_format is not None:
            cure = f"`--date-format {price_format.date_format}` is not its form."
        raise InvalidInputError(
            f"The date in {table.where(body.index[row])} cannot be read: "
            f"{shown(cells.iloc[row])!r}. {cure}"
        )
    found = RawTable(
        table.path, table.columns, body.iloc[:end], table.unit, table.separator, tuple(notes)
    )
    return found, Dates(dates.stamps.iloc[:end], dates.form), lost


def _is_blank(cells: pd.Series[Any]) -> pd.Series[bool]:
    return cells.isna() | (cells.astype(str).str.strip() == "")


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
        f"{counted(len(body) - end, table.unit)} below the prices of {table.path}, from "
        f"{table.unit} {body.index[end]} on, left out: {shorten(text, 60)!r}."
    )
