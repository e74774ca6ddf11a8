"""The windows of history that followed days as volatile as the latest ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.metrics.returns.windows import as_series

LOOKBACK = 20  # days behind a volatility, about a month
SHARE = 0.2  # of the days of history that count as alike


def windows_after_like_days(returns: ArrayLike, days: int) -> NDArray[np.float64]:
    """Returns the windows of history that began when it was about as volatile as at its end.

    Volatility is that of the last 20 days. The fifth of the history's days whose volatility is
    closest in rank to the latest one count as alike.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import windows_after_like_days

    calm, wild = 0.001 * np.ones((2, 300)) * [[1], [10]] * np.resize([1, -1], 300)
    windows = windows_after_like_days(np.concatenate([calm, wild, calm[:30]]), days=5)
    assert np.abs(windows).max() < 0.01 and windows.shape == (122, 5)
    ```

    Args:
        returns: Log returns in chronological order, shape `(days,)`.
        days: Days in a window.

    Returns:
        `(windows, days)` log returns, overlapping.

    Raises:
        ValueError: If `returns` has another shape, is not finite, or is shorter than 20 days and a
            window.
    """
    history = as_series(returns)
    whole_number("days", days, maximum=len(history) - LOOKBACK)
    past = np.lib.stride_tricks.sliding_window_view(history, LOOKBACK).std(axis=1)
    before, latest = past[: len(past) - days], past[-1]
    ranks = np.argsort(np.argsort(before, kind="stable"), kind="stable")
    distance = np.abs(ranks - np.searchsorted(np.sort(before), latest))
    count = math.ceil(SHARE * len(before))
    alike = np.sort(np.argsort(distance, kind="stable")[:count])
    windows = np.lib.stride_tricks.sliding_window_view(history[LOOKBACK:], days)
    return np.asarray(windows[alike])
