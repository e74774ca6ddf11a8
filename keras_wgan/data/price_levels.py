"""Levels of a price whose returns a file holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keras_wgan.data.price_period import Period
from keras_wgan.errors import InvalidInputError

START = 100.0
_CODES = (-99.99, -999.0)  # of Kenneth French's files, for a return that is missing


def levels_of(
    returns: pd.DataFrame, kind: str, period: Period, source: str
) -> tuple[pd.DataFrame, str]:
    """Returns levels from 100 on the date before the first return, and a note on them.

    `kind` is "simple", "log" or "percent". The levels do not depend on the period, which begins
    with its first return.
    """
    if kind == "percent":
        returns = returns.mask(returns.isin(_CODES))
    if kind == "log":
        growth = pd.DataFrame(np.exp(returns))
    else:
        growth = 1.0 + returns / (100.0 if kind == "percent" else 1.0)
    if (wrong := (growth <= 0.0) | np.isinf(growth)).to_numpy().any():
        asset = wrong.any().idxmax()
        day = wrong[asset].idxmax()
        raise InvalidInputError(
            f"{source}: a {kind} return must lie above -100%. Received: "
            f"{returns.loc[day, asset]:g} on {day:%Y-%m-%d}. Choose the right one of `--returns "
            "simple`, `--returns log` and `--returns percent`, or leave it out if these are prices."
        )
    known = growth.notna()
    levels = START * growth.fillna(1.0).cumprod().where(known)
    index = pd.DatetimeIndex([_date_before(returns.index), *returns.index], name="date")
    levels = pd.concat([levels.iloc[:1] * np.nan, levels]).set_axis(index.as_unit("us"), axis=0)
    for asset in levels:  # each begins on the date before its first return
        first = int(np.argmax(levels[asset].notna().to_numpy()))
        levels.iloc[first - 1, levels.columns.get_loc(asset)] = START
    inside = period.holds(index)
    inside[0] = False
    if not inside.any():
        raise period.none_of(index[1:], source)
    inside[:-1] |= inside[1:]  # the level before the first return
    note = (
        f"The {kind} returns of {source} were turned into levels, from {START:g} on the date "
        "before the first."
    )
    return levels[inside], note


def _date_before(dates: pd.Index) -> pd.Timestamp:
    """Returns the date that would come before the first, at the usual distance."""
    days = pd.DatetimeIndex(dates)
    if len(days) < 2:
        return days[0] - pd.Timedelta(days=1)
    step = pd.Series(days).diff().median()
    if pd.Timedelta(days=28) <= step <= pd.Timedelta(days=31):
        at_ends = bool(days.is_month_end.all())
        return days[0] - (pd.offsets.MonthEnd(1) if at_ends else pd.DateOffset(months=1))
    if step <= pd.Timedelta(days=4) and (days.day_of_week < 5).all():
        return days[0] - pd.offsets.BDay(1)
    return days[0] - step
