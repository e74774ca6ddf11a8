"""How is a Parquet file read that may unpack to far more than it takes on disk?"""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError, MissingPackageError

MAX_CELLS = 2**25  # rows times columns; 3,000 assets over 40 years
MAX_BYTES = 2**30  # unpacked


def read_parquet_table(path: Path) -> pd.DataFrame:
    """Reads a whole table; its size is checked before it is unpacked.

    Args:
        path: The file.

    Returns:
        The table, an index with a name among its columns, whose names are text.

    Raises:
        ValueError: If it is not a whole Parquet file, or too large.
        ImportError: If pyarrow is missing.
    """
    try:
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingPackageError(
            "Parquet files need pyarrow: pip install keras-wgan[parquet]"
        ) from error
    try:
        promised = parquet.read_metadata(path)
        cells = promised.num_rows * promised.num_columns
        groups = [promised.row_group(number) for number in range(promised.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        # Each group says its own number of rows, which need not be the file's.
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
                np.asarray(column)  # decodes it: text may be damaged in a file that reads well
    except MemoryError:
        raise
    except Exception as error:  # also what pandas makes of notes of its own in the file
        raise _broken(path, error) from error
    return table.set_axis([str(column) for column in table.columns], axis=1)  # numbers are allowed


def _broken(path: Path, error: Exception) -> ValueError:
    return InvalidInputError(f"{path} is not a whole Parquet file: {shorten(str(error), 300)}")
