"""In which form do samples leave the program? As tables and arrays that other programs read."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data.returns import price_paths
from keras_wgan.errors import InvalidInputError


def scenario_table(
    returns: np.ndarray, start_price: float, dates: pd.DatetimeIndex | None = None
) -> pd.DataFrame:
    """Returns one row a scenario and day: `scenario`, `date`, `day`, `log_return`, `price`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.io.dates import business_days_after
    from keras_wgan.report import scenario_table

    dates = business_days_after("2023-12-29", days=2)
    table = scenario_table(np.log([[2.0, 0.5]]), start_price=100.0, dates=dates)
    assert np.allclose(table["price"], [200.0, 100.0])
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-01-02"]
    ```

    Args:
        returns: `(scenarios, days)` log returns per day.
        start_price: The price before the first day.
        dates: One date a day, the same for all scenarios, as `business_days_after` gives them.
            Defaults to `None`, a table without `date`.

    Returns:
        `scenario` counts from 0, `day` from 1; `price` is the one at the day's end.

    Raises:
        ValueError: If there is not one date a day, or the returns or the price cannot be used.
    """
    check_dates(dates, returns.shape[1])
    return table_rows(returns, start_price, dates, first_scenario=0)


def write_npz(path: Path, arrays: Mapping[str, tuple[int, Iterable[np.ndarray]]]) -> None:
    """Writes a compressed NumPy archive of arrays that come in blocks, one block in memory.

    Args:
        path: Where to.
        arrays: How many rows each array has, and the blocks of them. One array is gone through
            after the other, because one file of an archive is open at a time.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (count, blocks) in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                written = 0
                for block in blocks:
                    if not written:
                        header = {
                            "descr": np.lib.format.dtype_to_descr(block.dtype),
                            "fortran_order": False,
                            "shape": (count, *block.shape[1:]),
                        }
                        np.lib.format.write_array_header_1_0(file, header)
                    file.write(np.ascontiguousarray(block).tobytes())
                    written += len(block)
            assert written == count, f"{name}: {written} rows instead of {count}"


NO_PARQUET = "Parquet files need pyarrow: pip install 'keras-wgan[parquet]'"


def table_rows(
    returns: NDArray[Any], start_price: float, dates: pd.DatetimeIndex | None, first_scenario: int
) -> pd.DataFrame:
    """Returns the rows of some scenarios, the first of which has the number `first_scenario`."""
    scenarios, days = returns.shape
    table = pd.DataFrame(
        {
            "scenario": np.repeat(np.arange(first_scenario, first_scenario + scenarios), days),
            "day": np.tile(np.arange(1, days + 1), scenarios),
            "log_return": returns.ravel(),
            "price": price_paths(returns, start_price)[:, 1:].ravel(),
        }
    )
    if dates is not None:
        table.insert(1, "date", np.tile(dates.to_numpy(), scenarios))
    return table


def check_dates(dates: pd.DatetimeIndex | None, days: int) -> None:
    """Raises ValueError where there is not one date a day."""
    if dates is not None and len(dates) != days:
        raise InvalidInputError(
            "`dates` must hold one date for each day of a scenario. "
            f"Received: {len(dates)} dates, scenarios of {days} days. "
            f"Use business_days_after(last_day, days={days})."
        )
