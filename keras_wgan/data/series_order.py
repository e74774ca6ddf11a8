"""What orders the rows of a table of series: dates, times, or a running number."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.series_names import (
    NO_COLUMN,
    called,
    counts_rows,
    must_order,
    usually_orders,
)
from keras_wgan.data.series_numbers import Where, numbers_or_nan
from keras_wgan.data.series_times import (
    Stamps,
    are_times,
    holds_dates,
    stamps_of,
    times_next_to,
)
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class RowOrder:
    """What orders the rows, its first and last value, and how many steps are longer.

    `taken` are the numbers of the columns that are no series.
    """

    column: str
    first: str
    last: str
    longer: int = 0  # than the most frequent step
    rows: int = 0
    taken: tuple[int, ...] = (0,)

    def describe(self) -> str:
        """Returns a sentence about the column."""
        name = f"The column {self.column!r}" if self.column else "The first column, without a name,"
        found = f"{name} orders the rows, {self.first} to {self.last}, and is not modeled"
        if not self.longer:
            return f"{found}."
        return (
            f"{found}; rows are taken as equally spaced, though {self.longer:,} of the "
            f"{self.rows - 1:,} steps between them exceed the most frequent one."
        )


@dataclass(frozen=True)
class Ordering:
    """What orders the rows, `None` for nothing, and sentences on what else was found."""

    order: RowOrder | None
    notes: tuple[str, ...] = ()


def ordering_of(cells: pd.DataFrame, form: PriceFormat, where: Where) -> Ordering:
    """Returns what orders the rows: the column that the form names, or the first if it looks so.

    A column that must order the rows and does not is refused.
    """
    if form.date_column is not None:
        return _by_name(cells, form, where)
    first = str(cells.columns[0])
    if cells.shape[1] > 1 and counts_rows(first, numbers_or_nan(cells.iloc[:, 0], form.decimal)):
        dates = cells.iloc[:, 1]
        if holds_dates(dates, None):
            return _behind_an_index(cells, 1, form, where)
    order = _order(cells, 0, form, where)
    if order is not None:
        return Ordering(order)
    numbers = numbers_or_nan(cells.iloc[:, 0], form.decimal)
    if len(numbers) > 1 and np.isfinite(numbers).all() and (np.diff(numbers) > 0).all():
        note = (
            f"The first column {first!r} rises in every row and is modeled as a series: if it only "
            f"counts rows, leave it out, or add `--date-column {called(first)}`."
        )
        return Ordering(None, (note,))
    return Ordering(None)


def _by_name(cells: pd.DataFrame, form: PriceFormat, where: Where) -> Ordering:
    named = str(form.date_column).strip()
    names = [str(name) for name in cells.columns]
    lower = [name.casefold() for name in names]
    if named.casefold() in lower:
        at = lower.index(named.casefold())
    elif named.casefold() == NO_COLUMN:
        return Ordering(None, (f"No column orders the rows, by `--date-column {NO_COLUMN}`.",))
    elif named.isdecimal() and 1 <= int(named) <= len(names):
        at = int(named) - 1
    else:
        raise InvalidInputError(
            f"`date_column` must be a column, by name or by number from 1, or {NO_COLUMN!r}. "
            f"Received: date_column={named!r}, of {len(names)} columns: "
            f"{', '.join(names[:12])}{', ...' if len(names) > 12 else ''}. Correct it."
        )
    if at and counts_rows(names[0], numbers_or_nan(cells.iloc[:, 0], form.decimal)):
        return _behind_an_index(cells, at, form, where)
    return Ordering(_order(cells, at, form, where, must=True))


def _behind_an_index(cells: pd.DataFrame, at: int, form: PriceFormat, where: Where) -> Ordering:
    """Returns an order by a column behind one that only counts rows, as pandas writes its index."""
    order = _order(cells, at, form, where, must=True)
    assert order is not None
    note = "The first column only counts the rows, and is not modeled either."
    return Ordering(replace(order, taken=(0, *order.taken)), (note,))


def _order(
    cells: pd.DataFrame, at: int, form: PriceFormat, where: Where, *, must: bool = False
) -> RowOrder | None:
    column, name = cells.iloc[:, at], str(cells.columns[at])
    if form.date_format is not None or holds_dates(column, name):
        beside = cells.iloc[:, at + 1] if at + 1 < cells.shape[1] else None
        times = None if beside is None else times_next_to(column, beside)
        stamps = stamps_of(column, form.date_format, where, times)
        if times is None or beside is None:
            return _by_stamps(stamps, column, at, where)
        both = column.astype(str).str.cat(beside.astype(str), sep=" ").rename(name)
        found = _by_stamps(stamps, both, at, where)
        return replace(found, column=f"{name} and {beside.name}", taken=(at, at + 1))
    if are_times(column):
        stamps = stamps_of(column, None, where, column)
        return _by_stamps(stamps, column, at, where)
    return _by_numbers(column, at, form.decimal, where, must=must)


def _by_stamps(stamps: Stamps, column: pd.Series[Any], at: int, where: Where) -> RowOrder:
    steps = stamps.times.diff().iloc[1:].to_numpy()
    _refuse_disorder(steps <= np.timedelta64(0), column, where, same=steps == np.timedelta64(0))
    longer = _longer(steps)
    return RowOrder(str(column.name), *stamps.ends, longer, len(column), (at,))


def _by_numbers(
    column: pd.Series[Any], at: int, decimal: str | None, where: Where, *, must: bool
) -> RowOrder | None:
    name, numbers = str(column.name), numbers_or_nan(column, decimal)
    known = np.isfinite(numbers)
    if must and not known.all():
        row = int(np.flatnonzero(~known)[0])
        raise InvalidInputError(
            f"The column {name!r} must hold a date or a number in each row to order them. "
            f"Received: {column.iloc[row]!r} in {where(row)}. Correct it, or name the form of the "
            "dates with `--date-format`."
        )
    if not known.all() or len(numbers) < 2:
        return None
    steps = np.diff(numbers)
    rises = bool((steps > 0).all())
    by_ones = bool((steps == 1).all() and (numbers == numbers.round()).all())
    orders = must or by_ones or (rises and usually_orders(name)) or must_order(name, steps)
    if not orders:
        return None
    _refuse_disorder(steps <= 0, column, where, same=steps == 0)
    ends = (f"{numbers[0]:.15g}", f"{numbers[-1]:.15g}")
    # Decimal steps such as 0.1 differ in their last bits.
    return RowOrder(name, *ends, _longer(np.round(steps, 9)), len(column), (at,))


def _refuse_disorder(falls: Any, column: pd.Series[Any], where: Where, *, same: Any) -> None:
    found = np.flatnonzero(falls)
    if not len(found):
        return
    row, name = int(found[0]) + 1, str(column.name)
    which = f"column {name!r}" if name else "first column, without a name,"
    clocks, series = "", f" If the column is a series, add `--date-column {NO_COLUMN}`."
    if ":" in str(column.iloc[row]):
        clocks = (
            " Where clocks are set back, local times need their offset from UTC, such as +02:00."
        )
    if holds_dates(column, name) or are_times(column):
        series = ""
    if are_times(column):
        remedy = "Write each time with its date in one column, such as 2024-01-31 12:30."
    elif same.sum() == len(found):
        remedy = (
            "Keep one row of each time: write day and hour, or year and month, in one column, and "
            f"give each place or device columns of its own.{clocks}"
        )
    else:
        remedy = f"Sort the rows.{clocks}"
    raise InvalidInputError(
        f"The {which} must increase from row to row, because rows are in order of "
        f"time. Received: {column.iloc[row]} after {column.iloc[row - 1]}, in {where(row)}. "
        f"{remedy}{series}"
    )


def _longer(steps: Any) -> int:
    """Returns how many steps are longer than the most frequent one."""
    if not len(steps):
        return 0
    lengths, counts = np.unique(steps, return_counts=True)
    return int(counts[lengths > lengths[counts.argmax()]].sum())
