"""In which form do samples leave the program? As tables and arrays that other programs read."""

import io

import numpy as np
import pandas as pd

from keras_wgan.data.returns import price_paths


def scenario_table(returns: np.ndarray, start_price: float) -> pd.DataFrame:
    """Returns one row a scenario and day: `scenario`, `day`, `log_return`, `price`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report.files import scenario_table

    table = scenario_table(np.log([[2.0, 0.5]]), start_price=100.0)
    assert np.allclose(table["price"], [200.0, 100.0])
    ```

    Args:
        returns: `(scenarios, days)` log returns per day.
        start_price: The price before the first day.

    Returns:
        `scenario` counts from 0, `day` from 1; `price` is the one at the day's end.
    """
    scenarios, days = returns.shape
    return pd.DataFrame(
        {
            "scenario": np.repeat(np.arange(scenarios), days),
            "day": np.tile(np.arange(1, days + 1), scenarios),
            "log_return": returns.ravel(),
            "price": price_paths(returns, start_price)[:, 1:].ravel(),
        }
    )


def scenario_bytes(table: pd.DataFrame, suffix: str) -> bytes:
    """Returns the content of a scenario file.

    Args:
        table: What `scenario_table` returned.
        suffix: `.csv`, `.npz` (one array a column) or `.parquet`.

    Returns:
        All bytes of the file.

    Raises:
        ImportError: If a Parquet file is asked for and pyarrow is missing.
    """
    if suffix == ".csv":
        return table.to_csv(index=False).encode()
    if suffix == ".npz":
        return npz_bytes(**{name: table[name].to_numpy() for name in table.columns})
    try:
        return bytes(table.to_parquet(index=False))
    except ImportError as error:
        raise ImportError(
            "Parquet files need pyarrow: pip install 'keras-wgan[parquet]'"
        ) from error


def npz_bytes(**arrays: np.ndarray) -> bytes:
    """Returns the content of a compressed NumPy archive of named arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()
