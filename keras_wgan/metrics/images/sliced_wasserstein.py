"""How far apart are two clouds of features, looked at from many sides?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import wasserstein_distance

from keras_wgan._validation import whole_number
from keras_wgan.metrics.images.features import as_two_clouds


def sliced_wasserstein(
    real: ArrayLike, generated: ArrayLike, *, directions: int = 500, seed: int = 0
) -> float:
    """Returns the mean Wasserstein-1 distance of two clouds' shadows on random lines.

    It assumes no shape and is a distance in the features' own units. On images it sees pixels
    and no meaning: hand in features.

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
        real: finite features of shape `(n, dim)`.
        generated: finite features of shape `(m, dim)`, from the same extractor.
        directions: how many lines. Defaults to `500`.
        seed: whole number on which the lines depend. Defaults to `0`.

    Returns:
        Zero or above.

    Raises:
        ValueError: where the features cannot be used, or `directions` is below 1.

    Reference:
        Rabin et al. (2011), "Wasserstein barycenter and its application to texture mixing".
    """
    directions = whole_number("directions", directions)
    first, second = as_two_clouds(real, generated)
    lines = np.random.default_rng(seed).normal(size=(directions, first.shape[1]))
    lines /= np.linalg.norm(lines, axis=1, keepdims=True)
    return float(np.mean([wasserstein_distance(first @ line, second @ line) for line in lines]))
