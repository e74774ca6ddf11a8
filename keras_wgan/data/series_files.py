"""Tables of several series in order of time, read from text, Excel and Parquet files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

import numpy as np
import pandas as pd

from keras_wgan.data.price_dates import is_date
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_numbers import is_number
from keras_wgan.data.series_cells import read_cells
from keras_wgan.data.series_numbers import MISSING, far_values, read_numbers_of
from keras_wgan.data.series_order import RowOrder, ordering_of
from keras_wgan.errors import InvalidInputError

PLACES = ("window", "row")  # columns of the files that are generated


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Finite numbers in order of time, a column for each series, and what orders the rows.

    `notes` are sentences on what was found, but not changed.
    """

    values: pd.DataFrame
    order: RowOrder | None = None
    notes: tuple[str, ...] = ()


def read_series(path: Path, form: PriceFormat) -> SeriesTable:
    """Returns the numbers of a file whose first line or row names the columns.

    A column of dates, or of a running number, orders the rows and is not among the series.
    """
    found = read_cells(path, form)
    cells, where = found.body, found.where
    _refuse_names(list(cells.columns), path)
    if cells.empty:
        raise InvalidInputError(f"{path} has names of columns, but no rows below them.")
    ordering = ordering_of(cells, form, where)
    order = ordering.order
    taken = order.taken if order is not None else ()
    series = cells.iloc[:, [at for at in range(cells.shape[1]) if at not in taken]]
    if not series.shape[1]:
        raise InvalidInputError(
            f"{path} has no column of numbers next to {order.column if order else 'none'}. Give "
            "each series a column."
        )
    _refuse_places(list(map(str, series.columns)), path)
    columns = [read_numbers_of(column, form.decimal, where) for _, column in series.items()]
    values = pd.DataFrame(np.column_stack(columns), columns=series.columns)
    _refuse_constants(values, path)
    far = [far_values(str(name), values[name].to_numpy(), where) for name in values]
    notes = (*found.notes, *ordering.notes, *(sentence for sentence in far if sentence))
    return SeriesTable(values, order, notes)


def _refuse_names(names: list[str], path: Path) -> None:
    if _are_data(names):
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


def _are_data(names: list[str]) -> bool:
    """Whether names are the first row of a table without any: a date or number, and numbers.

    Numbers can be names next to a name, such as those of sensors in "time, 1, 2, 3".
    """
    plain = [is_number(name) or is_date(name) for name in names]
    empty = [name.lower() in MISSING for name in names]
    return plain[0] and (len(names) == 1 or any(plain[1:]) or all(empty[1:]))


def _refuse_places(names: list[str], path: Path) -> None:
    taken = [name for name in names if name in PLACES]
    if taken:
        raise InvalidInputError(
            f"No series of {path} may be called {' or '.join(PLACES)}, because the files of "
            f"generated windows have columns of these names. Received: {taken[0]!r}. Rename it."
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
