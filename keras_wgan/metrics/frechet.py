"""How far apart are two clouds of features, each seen as a Gaussian?

Read downwards: features -> `FeatureStatistics` -> one number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    ```

    Args:
        mean: array of shape `(dim,)`.
        factor: array R of shape `(rows, dim)`, with R^T R the unbiased covariance. From
            `feature_statistics` it has `min(n, dim)` rows and zeros below the diagonal.
        count: how many samples it was measured on. Small samples read high, so a distance is
            only comparable with others of the same counts.
    """

    mean: NDArray[np.float64]
    factor: NDArray[np.float64]
    count: int

    @property
    def dim(self) -> int:
        """Number of features."""
        return int(self.mean.shape[0])

    @property
    def covariance(self) -> NDArray[np.float64]:
        """The unbiased covariance, shape `(dim, dim)`."""
        return self.factor.T @ self.factor


def feature_statistics(features: ArrayLike) -> FeatureStatistics:
    """Measures mean and covariance factor of a set of features.

    Everything is worked out in float64, whatever the features come in. Fewer samples than
    features are welcome: the factor then has fewer rows.

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
    rows = np.asarray(features, dtype=np.float64)
    _refuse_unusable(rows)
    mean = rows.mean(axis=0)
    factor = np.linalg.qr((rows - mean) / np.sqrt(len(rows) - 1), mode="r")
    # asarray changes nothing: NumPy's type hints take mode="r" for the pair of other modes.
    return FeatureStatistics(
        mean=mean, factor=np.asarray(factor, dtype=np.float64), count=len(rows)
    )


def frechet_distance(real: FeatureStatistics, generated: FeatureStatistics) -> float:
    """Squared Wasserstein-2 distance between two Gaussians with the given statistics.

    It is |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). The last trace is the nuclear norm
    (the sum of the singular values) of R1 R2^T, since S1 S2 has the eigenvalues of
    (R1 R2^T)(R1 R2^T)^T. So no matrix square root is taken and no complex number can arise, and
    the result holds where the usual route fails: fewer samples than features, or a generator
    that has collapsed.

    The number means nothing without its protocol: name the feature extractor and both counts
    beside it.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import feature_statistics, frechet_distance

    rng = np.random.default_rng(0)
    real = feature_statistics(rng.normal(size=(400, 8)))
    shifted = feature_statistics(rng.normal(size=(400, 8)) + 1.0)
    assert frechet_distance(real, real) < 1e-9
    assert 7.0 < frechet_distance(real, shifted) < 10.0  # eight features, each one apart
    ```

    Args:
        real: statistics of the real features.
        generated: statistics of the generated features, from the same extractor.

    Returns:
        A finite number, zero or above, in squared feature units.

    Raises:
        ValueError: where the two have different numbers of features.

    Reference:
        Dowson and Landau (1982), "The Frechet distance between multivariate normal
        distributions"; Heusel et al. (2017), https://arxiv.org/abs/1706.08500.
    """
    if real.dim != generated.dim:
        raise ValueError(
            "`real` and `generated` must have the same number of features. "
            f"Received: real.dim={real.dim}, generated.dim={generated.dim}. "
            "Take both from the same feature extractor."
        )
    means = np.sum((real.mean - generated.mean) ** 2)
    traces = np.sum(real.factor**2) + np.sum(generated.factor**2)
    cross = np.linalg.norm(real.factor @ generated.factor.T, ord="nuc")
    # In exact arithmetic the sum is never negative: it is a least distance over couplings. Equal
    # statistics leave a rounding error of either sign (-7e-15 was seen), which the clamp hides.
    return max(float(means + traces - 2.0 * cross), 0.0)


def _refuse_unusable(rows: NDArray[np.float64]) -> None:
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise ValueError(
            "`features` must have the shape (n, dim), one row a sample. "
            f"Received: features.shape={rows.shape}. "
            "Flatten or pool each sample to one vector first."
        )
    if len(rows) < 2:
        raise ValueError(
            "`features` must have at least 2 rows, since one sample has no covariance. "
            f"Received: features.shape={rows.shape}. Hand in more samples."
        )
    bad = int(rows.size - np.isfinite(rows).sum())
    if bad:
        raise ValueError(
            f"`features` must be finite. Received: {bad} of {rows.size} values NaN or infinite. "
            "Look for a generator that diverged or an extractor fed outside its range."
        )
