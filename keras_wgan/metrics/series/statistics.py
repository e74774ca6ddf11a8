"""The statistics of windows of several series: values, steps, autocorrelations, correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError

Array = NDArray[np.float64]

MIN_ROWS = 4  # of a window
# Of a distribution: the midpoints of a thousand equal shares, which are quick to compare.
SHARES = (np.arange(1000) + 0.5) / 1000


@dataclass(frozen=True, eq=False)
class MotionStatistics:
    """The statistics of one motion of all columns: of their values, or of their steps.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import MotionStatistics, series_statistics

    windows = np.random.default_rng(0).normal(size=(50, 12, 3))
    steps = series_statistics(windows).steps
    assert isinstance(steps, MotionStatistics) and steps.autocorrelation.shape == (5, 3)
    ```

    Args:
        deviation: `(columns,)` standard deviations.
        quantiles: `(1000, columns)` at the midpoints of equal shares.
        autocorrelation: `(lags, columns)` from lag 1 to half a window.
        correlation: `(columns, columns)` of the columns at the same time.
    """

    deviation: Array
    quantiles: Array
    autocorrelation: Array
    correlation: Array


@dataclass(frozen=True, eq=False)
class SeriesStatistics:
    """The statistics of windows, of their values and of their steps from row to row.

    Args:
        values: Of the values.
        steps: Of the steps.
    """

    values: MotionStatistics
    steps: MotionStatistics

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.values.deviation)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The lags of values, the lags of steps and the columns; windows of one length share it."""
        lags = len(self.values.autocorrelation), len(self.steps.autocorrelation)
        return (*lags, self.columns)


def series_statistics(windows: ArrayLike) -> SeriesStatistics:
    """Measures values and steps of windows, pooled over all windows.

    Means and variances are those of all windows, so that a window that stays far from the mean
    counts as one that changes slowly. What never varies has correlations of 0.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import series_statistics

    wave = np.sin(2 * np.pi * np.arange(1000) / 8)
    windows = np.lib.stride_tricks.sliding_window_view(wave, 17)[..., None]
    found = series_statistics(windows).values.autocorrelation[:, 0]
    assert np.allclose(found[[1, 3, 7]], [0.0, -1.0, 1.0], atol=0.01)
    ```

    Args:
        windows: `(n, rows, columns)` with at least 4 rows.

    Returns:
        The statistics.

    Raises:
        ValueError: If the windows have another shape or are not finite.
    """
    given = finite_array("windows", windows)
    if given.ndim != 3 or given.shape[1] < MIN_ROWS or not given.size:
        raise InvalidInputError(
            f"`windows` must have the shape (n, rows, columns) with at least {MIN_ROWS} rows. "
            f"Received: windows.shape={given.shape}"
        )
    return SeriesStatistics(_motion(given), _motion(np.diff(given, axis=1)))


def _motion(windows: Array) -> MotionStatistics:
    _, rows, columns = windows.shape
    pooled = windows.reshape(-1, columns)
    centered = windows - pooled.mean(axis=0)
    variance = np.mean(centered**2, axis=(0, 1))
    lags = range(1, rows // 2 + 1)
    memory = [np.mean(centered[:, lag:] * centered[:, :-lag], axis=(0, 1)) for lag in lags]
    flat = centered.reshape(-1, columns)
    covariance = flat.T @ flat / len(flat)
    deviation = np.sqrt(variance)
    return MotionStatistics(
        deviation,
        np.quantile(pooled, SHARES, axis=0),
        _over(np.array(memory), variance),
        _over(covariance, np.outer(deviation, deviation)),
    )


def _over(above: Array, below: Array) -> Array:
    """Returns a quotient, and 0 where what is below vanishes."""
    safe = np.where(below > 0.0, below, 1.0)
    return np.where(below > 0.0, above / safe, 0.0)
