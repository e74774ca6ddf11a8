"""Files of windows of several series, written a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.series_files import PLACES
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import atomic_path
from keras_wgan.io.npz import write_npz
from keras_wgan.io.tables import write_table

SUFFIXES = (".csv", ".npz", ".parquet")

Array = NDArray[np.float64]


def write_windows(
    path: Path, batches: Iterable[Array], columns: Sequence[str], *, count: int
) -> None:
    """Writes `count` windows `(n, rows, columns)` to a file, completely or not at all.

    `.csv` and `.parquet` hold `window` from 0, `row` from 1 and a column for each series; `.npz`
    holds `windows` and the names `columns`.
    """
    taken = [name for name in columns if name in PLACES]
    if taken and path.suffix != ".npz":
        raise InvalidInputError(
            f"A table of windows has the columns {' and '.join(PLACES)} of its own. Received: a "
            f"series of the name {taken[0]}. Write an .npz file, or rename the column and train "
            "again."
        )
    with atomic_path(path) as unfinished:
        if path.suffix == ".npz":
            names = np.array(list(columns))
            write_npz(unfinished, {"columns": (len(names), [names]), "windows": (count, batches)})
        else:
            write_table(unfinished, _pieces(batches, columns))


def _pieces(batches: Iterable[Array], columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    first = 0
    for batch in batches:
        number, rows, _ = batch.shape
        table = pd.DataFrame(batch.reshape(number * rows, -1), columns=list(columns))
        table.insert(0, PLACES[1], np.tile(np.arange(1, rows + 1), number))
        table.insert(0, PLACES[0], np.repeat(np.arange(first, first + number), rows))
        yield table
        first += number
