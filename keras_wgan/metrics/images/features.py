"""The checks of feature arrays that all metrics of images share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError


def as_features(
    features: ArrayLike, name: str = "features", *, min_rows: int = 2
) -> NDArray[np.float64]:
    """Returns finite features of shape `(n, dim)` as float64; an error calls them by `name`."""
    rows = finite_array(name, features)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise InvalidInputError(
            f"`{name}` must have the shape (n, dim), one row a sample. "
            f"Received: {name}.shape={rows.shape}. "
            "Flatten or pool each sample to one vector first."
        )
    if len(rows) < min_rows:
        raise InvalidInputError(
            f"`{name}` must have at least {min_rows} rows. "
            f"Received: {name}.shape={rows.shape}. Pass more samples."
        )
    return rows


def as_feature_pair(
    real: ArrayLike, generated: ArrayLike, *, min_rows: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns real and generated features as float64 with the same number of columns."""
    first = as_features(real, "real", min_rows=min_rows)
    second = as_features(generated, "generated", min_rows=min_rows)
    if first.shape[1] != second.shape[1]:
        raise InvalidInputError(
            "`real` and `generated` must have the same number of features. Received: "
            f"real.shape={first.shape}, generated.shape={second.shape}. "
            "Take both from the same feature extractor."
        )
    return first, second
