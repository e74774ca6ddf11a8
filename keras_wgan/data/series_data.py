"""The training data of a model of several series."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data.facts import SeriesFacts
from keras_wgan.data.price_format import PriceFormat
from keras_wgan.data.scalers import Scaler
from keras_wgan.data.series_files import SeriesTable, read_series
from keras_wgan.data.waves import make_waves
from keras_wgan.errors import InvalidInputError

WAVES = "waves"  # the name of the made table
RETURNS = ("yahoo", "bundled")  # sources of prices
MIN_WINDOWS = 8  # rows, in windows: two blocks of either half behind the floor of a score
NAMED = 12  # columns in the printed description
CHECKSUM = 16  # digits


@dataclass(frozen=True, eq=False)
class SeriesData:
    """Windows of a table of several series, one that starts at each row.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import recipes

    data = recipes.get("series").task.load(Source("waves"))
    assert data.samples.shape == (2977, 24, 5)
    assert data.values.shape == (3000, 5)
    ```

    Args:
        rows: `(rows, columns)` float32 on the generator's scale, each column in [-1, 1].
        facts: Their names, number, window and scaler.
        reading: One line on what was read. Defaults to `""`.
    """

    rows: NDArray[np.float32]
    facts: SeriesFacts
    reading: str = ""

    @property
    def samples(self) -> NDArray[np.float32]:
        """The windows, `(n, window, columns)`, a view of the rows."""
        cut = np.lib.stride_tricks.sliding_window_view(self.rows, self.facts.window, axis=0)
        return cut.swapaxes(1, 2)

    @property
    def values(self) -> NDArray[np.float64]:
        """The rows in the units of the data, up to the rounding of float32."""
        return self.facts.scaler.inverse(self.rows.astype(np.float64))


def load_series(source: str, window: int, form: PriceFormat) -> SeriesData:
    """Reads a table of series from a file, or makes the waves, and scales each column to [-1, 1].

    `form` may say how a file is written: its separator, its decimal mark, its sheet, the form of
    its dates, and the column that orders the rows.
    """
    if source in RETURNS:
        raise InvalidInputError(
            f"`data` must be a file or {WAVES!r}, because {source!r} is offered for returns only. "
            f"Received: data={source!r}. Name a file of columns of numbers, or leave it out."
        )
    made = source == WAVES
    table = SeriesTable(make_waves()) if made else read_series(Path(source), form)
    values = table.values.to_numpy(np.float64)
    if len(values) < (least := MIN_WINDOWS * window):
        raise InvalidInputError(
            f"{source}: windows of {window} rows need at least {least} rows, so that real blocks "
            f"can be compared with each other. Received: {len(values)} rows. Bring more of them, "
            "or take shorter windows with `--set window=...`."
        )
    scaler = Scaler.min_max(values)
    facts = SeriesFacts(
        source=source,
        columns=tuple(map(str, table.values.columns)),
        rows=len(values),
        window=window,
        scaler=scaler,
        checksum=hashlib.sha256(values.tobytes()).hexdigest()[:CHECKSUM],
    )
    rows = scaler.transform(values).astype(np.float32)
    return SeriesData(rows, facts, _description(facts, table, made))


def _description(facts: SeriesFacts, table: SeriesTable, made: bool) -> str:
    names = ", ".join(facts.columns[:NAMED])
    more = len(facts.columns) - NAMED
    count = "1 column" if len(facts.columns) == 1 else f"{len(facts.columns)} columns"
    what = f"{facts.source}, which is made data" if made else facts.source
    sentences = [
        f"{what}: {facts.rows:,} rows of {count} ({names}{f' and {more} more' if more > 0 else ''})"
        f", {facts.windows:,} windows of {facts.window} rows."
    ]
    if table.order is not None:
        sentences.append(table.order.describe())
    sentences += table.notes
    return " ".join(sentences)
