"""The days that are left of prices: one price a day, none filled forward, all assets."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.frequency import Frequency, Unit
from keras_wgan.data.frequency_search import find_frequency
from keras_wgan.data.questions import Question, ask
from keras_wgan.errors import InvalidInputError

MAX_LOST = 0.05  # of the days on which some asset has a price
FILLED = 0.98  # of the weekend days without a move, where weekends were filled forward
MIN_WEEKENDS = 4
FULL = 0.995  # of the weekdays, where holidays were filled forward
GLUED = 0.2  # of the days with two prices, where two assets may be in one column

Days = tuple[pd.DataFrame, tuple[str, ...]]  # what is left, and a sentence on each loss


def check_unpriced(
    unpriced: pd.DatetimeIndex, priced: pd.DatetimeIndex, accept: Sequence[Question]
) -> None:
    """Asks about many rows without a price between the first and the last price.

    A weekday that never has a price, such as a Sunday in a table of calendar days, is not missed.
    """
    if not len(priced):
        return
    between = (unpriced > priced[0]) & (unpriced < priced[-1])
    missed = unpriced[between & unpriced.day_of_week.isin(priced.day_of_week.unique())]
    if len(missed) > MAX_LOST * (len(priced) + len(missed)):
        ask(
            Question.LOST_DAYS,
            f"{len(missed)} of {len(priced) + len(missed)} rows from {priced[0]:%Y-%m-%d} to "
            f"{priced[-1]:%Y-%m-%d} have no price, the first of {missed[0]:%Y-%m-%d}, and would be "
            "left out.",
            accept,
            "Take another column with `--price-column`, or fill the prices.",
        )


def one_price_a_day(prices: pd.DataFrame) -> Days:
    """Drops a second time stamp of a day with the same prices; refuses one with others."""
    days = pd.DatetimeIndex(prices.index).normalize()
    repeated = days.duplicated()
    if not repeated.any() or len(days) >= 2 * days.nunique():
        return prices, ()
    same = (prices.eq(prices.shift()) | prices.isna() | prices.shift().isna()).all(axis=1)
    wrong = np.flatnonzero(repeated & ~same.to_numpy())
    if len(wrong):
        row = int(wrong[0])
        column = int(np.flatnonzero(prices.iloc[row] != prices.iloc[row - 1])[0])
        before, after = prices.iloc[[row - 1, row], column].tolist()
        glued = len(wrong) > GLUED * days.nunique()
        hint = " Look for two assets in one column." if glued else ""
        raise InvalidInputError(
            f"There are two prices on {days[row]:%Y-%m-%d}, {before:.10g} and {after:.10g}"
            f"{f', and on {len(wrong) - 1} more days' if len(wrong) > 1 else ''}. Keep one price a "
            f"day.{hint}"
        )
    filled = prices.groupby(days).last().set_axis(prices.index[~repeated])
    filled.index.name = prices.index.name
    return filled, (f"{int(repeated.sum())} second time stamps of a day with the same price",)


def days_of_begun(prices: pd.DataFrame, accept: Sequence[Question]) -> Days:
    """Keeps the days on which all assets that have begun have a price, also before the last began.

    Only the days of all assets are kept where the earlier ones come at another frequency, or
    several a day. Early weekends are left out where the days of all have none, as of a coin before
    a stock begins.
    """
    shared = _shared(prices)
    early = pd.DatetimeIndex(prices.index) < shared[0]
    if not early.any():
        return days_of_all(prices, accept)
    closed = early & _at_weekend(prices.index) & ~_at_weekend(shared).any()
    rest = prices[~closed]
    whole = (rest.notna() | rest.ffill().isna()).all(axis=1).to_numpy()
    if not _same_frequency(pd.DatetimeIndex(rest.index[whole]), shared):
        return days_of_all(prices, accept)
    lives = {str(name): column.loc[column.first_valid_index() :] for name, column in rest.items()}
    kept, lost = _without(rest, ~whole, lives, accept)
    if closed.any():
        sentence = f"{int(closed.sum())} early days at weekends, which not all assets have"
        lost = (sentence, *lost)
    return kept, lost


def days_of_all(prices: pd.DataFrame, accept: Sequence[Question]) -> Days:
    """Keeps the days on which all assets have a price, and says which assets lose the others."""
    columns = {str(name): column for name, column in prices.items()}
    _shared(prices)
    return _without(prices, prices.isna().any(axis=1).to_numpy(), columns, accept)


def without_filled_days(prices: pd.DataFrame, frequency: Frequency) -> Days:
    """Drops weekends and holidays on which the last prices were filled forward.

    Where weekends are filled, or all weekdays of a year with Christmas and New Year are there
    without a move, a weekday on which no price moves counts as a holiday.
    """
    dates = pd.DatetimeIndex(prices.index)
    if frequency.unit != Unit.DAY or len(dates) < 2:
        return prices, ()
    # An asset that has not begun neither moves nor keeps still.
    still = (prices.eq(prices.shift()) | prices.isna()).all(axis=1).to_numpy()
    weekend = np.asarray(dates.day_of_week >= 5)
    weekends_filled = (
        weekend.sum() >= 2 * MIN_WEEKENDS and still[weekend][1:].mean() >= FILLED
    ) and still[~weekend].mean() < FILLED
    if not (weekends_filled or _holidays_filled(dates, still)):
        return prices, ()
    kept = ~still & ~(weekend & weekends_filled)
    dropped_weekends, holidays = int((weekend & ~kept).sum()), int((~weekend & ~kept).sum())
    words = []
    if dropped_weekends:
        words.append(f"{dropped_weekends} weekend days that were filled forward")
    if holidays:
        words.append(f"{holidays} weekdays that were filled forward, as no price moves")
    return prices[kept], tuple(words)


def _at_weekend(days: pd.Index[Any]) -> NDArray[np.bool_]:
    return np.asarray(pd.DatetimeIndex(days).day_of_week >= 5)


def _same_frequency(days: pd.DatetimeIndex, shared: pd.DatetimeIndex) -> bool:
    """Whether days with those before all assets have begun come as often as those after it."""
    try:
        found = find_frequency(days)
        return found.unit != Unit.MINUTE and found.unit == find_frequency(shared).unit
    except InvalidInputError:  # a mixture
        return False


def _shared(prices: pd.DataFrame) -> pd.DatetimeIndex:
    shared = pd.DatetimeIndex(prices.dropna().index)
    if not len(shared):
        spans = ", ".join(_span(str(name), column.dropna()) for name, column in prices.items())
        raise InvalidInputError(f"There is no day on which all assets have a price: {spans}.")
    return shared


def _without(
    prices: pd.DataFrame,
    lost: NDArray[np.bool_],
    columns: dict[str, pd.Series[Any]],
    accept: Sequence[Question],
) -> Days:
    """Drops lost days, for which `columns` show the causes; many of them are a question."""
    if not lost.any():
        return prices, ()
    causes = "; ".join(words for name, column in columns.items() if (words := _cause(name, column)))
    number, shared = int(lost.sum()), _shared(prices)
    sentence = f"{number} of {len(prices)} days without a price of every asset ({causes})"
    since = prices.index >= shared[0]  # when all have begun; a long past must not hide what is lost
    if max(lost.mean(), lost[since].mean()) > MAX_LOST:
        ask(
            Question.LOST_DAYS,
            f"{sentence[0].upper()}{sentence[1:]} would be left out.",
            accept,
            f"Choose the common span with `--start {shared[0]:%Y-%m-%d} --end "
            f"{shared[-1]:%Y-%m-%d}`, leave an asset out, or fill its prices.",
        )
    return prices[~lost], (sentence,)


def _holidays_filled(dates: pd.DatetimeIndex, still: np.ndarray) -> bool:
    weekdays = np.asarray(dates.day_of_week < 5)
    closed = np.asarray(((dates.month == 12) & (dates.day == 25)) | (dates.day_of_year == 1))
    closed &= weekdays
    expected = len(pd.bdate_range(dates[0], dates[-1]))
    return bool(
        closed.sum() >= 2
        and still[closed].all()
        and weekdays.all()
        and weekdays.sum() >= FULL * expected
    )


def _span(name: str, column: pd.Series[Any]) -> str:
    if column.empty:
        return f"{name} has none"
    return f"{name} {column.index[0]:%Y-%m-%d} to {column.index[-1]:%Y-%m-%d}"


def _cause(name: str, column: pd.Series[Any]) -> str:
    absent = column.isna()
    dates = pd.DatetimeIndex(column.index)[~absent]
    first, last = dates[0], dates[-1]
    early, late = int(absent[:first].sum()), int(absent[last:].sum())
    between = int(absent.sum()) - early - late
    parts = []
    if early:
        parts.append(f"{early} before its first day {first:%Y-%m-%d}")
    if between:
        parts.append(f"{between} in between")
    if late:
        parts.append(f"{late} after its last day {last:%Y-%m-%d}")
    return f"{name} lacks {' and '.join(parts)}" if parts else ""
