"""Do generated samples lie where real ones do, and everywhere where real ones do?

Both pairs of numbers draw a ball around each sample that just reaches its k-th nearest neighbour
of the same cloud, and then count who lies in whose balls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.metrics.images.features import as_two_clouds

DISTANCES_AT_ONCE = 4_000_000  # 32 MB, whatever the number of samples

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PrecisionRecall:
    """Shares of samples in the other cloud's balls.

    Example:
    ```python
    from keras_wgan.metrics import PrecisionRecall

    collapsed = PrecisionRecall(precision=0.99, recall=0.02)
    assert collapsed.recall < collapsed.precision
    ```

    Args:
        precision: share of generated samples that lie in some real sample's ball: are they good?
        recall: share of real samples that lie in some generated sample's ball: are all kinds made?
    """

    precision: float
    recall: float


@dataclass(frozen=True)
class DensityCoverage:
    """Real samples' balls, counted from both sides.

    Example:
    ```python
    from keras_wgan.metrics import DensityCoverage

    assert DensityCoverage(density=1.1, coverage=0.9).coverage <= 1.0
    ```

    Args:
        density: in how many real balls a generated sample lies, over k; about 1 for samples of
            the same law, and above where they crowd in the middle.
        coverage: share of real balls with a generated sample in them.
    """

    density: float
    coverage: float


def precision_recall(
    real: ArrayLike, generated: ArrayLike, *, neighbours: int = 3
) -> PrecisionRecall:
    """Returns the improved precision and recall of generated features.

    Memory: 32 MB beside the features.

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
        real: finite features of shape `(n, dim)`.
        generated: finite features of shape `(m, dim)`, best as many, from the same extractor.
        neighbours: k, below n and m. Defaults to `3`.

    Returns:
        The `PrecisionRecall`.

    Raises:
        ValueError: where the features cannot be used, or are no more than `neighbours`.

    Reference:
        Kynkaanniemi et al. (2019), "Improved precision and recall metric for assessing generative
        models", https://arxiv.org/abs/1904.06991.
    """
    first, second = _clouds(real, generated, neighbours)
    return PrecisionRecall(
        precision=_share_in_a_ball(second, first, neighbours),
        recall=_share_in_a_ball(first, second, neighbours),
    )


def density_coverage(
    real: ArrayLike, generated: ArrayLike, *, neighbours: int = 5
) -> DensityCoverage:
    """Returns density and coverage of generated features, which outliers disturb less.

    Memory: 32 MB beside the features.

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
        real: finite features of shape `(n, dim)`.
        generated: finite features of shape `(m, dim)`, best as many, from the same extractor.
        neighbours: k, below n. Defaults to `5`.

    Returns:
        The `DensityCoverage`.

    Raises:
        ValueError: where the features cannot be used, or are no more than `neighbours`.

    Reference:
        Naeem et al. (2020), "Reliable fidelity and diversity metrics for generative models",
        https://arxiv.org/abs/2002.09797.
    """
    first, second = _clouds(real, generated, neighbours)
    radii = _radii(first, neighbours)
    entered, covered = 0, np.zeros(len(first), dtype=bool)
    for squares in _squared_distances(second, first):
        inside = squares <= radii
        entered += int(inside.sum())
        covered |= inside.any(axis=0)
    return DensityCoverage(
        density=entered / (neighbours * len(second)), coverage=float(covered.mean())
    )


def _clouds(real: ArrayLike, generated: ArrayLike, neighbours: int) -> tuple[Array, Array]:
    whole_number("neighbours", neighbours)
    first, second = as_two_clouds(real, generated, fewest=neighbours + 1)
    centre = first.mean(axis=0)  # far from the origin, distances from inner products lose digits
    return first - centre, second - centre


def _share_in_a_ball(points: Array, centres: Array, neighbours: int) -> float:
    radii = _radii(centres, neighbours)
    inside = [(squares <= radii).any(axis=1) for squares in _squared_distances(points, centres)]
    return float(np.concatenate(inside).mean())


def _radii(cloud: Array, neighbours: int) -> Array:
    """Returns each row's squared distance to its k-th nearest other row."""
    # The nearest is the row itself, at distance 0.
    return np.concatenate(
        [
            np.partition(squares, neighbours, axis=1)[:, neighbours]
            for squares in _squared_distances(cloud, cloud)
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
        # Equal rows come out as a rounding error of either sign, which must count as 0 in a ball
        # of radius 0.
        squares[squares < 1e-14 * sums] = 0.0
        yield squares
