"""In which form do the scenarios of several assets leave the program?"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.returns import price_paths
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import atomic_path
from keras_wgan.io.progress import silent, told
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.report.export.scenarios import (
    ROWS,
    SUFFIXES,
    write_csv,
    write_parquet,
)
from keras_wgan.report.export.tables import check_dates, write_npz

LONGEST_NAME = 64  # characters of a ticker in a file's name; file systems take 255 bytes in all


def write_joint_scenarios(
    path: str | os.PathLike[str],
    returns: ArrayLike | ArrayOnDisk,
    start_prices: Sequence[float],
    assets: Sequence[str],
    dates: pd.DatetimeIndex,
    *,
    rows: int = ROWS,
    progress: Callable[[str], object] = silent,
) -> Path:
    """Writes the scenarios of several assets, all or nothing.

    `.csv` and `.parquet` hold one row a scenario, day and asset: `scenario`, `date`, `day`,
    `asset`, `log_return`, `price`. `.npz` holds `log_return` and `price`, both
    `(scenarios, days, assets)`, with the names `asset` and the days `date` beside them.

    Example:
    ```python
    import tempfile
    import numpy as np
    import pandas as pd
    from keras_wgan.io.dates import business_days_after
    from keras_wgan.report import write_joint_scenarios

    returns = 0.01 * np.random.default_rng(0).normal(size=(3, 20, 2))
    dates = business_days_after("2023-12-29", days=20)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/scenarios.csv"
        write_joint_scenarios(path, returns, [475.31, 98.88], ["SPY", "TLT"], dates)
        table = pd.read_csv(path, parse_dates=["date"])
    wide = table.pivot(index=["scenario", "date"], columns="asset", values="price")
    assert wide.shape == (60, 2)
    ```

    Args:
        path: where to; ends in `.csv`, `.npz` or `.parquet`. Missing folders are made.
        returns: log returns a day, `(scenarios, days, assets)`, in memory or on disk.
        start_prices: the price before the first day, one for each asset.
        assets: what the assets are called.
        dates: one date a day, as `business_days_after` gives them.
        rows: about how many rows are in memory at a time. Defaults to `500_000`.
        progress: called every few seconds with a line that says how far it is. Defaults to nobody.

    Returns:
        The path written.

    Raises:
        ImportError: if a Parquet file is asked for and pyarrow is missing.
        ValueError: for another ending, unusable returns or prices, or not one price and name for
            each asset and one date a day.
    """
    target = Path(path)
    scenarios = returns if isinstance(returns, ArrayOnDisk) else np.asarray(returns, np.float64)
    if target.suffix not in SUFFIXES:
        raise InvalidInputError(
            f"`path` must end in one of {', '.join(SUFFIXES)}. Received: path={str(target)!r}."
        )
    if len(scenarios.shape) != 3 or not scenarios.shape[2] == len(assets) == len(start_prices):
        raise InvalidInputError(
            "`returns` must have the shape (scenarios, days, assets), with a name and a price for "
            f"each asset. Received: returns.shape={scenarios.shape}, {len(assets)} names, "
            f"{len(start_prices)} prices."
        )
    check_dates(dates, scenarios.shape[1])
    each = max(1, rows // (scenarios.shape[1] * len(assets)))
    with atomic_path(target) as unfinished:
        if target.suffix == ".npz":
            _write_npz(unfinished, scenarios, start_prices, assets, dates, each, progress)
        else:
            pieces = _pieces(scenarios, start_prices, assets, dates, each)
            write = write_csv if target.suffix == ".csv" else write_parquet
            write(unfinished, told(pieces, scenarios.size, "rows written", progress))
    return target


def joint_prices(
    returns: NDArray[np.float64], start_prices: Sequence[float]
) -> NDArray[np.float64]:
    """Returns `(scenarios, days, assets)` prices at each day's end."""
    paths = [
        price_paths(returns[..., number], price)[:, 1:] for number, price in enumerate(start_prices)
    ]
    return np.stack(paths, axis=-1)


def file_names(tickers: Sequence[str]) -> list[str]:
    """Returns a name for each ticker that every file system takes, no two alike.

    Example:
    ```python
    from keras_wgan.report import file_names

    assert file_names(["^GSPC", "BRK/B", "EURUSD=X"]) == ["GSPC", "BRK-B", "EURUSD-X"]
    ```

    Args:
        tickers: Symbols, as Yahoo Finance or a file names them.

    Returns:
        Names of at most 64 letters, digits, `.`, `_` and `-`, and a number where two were alike,
        in the order of the tickers.
    """
    names: list[str] = []
    taken: set[str] = set()  # some file systems take no notice of case
    for ticker in tickers:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", ticker)[:LONGEST_NAME].strip("-.") or "asset"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _write_npz(
    path: Path,
    returns: NDArray[np.float64] | ArrayOnDisk,
    start_prices: Sequence[float],
    assets: Sequence[str],
    dates: pd.DatetimeIndex,
    each: int,
    progress: Callable[[str], object],
) -> None:
    def some() -> Iterator[NDArray[np.float64]]:
        return (returns[first : first + each] for first in range(0, len(returns), each))

    prices = (joint_prices(block, start_prices) for block in some())
    arrays: dict[str, tuple[int, Iterable[NDArray[Any]]]] = {
        "asset": (len(assets), [np.array(assets)]),
        "date": (len(dates), [dates.to_numpy()]),
    }
    for name, blocks in (("log_return", some()), ("price", prices)):
        counted = told(blocks, len(returns), f"scenarios of `{name}` written", progress)
        arrays[name] = (len(returns), counted)
    write_npz(path, arrays)


def _pieces(
    returns: NDArray[np.float64] | ArrayOnDisk,
    start_prices: Sequence[float],
    assets: Sequence[str],
    dates: pd.DatetimeIndex,
    each: int,
) -> Iterator[pd.DataFrame]:
    for first in range(0, len(returns), each):
        some = returns[first : first + each]
        count, days, width = some.shape
        yield pd.DataFrame(
            {
                "scenario": np.repeat(np.arange(first, first + count), days * width),
                "date": np.tile(np.repeat(dates.to_numpy(), width), count),
                "day": np.tile(np.repeat(np.arange(1, days + 1), width), count),
                "asset": np.tile(np.array(assets, dtype=object), count * days),
                "log_return": some.ravel(),
                "price": joint_prices(some, start_prices).ravel(),
            }
        )
