"""The judgment of prices that were read: their frequency, and all that is unlikely."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from keras_wgan.data.frequency import Frequency
from keras_wgan.data.frequency_search import find_frequency
from keras_wgan.data.plausibility import check_future, check_prices
from keras_wgan.data.price_days import (
    Days,
    check_unpriced,
    days_of_all,
    days_of_begun,
    one_price_a_day,
    without_filled_days,
)
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.questions import Question
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True, eq=False)
class PriceReading:
    """Prices that can be trained on, and what was found in reading them.

    Args:
        whole: The prices of all days, a column for each asset under ascending dates; NaN before the
            first day of an asset.
        frequency: The frequency of the dates.
        source: Where the prices come from.
        columns: The column of each asset at the source.
        adjusted: Whether they are adjusted for splits and dividends; `None` where unknown.
        notes: Sentences on what was chosen and converted.
        dropped: What was left out, each with its number and reason.
    """

    whole: pd.DataFrame
    frequency: Frequency
    source: str
    columns: tuple[str, ...]
    adjusted: bool | None = None
    notes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def prices(self) -> pd.DataFrame:
        """The prices of the days on which all assets have one."""
        return self.whole.dropna()

    def describe(self) -> str:
        """Returns one line: rows, span, columns, frequency, largest move and what was dropped."""
        dates = pd.DatetimeIndex(self.whole.index)
        adjusted = {True: "adjusted", False: "not adjusted", None: "adjusted or not is unknown"}
        parts = [
            f"{len(dates):,} prices from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
            self._assets(),
            self.frequency.describe(),
            adjusted[self.adjusted],
        ]
        if largest := self._largest_move():
            parts.append(largest)
        if later := self._later():
            parts.append(f"masked before their first days: {later}")
        parts.append("dropped: " + (", ".join(self.dropped) or "nothing"))
        return f"{self.source}: {'; '.join(parts)}."

    def _assets(self) -> str:
        pairs = zip(self.prices.columns, self.columns, strict=True)
        names = [str(n) if str(n) == c else f"{n} (column {c})" for n, c in pairs]
        if len(names) > 5:
            names = [*names[:4], f"{len(names) - 4} more"]
        return ", ".join(names)

    def _later(self) -> str:
        rows = self.whole.notna().to_numpy().argmax(axis=0).tolist()
        starts = zip(self.whole.columns, rows, strict=True)
        return ", ".join(f"{n} ({self.whole.index[row]:%Y-%m-%d})" for n, row in starts if row)

    def _largest_move(self) -> str:
        moves = np.expm1(np.diff(np.log(self.whole.to_numpy(np.float64)), axis=0))
        if not moves.size:
            return ""
        row, column = np.unravel_index(np.nan_to_num(np.abs(moves)).argmax(), moves.shape)
        whose = f" of {self.whole.columns[column]}" if moves.shape[1] > 1 else ""
        day = self.whole.index[int(row) + 1]
        return f"largest move {moves[row, column]:+.1%}{whose} on {day:%Y-%m-%d}"


def judged(
    table: PriceTable, accept: Sequence[Question] = (), today: pd.Timestamp | None = None
) -> PriceReading:
    """Returns the usable prices of a table; refuses what is impossible or not accepted.

    `today` is the day from which on dates lie in the future, by default that of the clock.
    """
    now = pd.Timestamp.now("UTC").tz_localize(None) if today is None else today
    with _naming(table.source):
        return _judged(table, accept, now)


def prices_of_all(reading: PriceReading, accept: Sequence[Question] = ()) -> Days:
    """Returns the prices of the days of all assets, and a sentence on the days that are lost."""
    with _naming(reading.source):
        return days_of_all(reading.whole, accept)


@contextlib.contextmanager
def _naming(source: str) -> Iterator[None]:
    """Puts the source before the message of an error."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError(f"{source}: {error}") from error


def _judged(table: PriceTable, accept: Sequence[Question], today: pd.Timestamp) -> PriceReading:
    check_future(pd.DatetimeIndex(table.prices.index), accept, today)
    check_unpriced(table.unpriced, pd.DatetimeIndex(table.prices.index), accept)
    prices, second = one_price_a_day(table.prices)
    prices, lost = days_of_begun(prices, accept)
    frequency = find_frequency(pd.DatetimeIndex(prices.dropna().index))
    prices, filled = without_filled_days(prices, frequency)
    if filled:
        frequency = find_frequency(pd.DatetimeIndex(prices.dropna().index))
    check_prices(prices, frequency, accept)
    unpriced = tuple(sentence.rstrip(".") for sentence in table.lost)
    return PriceReading(
        whole=prices,
        frequency=frequency,
        source=table.source,
        columns=table.columns,
        adjusted=table.adjusted,
        notes=table.notes,
        dropped=(*unpriced, *second, *lost, *filled),
    )
