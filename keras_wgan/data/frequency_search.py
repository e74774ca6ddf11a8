"""The search for the frequency of dated prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.frequency import WHOLE_WEEK, WORKWEEK, Frequency, Unit
from keras_wgan.errors import InvalidInputError

# Days from one price to the next: a long weekend belongs to daily prices, a Thursday in place of a
# Friday to weekly ones.
SPACINGS = {
    Unit.DAY: (1, 4),
    Unit.WEEK: (5, 9),
    Unit.MONTH: (26, 37),
    Unit.QUARTER: (80, 100),
    Unit.YEAR: (350, 380),
}
TYPICAL = {**SPACINGS, Unit.WEEK: (6, 8)}  # every third business day is no week
MIN_RUN = 5  # spacings of a second frequency in a row, which no holidays of a market explain
ENOUGH = 10  # dates, below which spacings that fit no frequency are left alone
NEVER, ALWAYS = 0.1, 0.8  # of the weekends, beside the days from Monday to Friday
WEEKS = 4  # from which on the share of weekends counts
ON_STEP = 0.9  # of the steps within a day


def find_frequency(dates: pd.DatetimeIndex) -> Frequency:
    """Finds the frequency of dated prices.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.data import find_frequency

    assert find_frequency(pd.date_range("2020-01-01", periods=100)).name == "every day"
    assert find_frequency(pd.bdate_range("2020-01-01", periods=100)).name == "business days"
    ```

    Args:
        dates: Ascending dates, with their times where there are several prices a day.

    Returns:
        The frequency; business days where there are too few dates to tell.

    Raises:
        ValueError: If the dates are a mixture of frequencies, or of none of those known.
    """
    days = pd.DatetimeIndex(dates).normalize()
    single = days.unique()
    if len(dates) >= 2 * len(single) > 0:
        return _of_minutes(pd.DatetimeIndex(dates), single)
    spacing = _spacing_in_days(single)
    if spacing.unit != Unit.DAY:
        return Frequency(spacing.unit)
    return Frequency(Unit.DAY, weekdays=_weekdays(single))


@dataclass(frozen=True)
class _Run:
    unit: Unit | None
    first: int
    length: int


def _spacing_in_days(days: pd.DatetimeIndex) -> Frequency:
    gaps = np.diff(days.to_numpy("datetime64[D]")).astype(int)
    if not len(gaps):
        return Frequency()
    units = [_unit_of(gap) for gap in gaps]
    runs = _runs(units)
    long = {run.unit: run for run in runs if run.unit is not None and run.length >= MIN_RUN}
    if len(long) > 1:
        spans = " and ".join(
            f"{run.unit}s ({days[run.first]:%Y-%m-%d} to {days[run.first + run.length]:%Y-%m-%d})"
            for run in sorted(long.values(), key=lambda run: run.first)
        )
        raise InvalidInputError(
            f"The dates are a mixture of {spans}, and returns over different times do not compare. "
            "Choose the part with one frequency by `start` and `end`, or bring all prices to one."
        )
    known = [unit for unit in units if unit is not None]
    common = max(Unit, key=known.count) if known else Unit.DAY
    shortest, longest = TYPICAL[common]
    regular = 2 * len(known) >= len(units) and shortest <= np.median(gaps) <= longest
    if not regular:
        if len(days) <= ENOUGH:
            return Frequency()
        raise InvalidInputError(
            "The dates must come every day, business day, week, month, quarter or year, or every "
            f"few minutes. Received: {len(days)} dates, mostly {int(np.median(gaps))} days apart, "
            f"from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}. Bring them to one of these, such as "
            'by `prices.resample("ME").last()`.'
        )
    return Frequency(common)


def _unit_of(gap: int) -> Unit | None:
    for unit, (shortest, longest) in SPACINGS.items():
        if shortest <= gap <= longest:
            return unit
    return None


def _runs(units: list[Unit | None]) -> list[_Run]:
    """Returns the stretches of equal units."""
    runs: list[_Run] = []
    for place, unit in enumerate(units):
        if runs and runs[-1].unit == unit:
            runs[-1] = _Run(unit, runs[-1].first, runs[-1].length + 1)
        else:
            runs.append(_Run(unit, place, 1))
    return runs


def _weekdays(days: pd.DatetimeIndex) -> tuple[int, ...]:
    """Returns the days of the week that have prices; refuses a mixture of two kinds of weeks."""
    every = pd.date_range(days[0], days[-1])
    there = np.bincount(days.day_of_week, minlength=7) / np.maximum(
        np.bincount(every.day_of_week, minlength=7), 1
    )
    if len(every) < 7 * WEEKS:
        return WHOLE_WEEK if there[5:].any() else WORKWEEK
    share = there / max(np.sort(there)[2:].mean(), 1e-9)  # of the five usual days
    saturday, sunday = share[5], share[6]
    if NEVER < saturday < ALWAYS and NEVER < sunday < ALWAYS:
        weekend = days[days.day_of_week >= 5]
        raise InvalidInputError(
            "The dates are a mixture of business days and of every day: "
            f"{there[5:].mean():.0%} of the weekends have prices, from {weekend[0]:%Y-%m-%d} to "
            f"{weekend[-1]:%Y-%m-%d}. Choose the part with one frequency by `start` and `end`, or "
            "delete the weekends."
        )
    traded = tuple(int(number) for number in np.flatnonzero(share >= ALWAYS / 2))
    return WHOLE_WEEK if len(traded) == 7 else traded if len(traded) in (5, 6) else WORKWEEK


def _of_minutes(dates: pd.DatetimeIndex, days: pd.DatetimeIndex) -> Frequency:
    seconds = np.diff(dates.to_numpy("datetime64[s]")).astype(np.int64)
    within = seconds[np.asarray(dates.normalize()[1:] == dates.normalize()[:-1])]
    step = _common_step(within)
    minute = dates.hour * 60 + dates.minute
    counts = np.bincount(minute, minlength=24 * 60)
    usual = np.flatnonzero(counts >= counts.max() / 2)
    return Frequency(
        Unit.MINUTE, weekdays=_weekdays(days), minutes=step, sessions=_sessions(usual, step)
    )


def _common_step(seconds: NDArray[np.int64]) -> int:
    values, counts = np.unique(seconds, return_counts=True)
    common = int(values[counts.argmax()])
    if common < 60 or common % 60 or np.mean(seconds % common == 0) < ON_STEP:
        raise InvalidInputError(
            "Prices within a day must be whole minutes apart. Received: steps of "
            f"{int(seconds.min())} to {int(seconds.max())} seconds, mostly {common}. Bring them to "
            'one step, such as by `prices.resample("5min").last().dropna()`.'
        )
    return common // 60


def _sessions(minutes: NDArray[np.intp], step: int) -> tuple[tuple[str, str], ...]:
    starts = np.flatnonzero(np.diff(minutes, prepend=-2 * step - 1) > step)
    ends = [*(starts[1:] - 1), len(minutes) - 1]
    return tuple(
        (_clock(minutes[first]), _clock(minutes[last]))
        for first, last in zip(starts, ends, strict=True)
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
