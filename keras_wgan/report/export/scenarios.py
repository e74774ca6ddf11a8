"""How are more scenarios written than fit into memory as a table? A piece at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.files import atomic_path
from keras_wgan.io.progress import silent, told
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.metrics.returns.moments import as_windows
from keras_wgan.report.export.tables import NO_PARQUET, check_dates, table_rows, write_npz

ROWS = 500_000  # in memory at a time, about 20 MB
SUFFIXES = (".csv", ".npz", ".parquet")


def write_scenarios(
    path: str | os.PathLike[str],
    returns: ArrayLike | ArrayOnDisk,
    start_price: float,
    dates: pd.DatetimeIndex | None = None,
    *,
    change: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    rows: int = ROWS,
    progress: Callable[[str], object] = silent,
) -> Path:
    """Writes the table of `scenario_table` a piece at a time, all or nothing.

    Beside `returns`, in float64 or on disk, only one piece is in memory. A reader of `path` sees
    the old file or the new one, never half of one.

    Example:
    ```python
    import tempfile
    import numpy as np
    import pandas as pd
    from keras_wgan.io.dates import business_days_after
    from keras_wgan.report import write_scenarios

    returns = np.random.default_rng(0).normal(scale=0.01, size=(50, 20))
    dates = business_days_after("2023-12-29", days=20)
    with tempfile.TemporaryDirectory() as folder:
        path = write_scenarios(f"{folder}/scenarios.csv", returns, 4769.83, dates)
        table = pd.read_csv(path, parse_dates=["date"])
    assert list(table.columns) == ["scenario", "date", "day", "log_return", "price"]
    assert len(table) == 1000
    ```

    Args:
        path: where to; ends in `.csv`, `.npz` (one array a column) or `.parquet`. Missing folders
            are made.
        returns: log returns a day, shape `(scenarios, days)` or `(scenarios, days, 1)`; or
            `(scenarios, days)` on disk.
        start_price: the price before the first day, above zero.
        dates: one date a day, as `business_days_after` gives them. Defaults to `None`, a file
            without `date`.
        change: what is done to each piece of the returns before it is written, such as
            `keras_wgan.data.rescale.anchor_of` gives. Defaults to `None`, nothing.
        rows: about how many rows are in memory at a time. Defaults to `500_000`.
        progress: called every few seconds with a line that says how far it is. Defaults to nobody.

    Returns:
        The path written.

    Raises:
        ImportError: if a Parquet file is asked for and pyarrow is missing.
        ValueError: for another ending, unusable returns or price, not one date a day, or `rows`
            below 1.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        raise InvalidInputError(
            f"`path` must end in one of {', '.join(SUFFIXES)}. Received: path={str(target)!r}."
        )
    rows = whole_number("rows", rows)
    scenarios = returns if isinstance(returns, ArrayOnDisk) else as_windows(returns, "returns")
    check_dates(dates, scenarios.shape[1])
    each = max(1, rows // scenarios.shape[1])
    pieces = _Pieces(scenarios, start_price, dates, change or (lambda some: some), each, progress)
    write = {".csv": write_csv, ".npz": _write_npz, ".parquet": write_parquet}[target.suffix]
    with atomic_path(target) as unfinished:
        write(unfinished, pieces)
    return target


@dataclass
class _Pieces:
    """The table, a few scenarios at a time; may be gone through more than once."""

    returns: NDArray[np.float64] | ArrayOnDisk
    start_price: float
    dates: pd.DatetimeIndex | None
    change: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    scenarios_each: int
    progress: Callable[[str], object]

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return told(self._made(), self.returns.size, "rows written", self.progress)

    def column(self, name: str) -> Iterator[NDArray[Any]]:
        """Goes through one column of the table."""
        columns = (piece[name].to_numpy() for piece in self._made())
        return told(columns, self.returns.size, f"rows of `{name}` written", self.progress)

    def _made(self) -> Iterator[pd.DataFrame]:
        for first in range(0, len(self.returns), self.scenarios_each):
            some = self.change(self.returns[first : first + self.scenarios_each])
            yield table_rows(some, self.start_price, self.dates, first_scenario=first)


def write_csv(path: Path, pieces: Iterable[pd.DataFrame]) -> None:
    """Writes the pieces of a table one below the other."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            piece.to_csv(file, index=False, header=number == 0)


def write_parquet(path: Path, pieces: Iterable[pd.DataFrame]) -> None:
    """Writes the pieces of a table as groups of rows."""
    try:
        import pyarrow as arrow  # type: ignore[import-untyped]
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingPackageError(NO_PARQUET) from error
    writer = None
    try:
        for piece in pieces:
            table = arrow.Table.from_pandas(piece, preserve_index=False)
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _write_npz(path: Path, pieces: _Pieces) -> None:
    names = next(iter(pieces)).columns
    write_npz(path, {name: (pieces.returns.size, pieces.column(name)) for name in names})
