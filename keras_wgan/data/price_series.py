"""The prices of one asset in a file, in sequence."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.data.price_columns import Column
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.price_grid import RawTable
from keras_wgan.data.price_numbers import Mark, read_numbers, shown
from keras_wgan.data.price_period import Period
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True, eq=False)
class AssetRows:
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
            note = f"The rows of {self.table.path} are newest first and were reversed."
            return self.stamps.iloc[::-1], note
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
        self._refuse_percent(cells, price_format)
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

    def _refuse_percent(self, cells: pd.Series[Any], price_format: PriceFormat) -> None:
        if price_format.returns in ("simple", "log"):
            signs = cells.astype(str).str.contains("%").to_numpy(bool)
            for row in np.flatnonzero(signs)[:1]:
                raise self._refusal(cells, int(row), "is in percent. Give `--returns percent`")

    def _refusal(self, cells: pd.Series[Any], row: int, what: str) -> InvalidInputError:
        return InvalidInputError(f"The price in {self.table.where(cells.index[row])} {what}.")
