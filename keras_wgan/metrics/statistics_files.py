"""How are statistics of features kept in a file that anybody may open?"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data.cache import write_atomically

FORMAT = "keras-wgan feature statistics 1"
NAMES = {"format", "mean", "factor", "count"}

Array = NDArray[np.float64]


def write_arrays(path: str | os.PathLike[str], *, mean: Array, factor: Array, count: Array) -> None:
    """Writes the arrays and the format's name to `.npz`, whole or not at all."""
    buffer = io.BytesIO()
    np.savez(buffer, format=np.array(FORMAT), mean=mean, factor=factor, count=count)
    write_atomically(Path(path), buffer.getvalue())


def read_arrays(path: str | os.PathLike[str]) -> tuple[Array, Array, int]:
    """Returns mean, factor and count from a file; nothing in it is ever unpickled.

    Raises:
        FileNotFoundError: where there is no such file.
        ValueError: where it is another file, cut or damaged.
    """
    content = io.BytesIO(Path(path).read_bytes())  # NumPy leaves a cut file open
    try:
        with np.load(content, allow_pickle=False) as archive:
            found = {name: archive[name] for name in NAMES & set(archive)}
    # What NumPy and zipfile raise at files that are no archive, are cut, damaged or pickled.
    except (ValueError, TypeError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise _refusal(path, f"it could not be read: {error}") from error
    if set(found) != NAMES or str(found["format"]) != FORMAT:
        missing = sorted(NAMES - set(found))
        raise _refusal(path, f"missing: {', '.join(missing)}" if missing else "another format")
    mean, factor, count = found["mean"], found["factor"], found["count"]
    fits = mean.ndim == 1 and factor.ndim == 2 and factor.shape[1:] == mean.shape
    if not fits or count.shape != () or int(count) < 2:
        raise _refusal(path, f"arrays of shapes {mean.shape}, {factor.shape}, {count.shape}")
    if not (np.isfinite(mean).all() and np.isfinite(factor).all()):
        raise _refusal(path, "NaN or infinite values in it")
    return mean.astype(np.float64), factor.astype(np.float64), int(count)


def _refusal(path: str | os.PathLike[str], found: str) -> ValueError:
    return ValueError(
        f"`path` must be a whole file that `FeatureStatistics.save` wrote. Received: {path}; "
        f"{found}. Measure the samples again and save them anew."
    )
