"""Can these features be measured at all? Checked once, at the door of every metric."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError


def as_features(
    features: ArrayLike, name: str = "features", *, fewest: int = 2
) -> NDArray[np.float64]:
    """Returns features as float64 rows, or says what is wrong with them.

    Args:
        features: finite numbers of shape `(n, dim)`, one row a sample.
        name: what the caller's argument is called, for messages.
        fewest: how many rows the metric needs. Defaults to `2`.

    Returns:
        `(n, dim)` float64.

    Raises:
        ValueError: where `features` is not two-dimensional, has too few rows or no columns, or
            holds NaN or infinity.
    """
    rows = np.asarray(features, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise InvalidInputError(
            f"`{name}` must have the shape (n, dim), one row a sample. "
            f"Received: {name}.shape={rows.shape}. "
            "Flatten or pool each sample to one vector first."
        )
    if len(rows) < fewest:
        raise InvalidInputError(
            f"`{name}` must have at least {fewest} rows. "
            f"Received: {name}.shape={rows.shape}. Hand in more samples."
        )
    bad = int(rows.size - np.isfinite(rows).sum())
    if bad:
        raise InvalidInputError(
            f"`{name}` must be finite. Received: {bad} of {rows.size} values NaN or infinite. "
            "Look for a generator that diverged or an extractor fed outside its range."
        )
    return rows


def as_two_clouds(
    real: ArrayLike, generated: ArrayLike, *, fewest: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns real and generated features as float64 rows with the same number of columns.

    Args:
        real: features of shape `(n, dim)`.
        generated: features of shape `(m, dim)`, from the same extractor.
        fewest: how many rows the metric needs on each side. Defaults to `2`.

    Returns:
        Both, checked.

    Raises:
        ValueError: as `as_features`, and where the numbers of columns differ.
    """
    first = as_features(real, "real", fewest=fewest)
    second = as_features(generated, "generated", fewest=fewest)
    if first.shape[1] != second.shape[1]:
        raise InvalidInputError(
            "`real` and `generated` must have the same number of features. Received: "
            f"real.shape={first.shape}, generated.shape={second.shape}. "
            "Take both from the same feature extractor."
        )
    return first, second
