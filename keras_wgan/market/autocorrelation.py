"""The autocorrelation of returns that a history has all along, and returns without it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

PARTS = 5  # of a history, all of which must show that returns say where the next one goes
# An autocorrelation below the first is not kept by averages of one sign; above the second, a state
# would hang on what was weeks ago.
LEAST, MOST = -0.3, 0.8


def own_autocorrelations(days: Array) -> Array:
    """Returns the autocorrelation of each asset at a lag of a day that every fifth of it has.

    It is that of normals whose ranks are correlated as much.

    Args:
        days: `(days, assets)` returns in the order of time; an asset is NaN before its first day.

    Returns:
        `(assets,)` numbers from -.3 to .8.
    """
    ranks = np.array([shared_autocorrelation(asset) for asset in days.T])
    return np.clip(2 * np.sin(np.pi * ranks / 6), LEAST, MOST)


def shared_autocorrelation(days: Array) -> float:
    """Returns the autocorrelation of ranks at a lag of a day that every fifth of the data has.

    It is the one nearest to zero where all five have one sign, and 0 where they differ.

    Args:
        days: `(days,)` returns in the order of time; those before the first, NaN, do not count.
    """
    parts = map(pd.DataFrame, np.array_split(days[~np.isnan(days)], PARTS))
    found = [rank_autocorrelations(part, [1])[0] for part in parts]
    return max(min(found), 0.0) + min(max(found), 0.0)


def unsmoothed(days: Array, autocorrelations: Array) -> Array:
    """Returns what is new in each day: returns less what the day before says of them.

    Args:
        days: As for `own_autocorrelations`.
        autocorrelations: `(assets,)`, of AR(1).
    """
    before = np.nan_to_num(np.concatenate([np.zeros_like(days[:1]), days[:-1]]))
    return days - autocorrelations * before


def smoothed(news: Array, autocorrelation: float, before: Array) -> Array:
    """Returns the AR(1) that news makes.

    Args:
        news: `(paths, days)`.
        autocorrelation: Of one asset.
        before: `(paths,)` returns of the day before the first.
    """
    from scipy.signal import lfilter

    start = autocorrelation * before[:, np.newaxis]
    return np.asarray(lfilter([1.0], [1.0, -autocorrelation], news, zi=start)[0])


def rank_autocorrelations(table: pd.DataFrame, lags: Iterable[int]) -> list[float]:
    """Returns the autocorrelations of the ranks of columns, means over the columns."""
    ranks = table.rank()
    scores = (ranks - ranks.mean()) / ranks.std(ddof=0)
    return [float((scores * scores.shift(lag)).mean().mean()) for lag in lags]
