"""Scores of generated windows of several series, each next to its floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.series.blocks import alternating_halves, thinned
from keras_wgan.metrics.series.statistics import (
    MotionStatistics,
    SeriesStatistics,
    series_statistics,
)

Array = NDArray[np.float64]

OF_A_HALF = 2000  # windows behind a floor, as many as an evaluation draws
# Times the median of all splits. Chance exceeds it in 1 of 25, a season in those that split it.
SEASONAL = 3.0


@dataclass(frozen=True)
class SeriesScore:
    """One score of generated windows, with its floor.

    Example:
    ```python
    from keras_wgan.metrics import SeriesScore

    score = SeriesScore("steps", columns=(0.25, 0.5), floors=(0.125, 0.125))
    assert score.ratios == (2.0, 4.0)
    assert score.ratio == 3.0
    ```

    Args:
        name: The name of the score.
        columns: The score of each column, 0 at best; of pairs, that of a column with all others.
        floors: The same scores between two halves of the real data.
    """

    name: str
    columns: tuple[float, ...]
    floors: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """The score of each column over its floor."""
        return tuple(map(_times, self.columns, self.floors))

    @property
    def ratio(self) -> float:
        """The mean of the ratios, so that a column with a high floor hides no other."""
        return float(np.mean(self.ratios))

    @property
    def furthest(self) -> int:
        """The number of the column with the largest ratio, from 0."""
        return int(np.argmax(self.ratios))


@dataclass(frozen=True, eq=False)
class SeriesReference:
    """The real side of all scores, measured once: statistics and floors.

    A floor is the mean of the score between 2,000 windows of each of two halves of the real rows,
    in alternating blocks of two to eight windows' length. No window reaches from one half into the
    other. Where blocks are half as long as a season, the halves are day and night: such splits,
    whose score is more than three times the median of all sixteen, are left out of the mean.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import SeriesReference, series_distance

    rows = np.random.default_rng(0).normal(size=(800, 2))
    real = SeriesReference.of(rows, window=8)
    made = np.random.default_rng(1).normal(size=(500, 8, 2))
    assert series_distance(real.scores(made)) < 2.0
    assert series_distance(real.scores(3.0 * made)) > 5.0
    ```

    Args:
        statistics: Those of the real windows.
        floors: The floor of each score, by its name and in the order of the columns.
    """

    statistics: SeriesStatistics
    floors: dict[str, tuple[float, ...]]

    @classmethod
    def of(cls, rows: ArrayLike, window: int) -> Self:
        """Measures real rows in order of time.

        Args:
            rows: `(n, columns)`, at least eight windows long.
            window: Rows of a window, at least 4.

        Raises:
            ValueError: If there are fewer rows, or rows that are not finite.
        """
        found: dict[str, list[Array]] = {}
        draws = np.random.default_rng(0)  # the same floors each time
        for one, other in alternating_halves(rows, window):
            pair = (series_statistics(_drawn(half, draws)) for half in (one, other))
            for name, values in _differences(*pair).items():
                found.setdefault(name, []).append(values)
        windows = np.lib.stride_tricks.sliding_window_view(np.asarray(rows), window, axis=0)
        floors = {name: _plain(_usual(np.array(values))) for name, values in found.items()}
        return cls(series_statistics(thinned(windows.swapaxes(1, 2))), floors)

    def scores(self, windows: ArrayLike) -> tuple[SeriesScore, ...]:
        """Returns the scores of generated windows `(n, rows, columns)`.

        Raises:
            ValueError: If the windows have another shape or are not finite.
        """
        made = series_statistics(windows)
        if made.shape != self.statistics.shape:
            raise InvalidInputError(
                "`windows` must have as many rows and columns as the real ones. Received: "
                f"windows.shape={np.shape(windows)}, for {self.statistics.columns} columns"
            )
        found = _differences(self.statistics, made)
        return tuple(
            SeriesScore(name, _plain(values), self.floors[name]) for name, values in found.items()
        )


def series_distance(scores: Sequence[SeriesScore]) -> float:
    """Returns the mean ratio of all scores and columns, 1 at the distance of two real halves.

    Example:
    ```python
    from keras_wgan.metrics import SeriesScore, series_distance

    scores = [SeriesScore("values", (0.2,), (0.1,)), SeriesScore("steps", (0.4,), (0.1,))]
    assert series_distance(scores) == 3.0
    ```

    Args:
        scores: The scores, as `SeriesReference.scores` returns them.

    Returns:
        The mean ratio.
    """
    return float(np.mean([score.ratio for score in scores]))


def _times(value: float, floor: float) -> float:
    if floor > 0.0:
        return value / floor
    return 1.0 if value == 0.0 else math.inf


def _drawn(windows: Array, draws: np.random.Generator) -> Array:
    """Returns windows of a half at random places, which a generator draws as well.

    Evenly spaced ones would hold all parts of a season alike, nearer to each other than any draw.
    """
    return windows[draws.integers(len(windows), size=OF_A_HALF)]


def _usual(values: Array) -> Array:
    """Returns the mean of each column over the splits, without those far above their median."""
    usual = values <= SEASONAL * np.median(values, axis=0)
    return np.asarray(np.where(usual, values, 0.0).sum(axis=0) / usual.sum(axis=0))


def _differences(real: SeriesStatistics, made: SeriesStatistics) -> dict[str, Array]:
    """Returns the scores of each column by their names; those of pairs only where there are."""
    found = {
        "values": _distances(real.values, made.values),
        "steps": _distances(real.steps, made.steps),
        "autocorrelation": _memory_gaps(real.values, made.values),
        "step autocorrelation": _memory_gaps(real.steps, made.steps),
    }
    if real.columns > 1:
        found["correlation"] = _correlation_gaps(real.values, made.values)
        found["step correlation"] = _correlation_gaps(real.steps, made.steps)
    return found


def _distances(real: MotionStatistics, made: MotionStatistics) -> Array:
    """Returns the Wasserstein distance of each column, in standard deviations of the real one."""
    distances = np.abs(real.quantiles - made.quantiles).mean(axis=0)
    return np.asarray(distances / np.where(real.deviation > 0.0, real.deviation, 1.0))


def _memory_gaps(real: MotionStatistics, made: MotionStatistics) -> Array:
    """Returns the mean absolute difference of the autocorrelations of each column."""
    return np.asarray(np.abs(real.autocorrelation - made.autocorrelation).mean(axis=0))


def _correlation_gaps(real: MotionStatistics, made: MotionStatistics) -> Array:
    """Returns the RMS difference of the correlations of each column with the others."""
    squares = (real.correlation - made.correlation) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=0) / (len(squares) - 1)))


def _plain(values: NDArray[np.floating]) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
