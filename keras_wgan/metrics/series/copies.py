"""The share of generated windows of series that copy training windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.series.blocks import thinned

NEAR = 0.5  # of the usual distance
COMPARED = 1000  # real windows behind the usual distance
CELLS = 2**23  # of a table of distances, 64 MB

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CopyShares:
    """The shares of windows that are near copies of training windows.

    Args:
        generated: Of the generated windows.
        real: Of real windows, compared with real windows that share no row with them.
    """

    generated: float
    real: float


def series_copies(real: ArrayLike, generated: ArrayLike) -> CopyShares:
    """Returns the share of generated windows that nearly copy a real one, and that of real ones.

    Distances are Euclidean over all rows and columns, on the scale of the generator. A window is a
    near copy where its nearest real window is closer than half the usual distance: the median over
    real windows of the distance to the nearest one that shares no row with it.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import series_copies

    rows = np.random.default_rng(0).normal(size=(500, 2))
    real = np.lib.stride_tricks.sliding_window_view(rows, 8, axis=0).swapaxes(1, 2)
    assert series_copies(real, real[:50]).generated == 1.0
    made = np.random.default_rng(1).normal(size=(50, 8, 2))
    assert series_copies(real, made).generated == 0.0
    ```

    Args:
        real: `(n, rows, columns)`, all training windows in order of time, one starting at each row.
        generated: `(m, rows, columns)`.

    Returns:
        Both shares, between 0 and 1.

    Raises:
        ValueError: If the shapes do not fit, values are not finite, or there are fewer real windows
            than twice their rows.
    """
    windows, samples = finite_array("real", real), finite_array("generated", generated)
    if windows.ndim != 3 or windows.shape[1:] != samples.shape[1:]:
        raise InvalidInputError(
            "`real` and `generated` must have the shape (n, rows, columns), the same but for n. "
            f"Received: real.shape={windows.shape}, generated.shape={samples.shape}"
        )
    rows = windows.shape[1]
    if len(windows) < 2 * rows:
        raise InvalidInputError(
            f"`real` must hold at least {2 * rows} windows of {rows} rows, so that each has "
            f"another without a common row. Received: real.shape={windows.shape}"
        )
    flat = windows.reshape(len(windows), -1)
    numbers = thinned(np.arange(len(flat)), COMPARED)
    among_real = _nearest(flat[numbers], flat, apart=rows, numbers=numbers)
    near = NEAR * float(np.median(among_real))
    made = _nearest(samples.reshape(len(samples), -1), flat)
    return CopyShares(float(np.mean(made < near)), float(np.mean(among_real < near)))


def _nearest(
    samples: Array, real: Array, *, apart: int = 0, numbers: NDArray[np.int_] | None = None
) -> Array:
    """Returns the distance of each sample to the nearest real window.

    With `numbers`, samples are the real windows of these numbers, and those that begin fewer than
    `apart` rows away are left out.
    """
    lengths, starts = np.sum(real**2, axis=1), np.arange(len(real))
    at_once = max(1, CELLS // len(real))
    found = []
    for first in range(0, len(samples), at_once):
        some = samples[first : first + at_once]
        squares = np.sum(some**2, axis=1)[:, np.newaxis] + lengths - 2.0 * some @ real.T
        if numbers is not None:
            own = numbers[first : first + at_once, np.newaxis]
            squares[np.abs(own - starts) < apart] = np.inf
        found.append(squares.min(axis=1))
    return np.sqrt(np.maximum(np.concatenate(found), 0.0))
