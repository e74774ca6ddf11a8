"""The sliced Wasserstein distance between two sets of features."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan._validation import whole_number
from keras_wgan.metrics.images.features import as_feature_pair


def sliced_wasserstein(
    real: ArrayLike, generated: ArrayLike, *, directions: int = 500, seed: int = 0
) -> float:
    """Returns the mean Wasserstein-1 distance of projections on random lines.

    It assumes no distribution and is in the units of the features. Pass features rather than
    images, whose pixels it would compare.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sliced_wasserstein

    real = np.random.default_rng(0).normal(size=(500, 2))
    # A line at angle a moves by 3 |cos a|, whose mean is 6 / pi.
    found = sliced_wasserstein(real, real + [3.0, 0.0])
    assert abs(found - 6 / np.pi) < 0.15
    ```

    Args:
        real: Finite features of shape `(n, dim)`.
        generated: Finite features of shape `(m, dim)`, from the same extractor.
        directions: Number of lines. Defaults to `500`.
        seed: Fixes the lines. Defaults to `0`.

    Returns:
        Zero or above.

    Raises:
        ValueError: Where the features cannot be used, or `directions` is below 1.

    Reference:
        Rabin et al. (2011), "Wasserstein barycenter and its application to texture mixing".
    """
    from scipy.stats import wasserstein_distance  # loads in a second

    directions = whole_number("directions", directions)
    first, second = as_feature_pair(real, generated)
    lines = np.random.default_rng(seed).normal(size=(directions, first.shape[1]))
    lines /= np.linalg.norm(lines, axis=1, keepdims=True)
    return float(np.mean([wasserstein_distance(first @ line, second @ line) for line in lines]))
