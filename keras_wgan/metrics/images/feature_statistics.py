"""What does a Frechet distance keep of a cloud of features, however large the cloud?

Read downwards: batches of features -> `RunningStatistics` -> `FeatureStatistics`, which can be
merged with those of another worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.lapack import dtpqrt

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.images.features import as_features
from keras_wgan.metrics.images.statistics_files import read_arrays, write_arrays

# Rows and columns that LAPACK reflects at a time. Of 256 to 4096 rows and 16 to 128 columns the
# fastest, or within a tenth of it, for 2048 features on two cores.
BLOCK_ROWS = 512
PANEL_COLUMNS = 32

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FeatureStatistics:
    """Mean and covariance of a cloud of features, as the Frechet distance needs them.

    The covariance is kept as a factor R with R^T R = covariance. Multiplying it out would square
    the condition number, and with it would go the small directions that decide between two good
    generators.

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
        mean: array of shape `(dim,)`.
        factor: array R of shape `(rows, dim)`, with R^T R the unbiased covariance. From
            `feature_statistics` it has `dim` rows and zeros below the diagonal.
        count: how many samples it was measured on. Small samples read high, so a distance is
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

    Memory does not depend on how many samples come: it holds one triangle of `dim x dim` and at
    most 512 rows. Everything is worked out in float64. Another batch size gives the same bits,
    another order the same numbers up to rounding.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import RunningStatistics
    from keras_wgan.metrics import feature_statistics

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
        """How many samples came so far."""
        return (0 if self._scatter is None else self._scatter.count) + self._waiting

    def update(self, features: ArrayLike) -> None:
        """Takes in `(batch, dim)` finite features, one row a sample; one row is enough.

        Raises:
            ValueError: where the shape is wrong or another width than before, or a value is NaN
                or infinite; what came before is kept.
        """
        rows = as_features(features, fewest=1)
        if self._scatter is None:
            self._scatter = _Scatter.empty(rows.shape[1])
            self._pending = np.empty((BLOCK_ROWS, rows.shape[1]))
        if rows.shape[1] != self._scatter.dim:
            raise InvalidInputError(
                "`features` must have as many columns as those before. Received: "
                f"features.shape={rows.shape} after batches of {self._scatter.dim} columns. "
                "Take all batches from the same feature extractor."
            )
        # Blocks are cut at the same rows whatever the batches were, which is why the batch size
        # changes nothing.
        while len(rows):
            taken = rows[: BLOCK_ROWS - self._waiting]
            self._pending[self._waiting : self._waiting + len(taken)] = taken
            self._waiting += len(taken)
            rows = rows[len(taken) :]
            if self._waiting == BLOCK_ROWS:
                self._scatter = self._scatter.joined(_Scatter.of_rows(self._pending))
                self._waiting = 0

    def statistics(self) -> FeatureStatistics:
        """Returns the statistics of all samples so far; more may come afterwards.

        Raises:
            ValueError: where fewer than two samples came, since one has no covariance.
        """
        if self._scatter is None or self.count < 2:
            raise InvalidInputError(
                "`features` must have at least 2 rows, since one sample has no covariance. "
                f"Received: {self.count} in all. Hand in more samples."
            )
        whole = self._scatter
        if self._waiting:
            whole = whole.joined(_Scatter.of_rows(self._pending[: self._waiting]))
        return whole.statistics()


def feature_statistics(features: ArrayLike) -> FeatureStatistics:
    """Measures mean and covariance factor of a set of features.

    Everything is worked out in float64, whatever the features come in. Fewer samples than
    features are welcome: the factor then has fewer rows. Where the features do not fit into
    memory, `RunningStatistics` takes them a batch at a time and gives the same.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import feature_statistics

    features = np.random.default_rng(0).normal(size=(500, 3))
    statistics = feature_statistics(features)
    assert np.allclose(statistics.covariance, np.cov(features, rowvar=False))
    ```

    Args:
        features: finite numbers of shape `(n, dim)`, one row a sample, n at least 2.

    Returns:
        The `FeatureStatistics` of the rows.

    Raises:
        ValueError: where `features` is not two-dimensional, has fewer than two rows or no
            columns, or holds NaN or infinity.
    """
    running = RunningStatistics()
    running.update(as_features(features))
    return running.statistics()


def merge_statistics(parts: Iterable[FeatureStatistics]) -> FeatureStatistics:
    """Joins the statistics of several sets of samples to those of all samples together.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import merge_statistics
    from keras_wgan.metrics import feature_statistics

    features = np.random.default_rng(0).normal(size=(900, 3))
    workers = [feature_statistics(features[:500]), feature_statistics(features[500:])]
    merged = merge_statistics(workers)
    assert np.allclose(merged.covariance, np.cov(features, rowvar=False))
    ```

    Args:
        parts: one or more `FeatureStatistics` of samples from the same extractor.

    Returns:
        The statistics of the union; the order of the parts changes rounding alone.

    Raises:
        ValueError: where there are no parts, or they have different numbers of features.
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
    """A count, a mean, and rows R whose R^T R is the sum of squares around that mean."""

    mean: Array
    rows: Array
    count: int

    @classmethod
    def empty(cls, dim: int) -> _Scatter:
        return cls(np.zeros(dim), np.zeros((dim, dim), order="F"), 0)

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
        """Returns the scatter of both, where `self.rows` is a square upper triangle.

        Around the common mean the sums of squares are those around the two means and one rank
        more, n m / (n + m) times the outer square of the means' gap: one more row under the two
        factors. A QR step makes a triangle of it again.
        """
        count = self.count + other.count
        gap = other.mean - self.mean
        shift = gap * np.sqrt(self.count * other.count / count)
        below = np.asfortranarray(np.vstack([other.rows, shift]))
        panel = min(PANEL_COLUMNS, self.dim)
        triangle, *_ = dtpqrt(0, panel, self.rows, below, overwrite_b=True)
        return _Scatter(self.mean + gap * (other.count / count), triangle, count)

    def statistics(self) -> FeatureStatistics:
        """Returns the same as mean and covariance factor."""
        # All rows, also of fewer samples than features: a feature that never varies, such as that
        # of a dead ReLU, leaves its row empty, and what the samples hold stands below it.
        factor = np.triu(self.rows) / np.sqrt(self.count - 1)
        return FeatureStatistics(self.mean, np.ascontiguousarray(factor), self.count)
