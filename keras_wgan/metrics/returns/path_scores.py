"""Proper scores of forecasts of whole paths, given as samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range
from keras_wgan.errors import InvalidInputError

BLOCK = 512  # points whose distances to the others are in memory at a time


def energy_score(paths: ArrayLike, observed: ArrayLike) -> float:
    """Returns the energy score of a forecast of several numbers, such as the days of a path.

    It is E|X - y| - E|X - X'| / 2 with the Euclidean norm, the CRPS of vectors; lower is better. As
    in `crps`, the second mean is taken over pairs of different samples. It sees the distribution of
    each day well and the dependence between days weakly: `variogram_score` is made for that.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import energy_score

    paths = np.random.default_rng(0).normal(size=(500, 3))
    assert energy_score(paths, [0.0, 0.0, 0.0]) < energy_score(paths, [2.0, 2.0, 2.0])
    ```

    Args:
        paths: `(n, days)` sampled paths, two or more.
        observed: `(days,)` the path that happened.

    Returns:
        The score, in the unit of the paths.

    Raises:
        ValueError: If there are fewer than two paths, the shapes do not fit, or a number is not
            finite.

    Reference:
        Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation".
    """
    drawn, happened = _checked(paths, observed)
    to_observed = float(np.linalg.norm(drawn - happened, axis=1).mean())
    return to_observed - _mean_distance(drawn) / 2.0


def variogram_score(paths: ArrayLike, observed: ArrayLike, *, power: float = 0.5) -> float:
    """Returns the variogram score of a forecast of a path: how its days move together.

    The score is the sum over all pairs of days i < j of (|y_i - y_j|^p - E|X_i - X_j|^p)^2,
    weighted by 1 / (j - i); the weights add up to 1. Lower is better. It sees dependence, but
    neither the level of the path nor its direction.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import variogram_score

    steps = np.random.default_rng(0).normal(size=(2000, 20))
    observed = np.cumsum(np.random.default_rng(1).normal(size=20))
    walks, noise = np.cumsum(steps, axis=1), 3.0 * steps
    assert variogram_score(walks, observed) < variogram_score(noise, observed)
    ```

    Args:
        paths: `(n, days)` sampled paths of two days or more, such as cumulative log returns.
        observed: `(days,)` the path that happened.
        power: The power p, above 0. Defaults to `0.5`, which keeps single large moves small.

    Returns:
        The score, in the unit of the paths to the power 2p.

    Raises:
        ValueError: If there are fewer than two paths or days, the shapes do not fit, or a number is
            not finite.

    Reference:
        Scheuerer and Hamill (2015), "Variogram-based proper scoring rules for probabilistic
        forecasts of multivariate quantities".
    """
    drawn, happened = _checked(paths, observed, min_days=2)
    power = in_range("power", power, above=0.0)
    total = weights = 0.0
    for lag in range(1, len(happened)):
        expected = _moves(drawn, lag, power).mean(axis=0)
        gaps = _moves(happened[np.newaxis], lag, power)[0] - expected
        total += float(np.sum(gaps**2)) / lag
        weights += len(gaps) / lag
    return total / weights


def _mean_distance(points: NDArray[np.float64]) -> float:
    """Returns the mean distance of all pairs of different points."""
    # By products of matrices, several times faster than scipy.spatial.distance.pdist here.
    centered = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", centered, centered)
    count, total = len(points), 0.0
    for first in range(0, count, BLOCK):
        rows = slice(first, first + BLOCK)
        gaps = -2.0 * centered[rows] @ centered[first:].T
        gaps += squares[rows, np.newaxis] + squares[first:]
        np.sqrt(np.maximum(gaps, 0.0, out=gaps), out=gaps)
        inside = gaps[:, : len(gaps)]  # holds each pair twice, and rounding on the diagonal
        np.fill_diagonal(inside, 0.0)
        total += float(gaps.sum()) - float(inside.sum()) / 2.0
    return 2.0 * total / (count * (count - 1))


def _moves(paths: NDArray[np.float64], lag: int, power: float) -> NDArray[np.float64]:
    sizes = np.abs(paths[:, lag:] - paths[:, :-lag])
    return np.sqrt(sizes) if power == 0.5 else sizes**power


def _checked(
    paths: ArrayLike, observed: ArrayLike, *, min_days: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    drawn = finite_array("paths", paths, unit="numbers")
    happened = finite_array("observed", observed, unit="numbers")
    if (
        drawn.ndim != 2
        or len(drawn) < 2
        or happened.shape != drawn.shape[1:]
        or len(happened) < min_days
    ):
        raise InvalidInputError(
            f"`paths` must be (n, days), two or more, and `observed` (days,), with {min_days} or "
            f"more days. Received: paths.shape={drawn.shape}, observed.shape={happened.shape}"
        )
    return drawn, happened
