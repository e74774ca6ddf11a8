"""The largest drawdown of each path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def largest_drawdowns(paths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the largest log loss of `(..., days)` log returns from a peak, the start included."""
    padding = [(0, 0)] * (paths.ndim - 1) + [(1, 0)]
    levels = np.cumsum(np.pad(paths, padding), axis=-1)
    return np.asarray((np.maximum.accumulate(levels, axis=-1) - levels).max(axis=-1))
