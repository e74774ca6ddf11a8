"""The frequency of prices: how many of them a year has, and on which dates they come."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import pandas as pd

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.schema import Check, checked, refuse_unknown

WORKWEEK = (0, 1, 2, 3, 4)  # Monday to Friday, as pandas numbers the days of the week
WHOLE_WEEK = (0, 1, 2, 3, 4, 5, 6)
TRADING_DAYS = 252  # in a year of five-day weeks, by the convention for annual volatility
MINUTES_A_DAY = 24 * 60


class Unit(StrEnum):
    """The unit of a frequency."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    MINUTE = "minute"


_UNITS_PER_YEAR = {Unit.WEEK: 52, Unit.MONTH: 12, Unit.QUARTER: 4, Unit.YEAR: 1}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


@dataclass(frozen=True)
class Frequency:
    """How often there is a price.

    Example:
    ```python
    from keras_wgan.data import Frequency

    assert (Frequency().name, Frequency().periods_per_year) == ("business days", 252)
    weekly = Frequency("week")
    dates = weekly.dates_after("2023-12-29", periods=2)
    assert [f"{date:%Y-%m-%d}" for date in dates] == ["2024-01-05", "2024-01-12"]
    ```

    Args:
        unit: `"day"`, `"week"`, `"month"`, `"quarter"`, `"year"` or `"minute"`. Defaults to
            `"day"`.
        weekdays: Days of the week with prices, 0 for Monday, where `unit` is a day or a minute.
            Defaults to Monday to Friday.
        minutes: Minutes from one price to the next, where `unit` is a minute. Defaults to `1`.
        sessions: Times of the first and the last price of each session of a day, where `unit` is a
            minute. Defaults to one of the whole day.

    Raises:
        ValueError: If an argument is not of these.
    """

    unit: Unit = Unit.DAY
    weekdays: tuple[int, ...] = WORKWEEK
    minutes: int = 1
    sessions: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "unit", Unit(self.unit))
        except ValueError as error:
            raise InvalidInputError(
                f"`unit` must be one of {', '.join(Unit)}. Received: unit={self.unit!r}"
            ) from error
        whole_number("minutes", self.minutes, maximum=MINUTES_A_DAY)
        if not self.weekdays or sorted({*self.weekdays}) != list(self.weekdays):
            raise InvalidInputError(
                "`weekdays` must be ascending numbers from 0, Monday, to 6. "
                f"Received: weekdays={self.weekdays}"
            )
        for number in self.weekdays:
            whole_number("weekdays", number, minimum=0, maximum=6)
        for first, last in self.sessions:
            if _minute_of_day(first) > _minute_of_day(last):
                raise InvalidInputError(
                    "`sessions` must be pairs of times, the first not after the last. "
                    f"Received: {first} to {last}"
                )

    @property
    def periods_per_year(self) -> int:
        """The number of returns in a year; 252 for business days, 365 for all days."""
        if self.unit in _UNITS_PER_YEAR:
            return _UNITS_PER_YEAR[self.unit]
        days = 365 if len(self.weekdays) == 7 else TRADING_DAYS * len(self.weekdays) // 5
        return days * self.periods_per_day

    @property
    def periods_per_day(self) -> int:
        """The number of prices in a day, where there are several."""
        return len(self._times()) if self.unit == Unit.MINUTE else 1

    @property
    def name(self) -> str:
        """The frequency in words, such as `"business days"` or `"weeks"`."""
        if self.unit == Unit.MINUTE:
            return f"every {self.minutes} minutes" if self.minutes > 1 else "every minute"
        if self.unit == Unit.DAY:
            return "every day" if len(self.weekdays) == 7 else "business days"
        return f"{self.unit}s"

    def describe(self) -> str:
        """Returns the frequency with its number a year, such as `"weeks, 52 a year"`."""
        return f"{self.name}, {self.periods_per_year:,} a year"

    @property
    def period(self) -> str:
        """One period in words, such as `"trading day"`."""
        if self.unit == Unit.MINUTE:
            return f"{self.minutes}-minute period"
        return "trading day" if self._has_trading_days else str(self.unit)

    @property
    def periods(self) -> str:
        """Several periods in words, such as `"trading days"`."""
        return f"{self.period}s"

    @property
    def short(self) -> str:
        """One period in a word for narrow places, such as `"day"`."""
        return "period" if self.unit == Unit.MINUTE else str(self.unit)

    def dates_after(self, last: str | datetime.date, periods: int) -> pd.DatetimeIndex:
        """Returns the dates of the next prices.

        Holidays are included, because exchanges differ in theirs and set some at short notice.
        Months, quarters and years end on the last business day of the month where `last` does, on
        its last day where `last` does, and else come on the same day of the month.

        Args:
            last: The date of the last price, with its time for minutes.
            periods: The number of dates, 1 or more.

        Returns:
            `periods` dates without a time zone, named "date".

        Raises:
            ValueError: If `last` is not a date, or `periods` is below 1.
        """
        periods = whole_number("periods", periods)
        try:
            moment = pd.Timestamp(last).tz_localize(None)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(
                f"`last` must be a date such as '2023-12-29'. Received: last={last!r}."
            ) from error
        if self.unit == Unit.MINUTE:
            return self._minutes_after(moment, periods)
        day = moment.normalize()
        if self.unit == Unit.DAY:
            return self._days_after(day, periods)
        if self.unit == Unit.WEEK:
            return pd.date_range(
                day + pd.Timedelta(days=7), periods=periods, freq="7D", name="date"
            )
        return _months_after(day, _MONTHS[self.unit], periods)

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return {
            "unit": str(self.unit),
            "weekdays": list(self.weekdays),
            "minutes": self.minutes,
            "sessions": [list(session) for session in self.sessions],
        }

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Returns the frequency of a `to_config`; raises `ValueError` for any other value."""
        refuse_unknown(config, _ENTRIES)
        return cls(**checked(config, _ENTRIES))

    @property
    def _has_trading_days(self) -> bool:
        return self.unit == Unit.DAY and len(self.weekdays) < 7

    def _times(self) -> list[int]:
        sessions = self.sessions or (("00:00", "23:59"),)
        return [
            minute
            for first, last in sessions
            for minute in range(_minute_of_day(first), _minute_of_day(last) + 1, self.minutes)
        ]

    def _days_after(self, day: pd.Timestamp, periods: int) -> pd.DatetimeIndex:
        mask = "".join("01"[number in self.weekdays] for number in WHOLE_WEEK)
        step = pd.offsets.CustomBusinessDay(weekmask=mask)
        return pd.date_range(day + pd.Timedelta(days=1), periods=periods, freq=step, name="date")

    def _minutes_after(self, moment: pd.Timestamp, periods: int) -> pd.DatetimeIndex:
        times = pd.to_timedelta(self._times(), unit="min")
        day = moment.normalize()
        count = -(-periods // len(times)) + 1
        days = self._days_after(day - pd.Timedelta(days=1), count)
        stamps = pd.DatetimeIndex([one + time for one in days for time in times], name="date")
        return stamps[stamps > moment][:periods]


BUSINESS_DAYS = Frequency()


def _months_after(day: pd.Timestamp, step: int, periods: int) -> pd.DatetimeIndex:
    months = [day + pd.DateOffset(months=step * number) for number in range(1, periods + 1)]
    ends = [month + pd.offsets.MonthEnd(0) for month in months]
    if day == pd.offsets.BMonthEnd().rollback(day + pd.offsets.MonthEnd(0)):
        months = [pd.offsets.BMonthEnd().rollback(end) for end in ends]
    elif day.is_month_end:
        months = ends
    return pd.DatetimeIndex(months, name="date")


def _minute_of_day(time: Any) -> int:
    try:
        clock = datetime.time.fromisoformat(time)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"`sessions` must hold times such as 09:30. Received: {time!r}"
        ) from error
    return 60 * clock.hour + clock.minute


def _unit(name: str, value: Any) -> Unit:
    try:
        return Unit(value)
    except ValueError as error:
        raise InvalidInputError(
            f"`{name}` must be one of {', '.join(Unit)}. Received: {name}={value!r}"
        ) from error


def _weekdays(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise InvalidInputError(f"`{name}` must be a list. Received: {name}={value!r}")
    return tuple(whole_number(name, number, minimum=0, maximum=6) for number in value)


def _sessions(name: str, value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not all(
        isinstance(session, list) and len(session) == 2 for session in value
    ):
        raise InvalidInputError(f"`{name}` must be a list of pairs. Received: {name}={value!r}")
    return tuple((first, last) for first, last in value)


_ENTRIES: dict[str, Check] = {
    "unit": _unit,
    "weekdays": _weekdays,
    "minutes": whole_number,
    "sessions": _sessions,
}
