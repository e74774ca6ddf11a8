"""Tables and files of scenarios, written a piece at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.returns import price_paths
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import atomic_path
from keras_wgan.io.npz import write_npz
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.io.tables import write_table

ROWS = 500_000  # in memory at a time, about 20 MB
SUFFIXES = (".csv", ".npz", ".parquet")


def scenario_table(
    returns: ArrayLike, start_prices: Mapping[str, float], dates: pd.DatetimeIndex | None = None
) -> pd.DataFrame:
    """Returns one row a scenario, day and asset.

    Example:
    ```python
    import numpy as np
    import pandas as pd
    from keras_wgan.report import scenario_table

    dates = pd.bdate_range("2024-01-01", periods=2)
    returns = np.log([2.0, 0.5]).reshape(1, 2, 1)  # one scenario of two days and one asset
    table = scenario_table(returns, {"SPY": 100.0}, dates)
    assert np.allclose(table["price"], [200.0, 100.0])
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-01-02"]
    ```

    Args:
        returns: `(scenarios, days, assets)` log returns a day.
        start_prices: Each asset's price before the first day, by its name.
        dates: One date a day, as `Frequency.dates_after` gives them. Defaults to `None`, a table
            without `date`.

    Returns:
        The columns `scenario` (from 0), `date`, `day` (from 1), `asset`, `log_return` and `price`,
        the price at the day's end.

    Raises:
        ValueError: If `returns` has another shape or is not finite, a price is not above zero, or
            there is not one price for each asset and one date for each day.
    """
    values = np.asarray(returns, np.float64)
    layout = _Layout(start_prices, dates)
    layout.check(values.shape)
    return layout.table(values)


def write_scenarios(
    path: str | os.PathLike[str],
    returns: ArrayLike | ArrayOnDisk,
    start_prices: Mapping[str, float],
    dates: pd.DatetimeIndex | None = None,
    *,
    change: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    progress: Callable[[str], object] = silent,
) -> Path:
    """Writes scenarios of one or several assets to a file, all or nothing.

    `.csv` and `.parquet` hold the table of `scenario_table`. `.npz` holds `log_return` and
    `price`, both `(scenarios, days, assets)`, with the names `asset` and the days `date`. Only a
    piece of the table is in memory at a time.

    Example:
    ```python
    import tempfile
    import numpy as np
    import pandas as pd
    from keras_wgan.report import write_scenarios

    returns = 0.01 * np.random.default_rng(0).normal(size=(3, 20, 2))
    dates = pd.bdate_range("2024-01-01", periods=20)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/scenarios.csv"
        write_scenarios(path, returns, {"SPY": 475.31, "TLT": 98.88}, dates)
        table = pd.read_csv(path, parse_dates=["date"])
    wide = table.pivot(index=["scenario", "date"], columns="asset", values="price")
    assert wide.shape == (60, 2)
    ```

    Args:
        path: The new file, ending in `.csv`, `.npz` or `.parquet`. Missing folders are made.
        returns: `(scenarios, days, assets)` log returns a day, in memory or on disk.
        start_prices: Each asset's price before the first day, by its name.
        dates: One date a day, as `Frequency.dates_after` gives them. Defaults to `None`, a file
            without `date`.
        change: Applied to each piece of the returns before it is written, such as the result of
            `keras_wgan.data.rescale.anchor_of`. Defaults to `None`.
        progress: Called every few seconds with a line that says how much is written. Defaults to
            no call.

    Returns:
        The path written.

    Raises:
        ImportError: If a Parquet file is requested and pyarrow is missing.
        ValueError: For another ending, or as `scenario_table`.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        raise InvalidInputError(
            f"`path` must end in one of {', '.join(SUFFIXES)}. Received: path={str(target)!r}."
        )
    scenarios = returns if isinstance(returns, ArrayOnDisk) else np.asarray(returns, np.float64)
    layout = _Layout(start_prices, dates)
    layout.check(scenarios.shape)
    each = max(1, ROWS // (scenarios.shape[1] * scenarios.shape[2]))

    def blocks() -> Iterator[NDArray[np.float64]]:
        for first in range(0, len(scenarios), each):
            block = scenarios[first : first + each]
            yield block if change is None else change(block)

    with atomic_path(target) as unfinished:
        if target.suffix == ".npz":
            _write_npz(unfinished, layout, blocks, len(scenarios), progress)
        else:
            pieces = (layout.table(block, k * each) for k, block in enumerate(blocks()))
            write_table(unfinished, with_progress(pieces, scenarios.size, "rows written", progress))
    return target


@dataclass(frozen=True, eq=False)
class _Layout:
    """The assets and the days that all scenarios of a file share."""

    start_prices: Mapping[str, float]
    dates: pd.DatetimeIndex | None

    def check(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 3 or shape[2] != len(self.start_prices):
            raise InvalidInputError(
                "`returns` must have the shape (scenarios, days, assets), with a price in "
                f"`start_prices` for each asset. Received: returns.shape={shape}, "
                f"{len(self.start_prices)} prices."
            )
        if self.dates is not None and len(self.dates) != shape[1]:
            raise InvalidInputError(
                "`dates` must hold one date for each day of a scenario. "
                f"Received: {len(self.dates)} dates, scenarios of {shape[1]} days. "
                f"Use Frequency.dates_after(last, periods={shape[1]})."
            )

    def prices(self, returns: NDArray[np.float64]) -> NDArray[np.float64]:
        return price_paths(returns, list(self.start_prices.values()))[:, 1:]

    def table(self, returns: NDArray[np.float64], first_scenario: int = 0) -> pd.DataFrame:
        count, days, _ = returns.shape
        numbers = range(first_scenario, first_scenario + count)
        rows = pd.MultiIndex.from_product(
            [numbers, range(1, days + 1), list(self.start_prices)],
            names=["scenario", "day", "asset"],
        )
        prices = self.prices(returns)
        table = pd.DataFrame({"log_return": returns.ravel(), "price": prices.ravel()}, rows)
        table = table.reset_index()
        if self.dates is not None:
            table.insert(1, "date", self.dates.to_numpy()[table["day"] - 1])
        return table


def _write_npz(
    path: Path,
    layout: _Layout,
    blocks: Callable[[], Iterator[NDArray[np.float64]]],
    count: int,
    progress: Callable[[str], object],
) -> None:
    names = np.array(list(layout.start_prices))
    arrays: dict[str, tuple[int, Iterable[NDArray[Any]]]] = {"asset": (len(names), [names])}
    if layout.dates is not None:
        arrays["date"] = (len(layout.dates), [layout.dates.to_numpy()])
    for name, values in (("log_return", blocks()), ("price", map(layout.prices, blocks()))):
        counted = with_progress(values, count, f"scenarios of `{name}` written", progress)
        arrays[name] = (count, counted)
    write_npz(path, arrays)
