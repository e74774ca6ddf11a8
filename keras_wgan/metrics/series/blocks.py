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

SHORTEST, LONGEST = 2, 8  # windows' length of a block
MIN_BLOCKS = 4
LENGTHS = 8  # of blocks, where a table is long enough
SPLITS = 16  # with several places for the borders of blocks of each length
MAX_SHIFTS = 4
MAX_WINDOWS = 5000  # of each side, so that a score takes about a tenth of a second

Array = NDArray[np.float64]


def alternating_halves(rows: ArrayLike, window: int) -> Iterator[tuple[Array, Array]]:
    """Yields the windows `(n, window, columns)` of the even and the odd blocks of rows.

    Blocks of one pair have the same length, and there is an even number of them. Each half then
    holds all parts of a season, whatever its period, unless a block is half as long: one half
    would be all days, the other all nights. Lengths differ from pair to pair so that this can
    happen to few of them. No window reaches across a border.
    """
    table = finite_array("rows", rows)
    whole_number("window", window, minimum=MIN_ROWS)
    least = MIN_BLOCKS * SHORTEST * window
    if table.ndim != 2 or len(table) < least:
        raise InvalidInputError(
            f"`rows` must have the shape (n, columns) with at least {least} rows, so that each "
            f"half has two blocks of two windows. Received: rows.shape={table.shape}"
        )
    for blocks, shift in _splits(len(table), window):
        length = len(table) / blocks
        inner = np.round((np.arange(blocks) + shift) * length).astype(int)
        borders = np.unique([0, *inner, len(table)])
        halves: tuple[list[Array], list[Array]] = ([], [])
        for number, (start, end) in enumerate(itertools.pairwise(borders)):
            if end - start >= window:
                cut = np.lib.stride_tricks.sliding_window_view(table[start:end], window, axis=0)
                halves[number % 2].append(cut.swapaxes(1, 2))
        yield np.concatenate(halves[0]), np.concatenate(halves[1])


def _splits(rows: int, window: int) -> Iterator[tuple[int, float]]:
    """Yields numbers of blocks, all even, and shares of a block by which borders are moved."""
    most = rows // (2 * SHORTEST * window)  # pairs of blocks
    fewest = min(max(MIN_BLOCKS // 2, -(-rows // (2 * LONGEST * window))), most)
    pairs = np.unique(np.geomspace(fewest, most, LENGTHS).round().astype(int))
    shifts = min(MAX_SHIFTS, SPLITS // len(pairs))
    for pair, shift in itertools.product(pairs.tolist(), range(shifts)):
        yield 2 * pair, shift / shifts


def thinned(windows: NDArray[Any], most: int = MAX_WINDOWS) -> NDArray[Any]:
    """Returns windows, or of many as many evenly spaced ones."""
    if len(windows) <= most:
        return windows
    return windows[np.linspace(0, len(windows) - 1, most).round().astype(int)]
