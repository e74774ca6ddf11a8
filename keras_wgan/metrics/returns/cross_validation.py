"""Cross-validation folds of overlapping windows without shared days."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError

FOLDS = 5


def time_blocks(
    windows: NDArray[np.float64], name: str
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Splits windows in the order of time into five blocks, each held out once.

    Windows that start fewer days than a window's length from a held-out one share days with it,
    so they are left out of both sides.

    Args:
        windows: log returns a day, shape `(windows, days)`, in the order of time.
        name: what the caller's argument is called, for the error.

    Returns:
        For each block, masks of shape `(windows,)`: the windows to train on, and to test on.

    Raises:
        ValueError: for fewer than five windows for each day of a window.
    """
    count, days = windows.shape
    if count < FOLDS * days:
        raise InvalidInputError(
            f"`{name}` must hold at least {FOLDS * days} windows of {days} days: held-out blocks "
            "in time, with a gap so that no day is on both sides, leave too few otherwise. "
            f"Received: {name}.shape={windows.shape}. "
            "Use a longer history, with one window starting each day."
        )
    places = np.arange(count)
    edges = [round(count * fold / FOLDS) for fold in range(FOLDS + 1)]
    return (
        (
            (places <= first - days) | (places >= last - 1 + days),
            (places >= first) & (places < last),
        )
        for first, last in pairwise(edges)
    )
