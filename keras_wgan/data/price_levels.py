"""Levels of a price whose returns a file holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keras_wgan.data.price_period import Period
from keras_wgan.errors import InvalidInputError

START = 100.0
ALWAYS_MORE = 0.01  # that no return of a period ever exceeds all along, not even that of cash
_CODES = (-99.99, -999.0)  # of Kenneth French's files, for a return that is missing


def levels_of(
    returns: pd.DataFrame, kind: str, period: Period, source: str
) -> tuple[pd.DataFrame, str]:
    """Returns levels from 100 on the date before the first return, and a note on them.

    `kind` is "simple", "log" or "percent". The levels do not depend on the period, which begins
    with its first return.
    """
    read = values = returns.to_numpy(np.float64)
    if kind == "percent":
        values = np.where(np.isin(values, _CODES), np.nan, values) / 100.0
    _refuse_prices(returns, values, kind, source)
    growth = np.exp(values) if kind == "log" else 1.0 + values
    dates = pd.DatetimeIndex(returns.index)
    for row, column in np.argwhere((growth <= 0.0) | np.isinf(growth))[:1]:
        raise InvalidInputError(
            f"{source}: a {kind} return must lie above -100%. Received: "
            f"{read[row, column]:g} on {dates[row]:%Y-%m-%d}. Choose the right one of "
            "`--returns simple`, `--returns log` and `--returns percent`, or leave it out if these "
            "are prices."
        )
    known = ~np.isnan(growth)
    levels = np.full((len(dates) + 1, len(returns.columns)), np.nan)
    levels[1:] = np.where(known, START * np.where(known, growth, 1.0).cumprod(axis=0), np.nan)
    for column in range(levels.shape[1]):  # each asset begins before its first return
        levels[np.flatnonzero(known[:, column])[:1], column] = START
    index = pd.DatetimeIndex([_date_before(dates), *dates], name="date").as_unit("us")
    inside = period.holds(index)
    inside[0] = False
    if not inside.any():
        raise period.none_of(index[1:], source)
    inside[:-1] |= inside[1:]  # the level before the first return
    note = (
        f"The {kind} returns of {source} were turned into levels, from {START:g} on the date "
        "before the first."
    )
    return pd.DataFrame(levels, index, returns.columns)[inside], note


def _refuse_prices(returns: pd.DataFrame, values: np.ndarray, kind: str, source: str) -> None:
    """Refuses columns of which every single value is a gain, as prices would be."""
    for column, name in enumerate(returns.columns):
        known = values[~np.isnan(values[:, column]), column]
        if len(known) > 1 and known.min() > ALWAYS_MORE:
            raise InvalidInputError(
                f"{source}: every {kind} return of {name} is a gain, of {known.min():.1%} at the "
                f"least. Received: {returns.iloc[:, column].min():g} to "
                f"{returns.iloc[:, column].max():g}. Leave `--returns` out if these are prices, or "
                "choose the right one of `--returns simple`, `--returns log` and `--returns "
                "percent`."
            )


def _date_before(days: pd.DatetimeIndex) -> pd.Timestamp:
    """Returns the date that would come before the first, at the usual distance."""
    if len(days) < 2:
        return days[0] - pd.Timedelta(days=1)
    step = pd.Series(days).diff().median()
    if pd.Timedelta(days=28) <= step <= pd.Timedelta(days=31):
        at_ends = bool(days.is_month_end.all())
        return days[0] - (pd.offsets.MonthEnd(1) if at_ends else pd.DateOffset(months=1))
    if step <= pd.Timedelta(days=4) and (days.day_of_week < 5).all():
        return days[0] - pd.offsets.BDay(1)
    return days[0] - step
