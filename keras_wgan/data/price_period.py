"""The period of which prices are wanted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.dates import day_of


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included; None is the oldest or the newest."""

    first: pd.Timestamp | None
    last: pd.Timestamp | None

    @classmethod
    def of(cls, start: str | datetime.date | None, end: str | datetime.date | None) -> Self:
        """Returns the period between the days that a user gives."""
        wanted = 'a day such as "2000-01-01", or None'
        first = None if start is None else day_of("start", start, wanted)
        last = None if end is None else day_of("end", end, wanted)
        if first is not None and last is not None and first > last:
            raise InvalidInputError(
                f"`start` must not lie after `end`. Received: start={start!r}, end={end!r}"
            )
        return cls(first, last)

    def holds(self, stamps: Any) -> NDArray[np.bool_]:
        """Returns whether each time stamp lies on a day of the period."""
        # A price at 16:00 on the last day belongs to it.
        days = pd.DatetimeIndex(stamps).normalize()
        inside = np.ones(len(days), bool)
        if self.first is not None:
            inside &= np.asarray(days >= self.first)
        if self.last is not None:
            inside &= np.asarray(days <= self.last)
        return inside

    def none_of(self, stamps: Any, source: str) -> InvalidInputError:
        """Returns the error of prices that all lie outside the period."""
        days = pd.DatetimeIndex(stamps)
        start, end = (
            "None" if day is None else f"{day:%Y-%m-%d}" for day in (self.first, self.last)
        )
        return InvalidInputError(
            f"There is no price from `start` to `end`: {source!r} holds {days.min():%Y-%m-%d} "
            f"to {days.max():%Y-%m-%d}. Received: start={start}, end={end}"
        )
