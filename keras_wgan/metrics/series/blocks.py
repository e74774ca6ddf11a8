"""Two halves of real rows in alternating blocks, between which no window leaks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.series.statistics import MIN_ROWS

BLOCK = 4  # windows' length, of a table that holds four such blocks; of a shorter one, half of it
SHIFTS = 4  # places for the borders of the blocks
MIN_BLOCKS = 4
MAX_WINDOWS = 5000  # of each side, so that a score takes about a tenth of a second

Array = NDArray[np.float64]


def alternating_halves(rows: ArrayLike, window: int) -> Iterator[tuple[Array, Array]]:
    """Yields the windows `(n, window, columns)` of the even and the odd blocks of rows.

    Each pair has other borders, and no window reaches across one.
    """
    table = finite_array("rows", rows)
    whole_number("window", window, minimum=MIN_ROWS)
    least = 2 * MIN_BLOCKS * window
    if table.ndim != 2 or len(table) < least:
        raise InvalidInputError(
            f"`rows` must have the shape (n, columns) with at least {least} rows, so that each "
            f"half has two blocks of two windows. Received: rows.shape={table.shape}"
        )
    block = BLOCK * window if len(table) >= BLOCK * MIN_BLOCKS * window else 2 * window
    for shift in range(SHIFTS):
        halves: tuple[list[Array], list[Array]] = ([], [])
        borders = [0, *range(block * shift // SHIFTS or block, len(table), block), len(table)]
        for number, (start, end) in enumerate(itertools.pairwise(borders)):
            if end - start >= window:
                cut = np.lib.stride_tricks.sliding_window_view(table[start:end], window, axis=0)
                halves[number % 2].append(cut.swapaxes(1, 2))
        yield np.concatenate(halves[0]), np.concatenate(halves[1])


def thinned(windows: NDArray[Any], most: int = MAX_WINDOWS) -> NDArray[Any]:
    """Returns windows, or of many as many evenly spaced ones."""
    if len(windows) <= most:
        return windows
    return windows[np.linspace(0, len(windows) - 1, most).round().astype(int)]
