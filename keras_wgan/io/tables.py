"""Tables written to CSV and Parquet files, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from keras_wgan.io.parquet import require_pyarrow


def write_table(path: Path, pieces: Iterable[pd.DataFrame]) -> None:
    """Writes the pieces of a table, one below the other, to `.parquet` or else as CSV."""
    (_write_parquet if path.suffix == ".parquet" else _write_csv)(path, pieces)


def _write_csv(path: Path, pieces: Iterable[pd.DataFrame]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            piece.to_csv(file, index=False, header=number == 0)


def _write_parquet(path: Path, pieces: Iterable[pd.DataFrame]) -> None:
    require_pyarrow()
    import pyarrow as arrow  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    writer = None
    try:
        for piece in pieces:
            table = arrow.Table.from_pandas(piece, preserve_index=False)
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
