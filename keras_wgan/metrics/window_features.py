"""What does one window look like, in numbers that a linear classifier can use?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_DAYS = 20
# Keeps logarithms and ratios finite for a window that never moves; in real standard deviations.
TINY = 1e-3
LARGEST = 20.0


def window_features(windows: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Describes each window by 17 numbers.

    Mean and volatility, skew and kurtosis, largest move, fall and rise, autocorrelation of r at 1
    and of |r| at 1, 5 and 10 days, corr(r_t, r^2_{t+1}), volatility of the second half against the
    first, deepest fall and highest rise of the path, volatility of 5-day sums against that of
    days, and the median move against the volatility. Sizes are in logarithms, and skew, kurtosis
    and correlations are the window's own: the features are meant to differ from window to window.

    Args:
        windows: log returns a day, shape `(windows, days)`, at least 20 days.
        scale: standard deviation of the real log returns a day, the unit of all sizes.

    Returns:
        Finite numbers between -20 and 20, shape `(windows, 17)`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        returns = windows / scale
        sizes = np.abs(returns)
        volatility = returns.std(axis=1) + TINY
        standard = (returns - returns.mean(axis=1, keepdims=True)) / volatility[:, np.newaxis]
        squares = standard**2
        paths = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
        half = returns.shape[1] // 2
        features = [
            returns.mean(axis=1) * np.sqrt(returns.shape[1]),
            np.log(volatility),
            np.mean(standard * squares, axis=1),
            np.log(np.mean(squares**2, axis=1) + TINY),
            np.log(sizes.max(axis=1) + TINY),
            np.arcsinh(returns.min(axis=1)),
            np.arcsinh(returns.max(axis=1)),
            np.mean(standard[:, :-1] * standard[:, 1:], axis=1),
            *[_autocorrelation(np.abs(standard), lag) for lag in (1, 5, 10)],
            np.mean(standard[:, :-1] * squares[:, 1:], axis=1),
            np.log(sizes[:, half:].mean(axis=1) + TINY)
            - np.log(sizes[:, :half].mean(axis=1) + TINY),
            np.log((np.maximum.accumulate(paths, axis=1) - paths).max(axis=1) + TINY),
            np.log((paths - np.minimum.accumulate(paths, axis=1)).max(axis=1) + TINY),
            np.log((paths[:, 5:] - paths[:, :-5]).std(axis=1) + TINY) - np.log(volatility),
            np.log(np.median(sizes, axis=1) + TINY) - np.log(volatility),
        ]
        table = np.nan_to_num(np.stack(features, axis=1), nan=0.0)
    return np.clip(table, -LARGEST, LARGEST)


def _autocorrelation(values: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    centred = values - values.mean(axis=1, keepdims=True)
    return np.mean(centred[:, :-lag] * centred[:, lag:], axis=1) / (centred.var(axis=1) + TINY)
