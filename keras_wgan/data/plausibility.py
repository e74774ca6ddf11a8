"""Questions about prices that are read, and which of them are asked."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.frequency import Frequency, Unit
from keras_wgan.data.price_jumps import find_jumps
from keras_wgan.data.questions import Question, ask

# Calendar days between two prices. Chinese New Year takes 11, the longest closures of the last
# fifty years on large exchanges a week.
LONGEST_GAPS = {
    Unit.MINUTE: 15,
    Unit.DAY: 15,
    Unit.WEEK: 28,
    Unit.MONTH: 100,
    Unit.QUARTER: 200,
    Unit.YEAR: 750,
}
LONGEST_GAP_EVERY_DAY = 8
MIN_COVERAGE = 0.8  # of the business days or days of a span; holidays take up to 8%
MIN_DAYS = 30  # from which on the coverage says something
EQUAL_PRICES = 10  # in a row
CHANCE = 1e-3  # of so many in a row, for a price that keeps still as often as around them
AROUND = 250  # returns on each side
MOSTLY_STILL = 0.5  # of the returns
BLOCK = 20  # returns that come again in the same order
MADE = 4  # copies of one block, from which on prices are periodic by construction


def check_future(dates: pd.DatetimeIndex, accept: Sequence[Question], today: pd.Timestamp) -> None:
    """Asks about prices of days after tomorrow; a date line lies between here and there."""
    late = dates[dates.normalize() > today.normalize() + pd.Timedelta(days=1)]
    if len(late):
        ask(
            Question.FUTURE,
            f"{len(late)} prices are of the future, the first of {late[0]:%Y-%m-%d} and the last "
            f"of {late[-1]:%Y-%m-%d}; today is {today:%Y-%m-%d}.",
            accept,
            "Look for a slip in the dates or for another order of day and month, or end before "
            "with `--end`.",
        )


def check_prices(prices: pd.DataFrame, frequency: Frequency, accept: Sequence[Question]) -> None:
    """Asks about all that is unlikely in prices, a column for each asset from its first day on.

    Raises:
        ValueError: For the first finding of a kind that is not in `accept`.
    """
    dates = pd.DatetimeIndex(prices.index)
    _check_holes(dates, frequency, accept)
    for name, priced in prices.items():
        column = priced.dropna()
        _check_jumps(str(name), column, frequency, accept)
        _check_still(str(name), column, frequency, accept)
        _check_duplicates(str(name), column, accept)


def longest_gap(frequency: Frequency) -> int:
    """Returns the calendar days that may lie between two prices."""
    if frequency.unit == Unit.DAY and len(frequency.weekdays) == 7:
        return LONGEST_GAP_EVERY_DAY
    return LONGEST_GAPS[frequency.unit]


def _check_holes(dates: pd.DatetimeIndex, frequency: Frequency, accept: Sequence[Question]) -> None:
    days = dates.normalize()
    gaps = np.diff(days.to_numpy("datetime64[D]")).astype(int)
    limit = longest_gap(frequency)
    holes = np.flatnonzero(gaps > limit)
    if len(holes):
        longest = int(holes[gaps[holes].argmax()])
        ask(
            Question.HOLES,
            f"There is no price for {gaps[longest]} days, from {days[longest]:%Y-%m-%d} to "
            f"{days[longest + 1]:%Y-%m-%d}{_others(len(holes), 'hole')}; up to {limit} are usual "
            f"for {frequency.name}.",
            accept,
            "Fill the hole from another source, or choose one side of it with `--start` and "
            "`--end`.",
        )
    if frequency.unit != Unit.DAY or len(dates) < MIN_DAYS:
        return
    every = pd.date_range(days[0], days[-1])
    expected = int(np.isin(every.day_of_week, frequency.weekdays).sum())
    if len(dates) < MIN_COVERAGE * expected:
        ask(
            Question.HOLES,
            f"Only {len(dates):,} of the {expected:,} {frequency.periods} from "
            f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d} have a price.",
            accept,
            "Look for missing rows, or bring the prices to weeks or months.",
        )


def _check_jumps(
    name: str, column: pd.Series[Any], frequency: Frequency, accept: Sequence[Question]
) -> None:
    jumps = find_jumps(column, intraday=frequency.unit == Unit.MINUTE)
    if jumps:
        first = jumps[0]
        day = column.index[first.row]
        ask(
            Question.JUMPS,
            f"{name} moves from {column.iloc[first.row - 1]:.10g} to {column.iloc[first.row]:.10g} "
            f"on {day:%Y-%m-%d}, a log return of {first.log_return:.3f} and {first.size:.0f} "
            f"robust standard deviations, which looks like {first.looks_like}"
            f"{_others(len(jumps), 'move')}.",
            accept,
            "Take a column of adjusted prices with `--price-column`, correct the price, or leave "
            "the day out with `--start` or `--end`.",
        )


def _check_still(
    name: str, column: pd.Series[Any], frequency: Frequency, accept: Sequence[Question]
) -> None:
    values = column.to_numpy(np.float64)
    same = values[1:] == values[:-1]
    limit = EQUAL_PRICES
    if frequency.unit == Unit.MINUTE:
        limit = max(limit, frequency.periods_per_day)
    first, length = _longest_run(same)
    if length + 1 >= limit and _chance(same, first, length) < CHANCE:
        ask(
            Question.STALE,
            f"{name} has the same price {values[first]:.10g} {length + 1} times in a row, from "
            f"{column.index[first]:%Y-%m-%d} to {column.index[first + length]:%Y-%m-%d}.",
            accept,
            "Look for prices that were filled forward, or leave these days out.",
        )
    elif len(same) >= MIN_DAYS and same.mean() > MOSTLY_STILL:
        ask(
            Question.STALE,
            f"{name} has the price of the {frequency.period} before on {same.mean():.0%} of the "
            f"{frequency.periods}.",
            accept,
            "Look for weekly or monthly prices that were filled forward, and keep one of each.",
        )


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    longest = int(lengths.argmax())
    return int(starts[longest]), int(lengths[longest])


def _chance(same: NDArray[np.bool_], first: int, length: int) -> float:
    outside = np.concatenate(
        [same[max(0, first - AROUND) : first], same[first + length : first + length + AROUND]]
    )
    usual = min(max(float(outside.mean()) if len(outside) else 0.0, 0.01), 0.99)
    return float(len(same) * usual ** (length - 1))


def _check_duplicates(name: str, column: pd.Series[Any], accept: Sequence[Question]) -> None:
    pair = _repeated_block(column.to_numpy(np.float64))
    if pair is not None:
        first, again = (column.index[row] for row in pair)
        ask(
            Question.DUPLICATES,
            f"{name} makes the same moves for {BLOCK} periods or more after {first:%Y-%m-%d} and "
            f"after {again:%Y-%m-%d}.",
            accept,
            "Look for rows that were pasted twice.",
        )


def _repeated_block(values: NDArray[np.float64]) -> tuple[int, int] | None:
    """Returns the first row of a block of moves and that of its copy."""
    returns = np.diff(np.log(values))
    if len(returns) < 2 * BLOCK:
        return None
    bits = np.round(returns * 2.0**40).astype(np.int64).astype(np.uint64)
    weights = np.random.default_rng(0).integers(1, 2**62, BLOCK).astype(np.uint64)
    count = len(bits) - BLOCK + 1
    keys = np.zeros(count, np.uint64)
    for place, weight in enumerate(weights):  # wraps around, as hashes may
        keys += weight * bits[place : place + count]
    moving = np.convolve(returns != 0.0, np.ones(BLOCK), "valid") > BLOCK / 2
    places = np.flatnonzero(moving)
    _, firsts, copies = np.unique(keys[places], return_index=True, return_counts=True)
    if not len(copies) or copies.max() < 2 or copies.max() >= MADE:
        return None
    first = int(places[firsts[copies > 1].min()])
    again = int(places[keys[places] == keys[first]][1])
    return (first, again) if again - first >= BLOCK else None


def _others(count: int, noun: str) -> str:
    if count == 1:
        return ""
    return f" (and {count - 1} more {noun}{'s' * (count > 2)})"
