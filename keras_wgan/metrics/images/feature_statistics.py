"""Mean and covariance of features, from batches of any size (`RunningStatistics`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.lapack import dtpqrt

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.images.blas_threads import one_blas_thread
from keras_wgan.metrics.images.features import as_features
from keras_wgan.metrics.images.statistics_files import read_arrays, write_arrays

# Rows and columns that LAPACK reflects at a time: of 256 to 4096 rows and 16 to 128 columns, the
# fastest or within a tenth of it for 2048 features on two cores.
BLOCK_ROWS = 512
PANEL_COLUMNS = 32

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FeatureStatistics:
    """Mean and covariance of features, as the Frechet distance needs them.

    The covariance is kept as a factor R with R^T R = covariance. The product would square the
    condition number and lose the small directions that decide between two good generators.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import FeatureStatistics

    exact = FeatureStatistics(mean=np.zeros(2), factor=np.diag([1.0, 3.0]), count=1000)
    print(exact.covariance.tolist())  # [[1.0, 0.0], [0.0, 9.0]]
    exact.save("statistics.npz")
    assert FeatureStatistics.load("statistics.npz").count == 1000
    ```

    Args:
        mean: Array of shape `(dim,)`.
        factor: Array R of shape `(rows, dim)`, with R^T R the unbiased covariance. From
            `feature_statistics` it has `dim` rows and zeros below the diagonal, or fewer rows if
            there are fewer samples than features.
        count: How many samples it was measured on. Small samples read high, so a distance is
            only comparable with others of the same counts.
    """

    mean: Array
    factor: Array
    count: int

    @property
    def dim(self) -> int:
        """Number of features."""
        return int(self.mean.shape[0])

    @property
    def covariance(self) -> Array:
        """The unbiased covariance, shape `(dim, dim)`."""
        return self.factor.T @ self.factor

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a `.npz` file, whole or not at all; it holds plain arrays and no pickle."""
        write_arrays(path, mean=self.mean, factor=self.factor, count=np.array(self.count))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> FeatureStatistics:
        """Reads what `save` wrote; a foreign or damaged file is a `ValueError` that names it."""
        mean, factor, count = read_arrays(path)
        return cls(mean=mean, factor=factor, count=count)


class RunningStatistics:
    """Statistics of features that come a batch at a time, in any batch size and order.

    Memory does not grow with the number of samples: it holds one triangle of `dim x dim` and at
    most 512 rows. All computations are in float64. Another batch size gives the same bits, another
    order the same numbers up to rounding.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import RunningStatistics, feature_statistics

    features = np.random.default_rng(0).normal(size=(1000, 3))
    running = RunningStatistics()
    for batch in np.array_split(features, 7):
        running.update(batch)
    assert np.allclose(running.statistics().factor, feature_statistics(features).factor)
    ```
    """

    def __init__(self) -> None:
        self._scatter: _Scatter | None = None  # of the whole blocks so far
        self._pending = np.empty((0, 0))
        self._waiting = 0  # rows in `_pending`, too few for a block

    @property
    def count(self) -> int:
        """Number of samples so far."""
        return (0 if self._scatter is None else self._scatter.count) + self._waiting

    def update(self, features: ArrayLike) -> None:
        """Adds `(batch, dim)` finite features, one row a sample; one row is enough.

        Raises:
            ValueError: If the shape is wrong or the width changes, or a value is NaN or infinite;
                the earlier features are kept.
        """
        rows = as_features(features, min_rows=1)
        if self._scatter is None:
            self._scatter = _Scatter.empty(rows.shape[1])
            self._pending = np.empty((BLOCK_ROWS, rows.shape[1]))
        if rows.shape[1] != self._scatter.dim:
            raise InvalidInputError(
                "`features` must have as many columns as those before. Received: "
                f"features.shape={rows.shape} after batches of {self._scatter.dim} columns. "
                "Take all batches from the same feature extractor."
            )
        # Blocks are cut at the same rows whatever the batches, so that the batch size changes
        # nothing.
        while len(rows):
            taken = rows[: BLOCK_ROWS - self._waiting]
            self._pending[self._waiting : self._waiting + len(taken)] = taken
            self._waiting += len(taken)
            rows = rows[len(taken) :]
            if self._waiting == BLOCK_ROWS:
                self._scatter = self._scatter.joined(_Scatter.of_rows(self._pending))
                self._waiting = 0

    def statistics(self) -> FeatureStatistics:
        """Returns the statistics of all samples so far; more may be added afterward.

        Raises:
            ValueError: If there are fewer than two samples, since one has no covariance.
        """
        if self._scatter is None or self.count < 2:
            raise InvalidInputError(
                "`features` must have at least 2 rows, since one sample has no covariance. "
                f"Received: {self.count} in all. Pass more samples."
            )
        whole = self._scatter
        if self._waiting:
            whole = whole.joined(_Scatter.of_rows(self._pending[: self._waiting]))
        return whole.statistics()


def feature_statistics(features: ArrayLike) -> FeatureStatistics:
    """Measures mean and covariance factor of a set of features.

    All computations are in float64, whatever the type of the features. There may be fewer samples
    than features. If the features do not fit into memory, `RunningStatistics` gives the same from
    batches.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import feature_statistics

    features = np.random.default_rng(0).normal(size=(500, 3))
    statistics = feature_statistics(features)
    assert np.allclose(statistics.covariance, np.cov(features, rowvar=False))
    ```

    Args:
        features: Finite numbers of shape `(n, dim)`, one row a sample, n at least 2.

    Returns:
        The `FeatureStatistics` of the rows.

    Raises:
        ValueError: Where `features` is not two-dimensional, has fewer than two rows or no
            columns, or holds NaN or infinity.
    """
    running = RunningStatistics()
    running.update(as_features(features))
    return running.statistics()


def merge_statistics(parts: Iterable[FeatureStatistics]) -> FeatureStatistics:
    """Returns the statistics of the union of several sets of samples.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import feature_statistics, merge_statistics

    features = np.random.default_rng(0).normal(size=(900, 3))
    workers = [feature_statistics(features[:500]), feature_statistics(features[500:])]
    merged = merge_statistics(workers)
    assert np.allclose(merged.covariance, np.cov(features, rowvar=False))
    ```

    Args:
        parts: One or more `FeatureStatistics` of samples from the same extractor.

    Returns:
        The statistics of the union; the order of the parts changes rounding alone.

    Raises:
        ValueError: Where there are no parts, or they have different numbers of features.
    """
    given = list(parts)
    dims = sorted({part.dim for part in given})
    if len(dims) != 1:
        raise InvalidInputError(
            "`parts` must hold statistics with one and the same number of features. "
            f"Received: {len(given)} parts with dim={dims}. "
            "Take all from the same feature extractor."
        )
    whole = _Scatter.empty(dims[0])
    for part in given:
        whole = whole.joined(_Scatter.of_statistics(part))
    return whole.statistics()


@dataclass(frozen=True, eq=False)
class _Scatter:
    """A count, a mean, and rows R whose R^T R is the sum of squares around that mean.

    Once there are as many rows as features, they are kept as a square upper triangle. Fewer rows
    stay as they are: a triangle of them would have `dim` rows anyway, of which most are rounding,
    and a Frechet distance of 1,100 samples and 2,048 features would take several times as long.
    """

    mean: Array
    rows: Array
    count: int

    @classmethod
    def empty(cls, dim: int) -> _Scatter:
        return cls(np.zeros(dim), np.zeros((0, dim)), 0)

    @classmethod
    def of_rows(cls, rows: Array) -> _Scatter:
        mean = rows.mean(axis=0)
        return cls(mean, rows - mean, len(rows))

    @classmethod
    def of_statistics(cls, given: FeatureStatistics) -> _Scatter:
        return cls(given.mean, given.factor * np.sqrt(given.count - 1), given.count)

    @property
    def dim(self) -> int:
        return len(self.mean)

    def joined(self, other: _Scatter) -> _Scatter:
        """Returns the scatter of both, if `self` was joined before or is empty.

        The sums of squares around the common mean are those around the two means plus a matrix of
        rank one, n m / (n + m) times the outer square of the means' gap: one more row. Where there
        are enough rows, a QR step makes a triangle of them.
        """
        count = self.count + other.count
        gap = other.mean - self.mean
        shift = gap * np.sqrt(self.count * other.count / count)
        square, rows = len(self.rows) == self.dim, np.vstack([other.rows, shift])
        if not square:
            rows = np.vstack([self.rows, rows])
        if square or len(rows) >= self.dim:
            triangle = self.rows if square else np.zeros((self.dim, self.dim), order="F")
            panel = min(PANEL_COLUMNS, self.dim)
            with one_blas_thread():
                rows, *_ = dtpqrt(0, panel, triangle, np.asfortranarray(rows), overwrite_b=True)
        return _Scatter(self.mean + gap * (other.count / count), rows, count)

    def statistics(self) -> FeatureStatistics:
        """Returns mean and covariance factor."""
        # All rows of a triangle: a constant feature, such as that of a dead ReLU, leaves its row
        # empty, and the samples' variation is in the rows below.
        rows = np.triu(self.rows) if len(self.rows) == self.dim else self.rows
        factor = rows / np.sqrt(self.count - 1)
        return FeatureStatistics(self.mean, np.ascontiguousarray(factor), self.count)
