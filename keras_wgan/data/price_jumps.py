"""Moves of a price that look like a split, a slip of the pen, or another asset."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MIN_SIZE = 12.0  # robust standard deviations, of the more volatile month before or after
MIN_SIZE_ONE_WAY = 16.0  # Apple's fall by half on 2000-09-29 has 12
NEIGHBORS = 30  # returns on each side, by which a move is judged
FACTOR = 1.9  # a larger one-day factor is asked about, whatever its reason
UNITS = (10, 100, 1000)
FACTORS = (*range(2, 31), 40, 50, *UNITS[1:])
SPLIT_3_FOR_2 = math.log(1.5)
SLIP = 0.04  # the smallest log return of a slip that is reversed; a tenth within a day
SLIP_IN_A_DAY = 0.1
SLIP_PERIODS = 5  # after which a slip is corrected at the latest
NEAR = 0.05  # in log returns, around the factor of a split
TO_ROBUST = 1.4826  # median absolute deviation to standard deviation, for normal returns
FLOOR = 1e-4  # of the standard deviation, for prices that barely move


@dataclass(frozen=True)
class Jump:
    """A move that looks wrong."""

    row: int  # of the price after it
    log_return: float
    size: float  # in robust standard deviations
    looks_like: str


def find_jumps(prices: pd.Series[Any], *, intraday: bool = False) -> list[Jump]:
    """Finds the suspicious moves of one asset's prices.

    A crash raises the volatility of the days after it, a split or a slip does not: each move is
    measured by the robust standard deviation of the 30 returns before or after it, whichever is
    larger.
    """
    returns = np.diff(np.log(prices.to_numpy(np.float64)))
    if not np.any(returns):
        return []
    scale = _scales(returns)
    sizes = np.abs(returns) / scale
    smallest = SLIP_IN_A_DAY if intraday else SLIP
    jumps, last = list[Jump](), -1
    for place in np.flatnonzero((sizes > MIN_SIZE) & (np.abs(returns) >= smallest)):
        if place <= last:
            continue  # the way back of a slip
        back = _way_back(returns, scale, int(place))
        words = ""
        if back:
            words = "a slip, since it is reversed soon after"
        elif sizes[place] > MIN_SIZE_ONE_WAY:
            words = _one_way(float(returns[place]), float(scale[place]))
        if words:
            last = back or int(place)
            jumps.append(Jump(int(place) + 1, float(returns[place]), float(sizes[place]), words))
    return jumps


def _scales(returns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the robust standard deviation around each return, itself left out.

    Prices that rarely move do so in large steps, so that only moves count.
    """
    absolute = pd.Series(np.where(returns == 0.0, np.nan, np.abs(returns)))
    before = absolute.rolling(NEIGHBORS, min_periods=5).median().shift(1)
    after = absolute[::-1].rolling(NEIGHBORS, min_periods=5).median().shift(1)[::-1]
    overall = float(absolute.median())
    largest = np.fmax(np.fmax(before.to_numpy(), after.to_numpy()), overall)
    return np.asarray(np.maximum(TO_ROBUST * largest, FLOOR))


def _way_back(returns: NDArray[np.float64], scale: NDArray[np.float64], place: int) -> int:
    """Returns the place of the move that reverses this one, or 0."""
    move = returns[place]
    for later in range(place + 1, min(place + 1 + SLIP_PERIODS, len(returns))):
        opposite = -returns[later] / move
        left = abs(returns[place : later + 1].sum())
        allowed = min(4.0 * scale[place] * math.sqrt(later - place + 1), 0.3 * abs(move))
        if opposite > 0.5 and abs(returns[later]) > MIN_SIZE * scale[later] and left <= allowed:
            return later
    return 0


def _one_way(move: float, scale: float) -> str:
    size = abs(move)
    if size >= math.log(FACTOR):
        factor = min(FACTORS, key=lambda known: abs(size - math.log(known)))
        if abs(size - math.log(factor)) <= min(3.0 * scale, NEAR):
            if factor in UNITS:
                return f"a change of unit by {factor}, such as pence and pounds"
            return f"a {factor}:1 split" if move < 0 else f"a 1:{factor} reverse split"
        return "another asset or another unit from this day on"
    if abs(size - SPLIT_3_FOR_2) <= min(2.0 * scale, NEAR):
        return "a 3:2 split" if move < 0 else "a 2:3 reverse split"
    return ""
