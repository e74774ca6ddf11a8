"""The file of feature statistics: plain arrays, read without unpickling."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import write_atomically
from keras_wgan.io.npz import read_npz_arrays

FORMAT = "keras-wgan feature statistics 1"
NAMES = {"format", "mean", "factor", "count"}
KINDS = ("ffi", "ffu")  # of mean, factor and count: numbers that may be compared

Array = NDArray[np.float64]


def write_arrays(path: str | os.PathLike[str], *, mean: Array, factor: Array, count: Array) -> None:
    """Writes the arrays and the format's name to `.npz`, whole or not at all."""
    buffer = io.BytesIO()
    np.savez(buffer, format=np.array(FORMAT), mean=mean, factor=factor, count=count)
    write_atomically(Path(path), buffer.getvalue())


def read_arrays(path: str | os.PathLike[str]) -> tuple[Array, Array, int]:
    """Returns mean, factor and count from a file, or refuses another, cut or damaged one."""
    try:
        found = read_npz_arrays(Path(path), sorted(NAMES))
    except ValueError as error:
        raise _refusal(path, f"it could not be read: {error}") from error
    if str(found["format"]) != FORMAT:
        raise _refusal(path, "another format")
    mean, factor, count = found["mean"], found["factor"], found["count"]
    fits = mean.ndim == 1 and factor.ndim == 2 and factor.shape[1:] == mean.shape
    if not fits or count.shape != ():
        raise _refusal(path, f"arrays of shapes {mean.shape}, {factor.shape}, {count.shape}")
    if "".join(array.dtype.kind for array in (mean, factor, count)) not in KINDS:
        raise _refusal(path, f"{mean.dtype}, {factor.dtype} and {count.dtype} in it")
    if int(count) < 2:
        raise _refusal(path, f"statistics of {int(count)} samples")
    if not (np.isfinite(mean).all() and np.isfinite(factor).all()):
        raise _refusal(path, "NaN or infinite values in it")
    return mean.astype(np.float64), factor.astype(np.float64), int(count)


def _refusal(path: str | os.PathLike[str], found: str) -> ValueError:
    return InvalidInputError(
        f"`path` must be a whole file that `FeatureStatistics.save` wrote. Received: {path}; "
        f"{found}. Measure the samples again and save the statistics."
    )
