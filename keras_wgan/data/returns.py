"""Log returns of prices, windows of returns, and price paths."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

from typing import Any, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError


@overload
def log_returns(prices: pd.Series[Any]) -> pd.Series[float]: ...
@overload
def log_returns(prices: pd.DataFrame) -> pd.DataFrame: ...
@overload
def log_returns(prices: ArrayLike) -> NDArray[np.float64]: ...
def log_returns(prices: Any) -> Any:
    """Turns prices into log returns, `log(price today / price yesterday)`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import log_returns

    returns = log_returns([100.0, 110.0, 99.0])
    np.testing.assert_allclose(returns, np.log([1.1, 0.9]))
    ```

    Args:
        prices: (days,) or (days, assets) prices above zero; a pandas Series or DataFrame, or an
            array.

    Returns:
        (days - 1,) or (days - 1, assets) float64; 0.01 is about 1%. For a Series, a Series named
        "log_return", for a DataFrame, one with the same columns, both indexed from the second date.

    Raises:
        ValueError: If there are fewer than two prices, or one is not a finite number above zero.
    """
    values = _daily("prices", prices, min_days=2)
    _refuse_unless(values > 0.0, "`prices` must be above zero", values, prices)
    returns = np.diff(np.log(values), axis=0)
    if isinstance(prices, pd.DataFrame):
        return pd.DataFrame(returns, index=prices.index[1:], columns=prices.columns)
    if isinstance(prices, pd.Series):
        return pd.Series(returns, index=prices.index[1:], name="log_return")
    return returns


def rolling_windows(
    returns: pd.Series[Any] | pd.DataFrame | ArrayLike, length: int = 60
) -> NDArray[np.float32]:
    """Cuts returns into overlapping windows, one starting on each day.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import rolling_windows

    windows = rolling_windows([0.01, -0.02, 0.03], length=2)
    np.testing.assert_allclose(windows[:, :, 0], [[0.01, -0.02], [-0.02, 0.03]])
    ```

    Args:
        returns: (days,) or (days, assets) returns; a pandas Series or DataFrame, or an array.
        length: Days in a window. Defaults to `60`.

    Returns:
        (days - length + 1, length, assets) float32, a writable copy; one asset for (days,) returns.

    Raises:
        ValueError: If there are fewer than `length` returns, one is not finite, or an asset's
            returns are constant.
    """
    length = whole_number("length", length)
    values = _daily("returns", returns, min_days=length)
    # The returns of prices with constant growth differ by rounding alone.
    assets = values.reshape(len(values), -1)
    still = np.ptp(assets, axis=0) <= 1e-12 * np.maximum(1.0, np.abs(assets).max(axis=0))
    if still.any():
        raise InvalidInputError(
            "`returns` must vary, because there is nothing to learn from a constant series. "
            f"Received: {len(values)} times {assets[0, int(still.argmax())]}"
        )
    windows = np.lib.stride_tricks.sliding_window_view(assets, length, axis=0)
    return np.moveaxis(windows, -1, 1).astype(np.float32, order="C")


def price_paths(returns: ArrayLike, start_price: ArrayLike) -> NDArray[np.float64]:
    """Turns log returns into price paths from a start price.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import price_paths

    paths = price_paths(np.log([[1.1, 0.9]]), start_price=100.0)
    np.testing.assert_allclose(paths, [[100.0, 110.0, 99.0]])
    ```

    Args:
        returns: (scenarios, days) or (scenarios, days, assets) log returns.
        start_price: The price before the first day, above zero; or one for each asset.

    Returns:
        (scenarios, days + 1) or (scenarios, days + 1, assets) float64 prices, `start_price` first.

    Raises:
        ValueError: If `returns` has another shape, is not finite, or leads to a price beyond
            float64; or if `start_price` is not above zero.
    """
    values = finite_array("returns", returns, unit="returns")
    starts = finite_array("start_price", start_price, unit="prices")
    if values.ndim not in (2, 3):
        raise InvalidInputError(
            "`returns` must have the shape (scenarios, days) or (scenarios, days, assets). "
            f"Received: returns.shape={values.shape}"
        )
    if not np.all(starts > 0.0):
        raise InvalidInputError(
            f"`start_price` must be above zero. Received: start_price={starts.tolist()}"
        )
    if starts.ndim and starts.shape != values.shape[2:]:
        raise InvalidInputError(
            "`start_price` must be one price, or one for each asset. "
            f"Received: {starts.size} prices, returns.shape={values.shape}"
        )
    levels = np.cumsum(np.insert(values, 0, 0.0, axis=1), axis=1)
    with np.errstate(over="ignore"):  # an overflow gets its own message below
        paths = starts * np.exp(levels)
    if not np.all(np.isfinite(paths)):
        raise InvalidInputError(
            "`returns` must be daily log returns, where 0.01 is about 1%, but they lead to a price "
            f"beyond float64. Received: {values.max()} as the highest return"
        )
    return paths


def _daily(name: str, values: Any, *, min_days: int) -> NDArray[np.float64]:
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"`{name}` must be an array of numbers: {error}") from error
    if numbers.ndim not in (1, 2) or len(numbers) < min_days or numbers.size == 0:
        raise InvalidInputError(
            f"`{name}` must be (days,) or (days, assets) with at least {min_days} days. "
            f"Received: {name}.shape={numbers.shape}"
        )
    _refuse_unless(np.isfinite(numbers), f"`{name}` must be finite", numbers, values)
    return numbers


def _refuse_unless(
    good: NDArray[np.bool_], sentence: str, numbers: NDArray[np.float64], values: Any
) -> None:
    if not good.all():
        position = np.argwhere(~good)[0]
        raise InvalidInputError(
            f"{sentence}. Received: {numbers[tuple(position)]} at {_place(values, position)}"
        )


def _place(values: Any, position: NDArray[np.intp]) -> str:
    day, *column = (int(number) for number in position)
    if not isinstance(values, pd.Series | pd.DataFrame):
        return f"position {day}" + "".join(f", asset {number}" for number in column)
    label = values.index[day]
    asset = f" of {values.columns[column[0]]}" if isinstance(values, pd.DataFrame) else ""
    day_of = f"{label:%Y-%m-%d}" if isinstance(label, pd.Timestamp) else f"index {label}"
    return day_of + asset
