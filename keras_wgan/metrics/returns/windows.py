"""Checks and splits of windows and series of log returns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError

FOLDS = 5


def as_windows(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Returns finite log returns of shape (windows, days); errors call them `name`."""
    returns = finite_array(name, values, unit="returns")
    shape = returns.shape
    if returns.ndim == 3 and shape[-1] == 1:
        returns = returns[..., 0]
    if returns.ndim != 2 or returns.size == 0:
        raise InvalidInputError(
            f"`{name}` must have the shape (windows, days) or (windows, days, 1). "
            f"Received: {name}.shape={shape}. Cut a long series into windows first."
        )
    return returns


def as_window_pair(
    real: ArrayLike, generated: ArrayLike, *, min_days: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns real and generated windows of the same number of days."""
    history, samples = as_windows(real, "real"), as_windows(generated, "generated")
    if history.shape[1] != samples.shape[1] or history.shape[1] < min_days:
        raise InvalidInputError(
            f"`real` and `generated` must have windows of the same days, {min_days} or more. "
            f"Received: real.shape={history.shape}, generated.shape={samples.shape}. "
            "Generate as many days as the real windows have."
        )
    return history, samples


def as_series(values: ArrayLike, *, min_days: int = 1) -> NDArray[np.float64]:
    """Returns the argument `returns` as finite log returns of shape (days,)."""
    series = finite_array("returns", values, unit="returns")
    if series.ndim != 1 or len(series) < min_days:
        raise InvalidInputError(
            f"`returns` must be one series of log returns with the shape (days,) and at least "
            f"{min_days} days. Received: returns.shape={series.shape}"
        )
    return series


def time_blocks(
    windows: NDArray[np.float64], name: str
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Splits windows in chronological order into five blocks, each held out once.

    Yields two masks per block: the windows to train on and those to test on. Neither holds the
    windows that share days with both blocks, which start less than one window's length away.
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
