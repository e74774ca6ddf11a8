"""Precision, recall, density and coverage of generated features.

All four draw a ball around each sample that reaches its k-th nearest neighbor of the same set, and
count the samples of the other set in these balls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.metrics.images.features import as_feature_pair

DISTANCES_AT_ONCE = 4_000_000  # 32 MB, whatever the number of samples

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PrecisionRecall:
    """Shares of samples that lie in balls of the other set.

    Example:
    ```python
    from keras_wgan.metrics import PrecisionRecall

    collapsed = PrecisionRecall(precision=0.99, recall=0.02)
    assert collapsed.recall < collapsed.precision
    ```

    Args:
        precision: Share of generated samples in a real sample's ball: quality.
        recall: Share of real samples in a generated sample's ball: variety.
    """

    precision: float
    recall: float


@dataclass(frozen=True)
class DensityCoverage:
    """Density and coverage of the balls around real samples.

    Example:
    ```python
    from keras_wgan.metrics import DensityCoverage

    assert DensityCoverage(density=1.1, coverage=0.9).coverage <= 1.0
    ```

    Args:
        density: Number of real balls that a generated sample lies in, over k; about 1 for samples
            of the same distribution, and above 1 if they crowd in the middle.
        coverage: Share of real balls that contain a generated sample.
    """

    density: float
    coverage: float


def precision_recall(
    real: ArrayLike, generated: ArrayLike, *, neighbors: int = 3
) -> PrecisionRecall:
    """Returns the improved precision and recall of generated features.

    Memory: 32 MB besides the features.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import precision_recall

    real = np.random.default_rng(0).normal(size=(400, 3))
    one_half = real[real[:, 0] > 0]
    found = precision_recall(real, one_half)
    assert found.precision == 1.0 and found.recall < 0.7
    ```

    Args:
        real: Finite features of shape `(n, dim)`.
        generated: Finite features of shape `(m, dim)`, best m = n, from the same extractor.
        neighbors: K, below n and m. Defaults to `3`.

    Returns:
        The `PrecisionRecall`.

    Raises:
        ValueError: Where the features cannot be used, or there are no more rows than `neighbors`.

    Reference:
        Kynkaanniemi et al. (2019), "Improved precision and recall metric for assessing generative
        models", https://arxiv.org/abs/1904.06991.
    """
    first, second = _centered(real, generated, neighbors)
    return PrecisionRecall(
        precision=_share_in_a_ball(second, first, neighbors),
        recall=_share_in_a_ball(first, second, neighbors),
    )


def density_coverage(
    real: ArrayLike, generated: ArrayLike, *, neighbors: int = 5
) -> DensityCoverage:
    """Returns density and coverage of generated features, which are robust to outliers.

    Memory: 32 MB besides the features.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import density_coverage

    real, same = np.random.default_rng(0).normal(size=(2, 400, 3))
    found = density_coverage(real, same)
    assert 0.8 < found.density < 1.2 and found.coverage > 0.9
    assert density_coverage(real, 0.1 * same).coverage < 0.3
    ```

    Args:
        real: Finite features of shape `(n, dim)`.
        generated: Finite features of shape `(m, dim)`, best m = n, from the same extractor.
        neighbors: K, below n. Defaults to `5`.

    Returns:
        The `DensityCoverage`.

    Raises:
        ValueError: Where the features cannot be used, or there are no more rows than `neighbors`.

    Reference:
        Naeem et al. (2020), "Reliable fidelity and diversity metrics for generative models",
        https://arxiv.org/abs/2002.09797.
    """
    first, second = _centered(real, generated, neighbors)
    radii = _radii(first, neighbors)
    entered, covered = 0, np.zeros(len(first), dtype=bool)
    for squares in _squared_distances(second, first):
        inside = squares <= radii
        entered += int(inside.sum())
        covered |= inside.any(axis=0)
    return DensityCoverage(
        density=entered / (neighbors * len(second)), coverage=float(covered.mean())
    )


def _centered(real: ArrayLike, generated: ArrayLike, neighbors: int) -> tuple[Array, Array]:
    whole_number("neighbors", neighbors)
    first, second = as_feature_pair(real, generated, min_rows=neighbors + 1)
    center = first.mean(axis=0)  # far from the origin, distances from inner products lose digits
    return first - center, second - center


def _share_in_a_ball(points: Array, centers: Array, neighbors: int) -> float:
    radii = _radii(centers, neighbors)
    inside = [(squares <= radii).any(axis=1) for squares in _squared_distances(points, centers)]
    return float(np.concatenate(inside).mean())


def _radii(rows: Array, neighbors: int) -> Array:
    """Returns each row's squared distance to its k-th nearest other row."""
    # The nearest is the row itself, at distance 0.
    return np.concatenate(
        [
            np.partition(squares, neighbors, axis=1)[:, neighbors]
            for squares in _squared_distances(rows, rows)
        ]
    )


def _squared_distances(points: Array, others: Array) -> Iterator[Array]:
    """Yields blocks of rows of the matrix of squared distances, `(some, len(others))`."""
    lengths = np.sum(others**2, axis=1)
    size = max(1, DISTANCES_AT_ONCE // len(others))
    for start in range(0, len(points), size):
        block = points[start : start + size]
        sums = np.sum(block**2, axis=1)[:, None] + lengths
        squares = sums - 2.0 * block @ others.T
        # The distance of equal rows is a rounding error of either sign, which must count as 0 in a
        # ball of radius 0.
        squares[squares < 1e-14 * sums] = 0.0
        yield squares
