"""The Frechet distance between two sets of features."""

from __future__ import annotations

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.images.blas_threads import one_blas_thread
from keras_wgan.metrics.images.feature_statistics import FeatureStatistics


def frechet_distance(real: FeatureStatistics, generated: FeatureStatistics) -> float:
    """Squared Wasserstein-2 distance between two Gaussians with the given statistics.

    It is |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). The last trace is the nuclear norm
    (the sum of the singular values) of R1 R2^T, since S1 S2 has the eigenvalues of
    (R1 R2^T)(R1 R2^T)^T. So no matrix square root is taken and no complex number can arise, and
    the result holds where the usual route fails: fewer samples than features, or a generator
    that has collapsed.

    The number compares only with numbers of the same protocol: `Measurement` holds both.

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
        real: Statistics of the real features.
        generated: Statistics of the generated features, from the same extractor.

    Returns:
        Zero or above, in squared feature units; infinite only if a square overflows.

    Raises:
        ValueError: Where the two have different numbers of features.

    Reference:
        Dowson and Landau (1982), "The Frechet distance between multivariate normal
        distributions"; Heusel et al. (2017), https://arxiv.org/abs/1706.08500.
    """
    if real.dim != generated.dim:
        raise InvalidInputError(
            "`real` and `generated` must have the same number of features. "
            f"Received: real.dim={real.dim}, generated.dim={generated.dim}. "
            "Take both from the same feature extractor."
        )
    with np.errstate(over="ignore"):
        means = np.sum((real.mean - generated.mean) ** 2)
        covariances = _covariance_gap(real.factor, generated.factor)
    return float(means + covariances)


def _covariance_gap(first: np.ndarray, second: np.ndarray) -> float:
    """Returns |R1|^2 + |R2|^2 - 2 nuclear norm of R1 R2^T, as a sum of two terms above zero.

    With a = |R1| and b = |R2| it is (a - b)^2 + 2 a b (1 - overlap). The overlap of two factors
    of length 1 is at most 1 (Cauchy and Schwarz), so that the clamp hides rounding alone, and
    scaling first keeps the product from overflow and underflow.
    """
    a, b = float(np.linalg.norm(first)), float(np.linalg.norm(second))
    if not np.isfinite(a * b):
        return np.inf
    if a == 0.0 or b == 0.0:
        return (a - b) ** 2
    product = (first / a) @ (second / b).T
    with one_blas_thread():
        overlap = float(np.linalg.norm(product, ord="nuc"))
    return (a - b) ** 2 + 2.0 * a * b * max(1.0 - overlap, 0.0)
