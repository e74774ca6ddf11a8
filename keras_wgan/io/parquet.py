"""Tables read from Parquet files, with their sizes checked before they are unpacked."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError, MissingPackageError

MAX_CELLS = 2**25  # rows times columns; 3,000 assets over 40 years
MAX_BYTES = 2**30  # unpacked


def read_parquet_table(path: Path) -> pd.DataFrame:
    """Returns a table, with a named index as a column; refuses broken and large files."""
    require_pyarrow()
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    try:
        promised = parquet.read_metadata(path)
        cells = promised.num_rows * promised.num_columns
        groups = [promised.row_group(number) for number in range(promised.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        # Each group has its own number of rows, which need not agree with the file's.
        cells = max(cells, sum(group.num_rows for group in groups) * promised.num_columns)
    except Exception as error:  # pyarrow raises its own, OSError, ValueError and others
        raise _broken(path, error) from error
    if cells > MAX_CELLS or size > MAX_BYTES:
        raise InvalidInputError(
            f"{path} would take {cells:,} cells of {size:,} bytes, and at most {MAX_CELLS:,} "
            f"cells of {MAX_BYTES:,} bytes are read. Keep only dates and closes in it."
        )
    try:
        table = pd.read_parquet(path, engine="pyarrow")
        table = table.reset_index(drop=isinstance(table.index, pd.RangeIndex))
        for _, column in table.items():
            if isinstance(column.dtype, pd.StringDtype):
                np.asarray(column)  # decodes it: text may be damaged in a valid file
    except MemoryError:
        raise
    except Exception as error:  # also errors of pandas about its own metadata in the file
        raise _broken(path, error) from error
    return table.set_axis([str(column) for column in table.columns], axis=1)  # numbers are allowed


def require_pyarrow() -> None:
    """Raises an error that says how to install pyarrow, if it is missing."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            "Parquet files need pyarrow: pip install 'keras-wgan[parquet]'"
        ) from error


def _broken(path: Path, error: Exception) -> ValueError:
    return InvalidInputError(f"{path} is not a whole Parquet file: {shorten(str(error), 300)}")
