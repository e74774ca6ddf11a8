"""Exponential averages of a series, the memory of path-dependent volatility."""

import numpy as np
from numpy.typing import NDArray


def exponential_average(
    values: NDArray[np.float64], keep: float, start: float
) -> NDArray[np.float64]:
    """Returns the average before the first of `(days,)` values and after each, `(days + 1,)`.

    An average keeps the share `keep` of itself each day, and is `start` before the first one.
    """
    from scipy.signal import lfilter

    after, _ = lfilter([1.0 - keep], [1.0, -keep], values, zi=[keep * start])
    return np.concatenate([[start], after])
