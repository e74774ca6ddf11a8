"""Histories of assets that begin on different days, whose missing pasts are masked by NaN."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.returns import log_returns, rolling_windows
from keras_wgan.data.scalers import Scaler
from keras_wgan.errors import InvalidInputError


def masked_log_returns(prices: pd.DataFrame) -> pd.DataFrame:
    """Returns the log returns of prices that are NaN before the first day of an asset, no other."""
    if prices.notna().all(axis=None):
        return log_returns(prices)
    found = pd.DataFrame(np.nan, prices.index[1:], prices.columns)
    for number in range(prices.shape[1]):
        column = prices.iloc[:, number].dropna()
        if len(column) > 1:
            found.iloc[len(found) - len(column) + 1 :, number] = log_returns(column).to_numpy()
    return found


def masked_windows(returns: pd.DataFrame, length: int) -> NDArray[np.float32]:
    """Returns `(n, length, assets)` windows; those before an asset's first return are NaN in it.

    An asset whose first return lies within a window is missing in all of the window, so that each
    asset has the windows of its own history.
    """
    if not returns.isna().to_numpy().any():
        return rolling_windows(returns, length)
    windows = np.full((len(returns) - length + 1, length, returns.shape[1]), np.nan, np.float32)
    for number, start in enumerate(first_rows(returns)):
        windows[start:, :, number] = rolling_windows(returns.iloc[start:, number], length)[..., 0]
    return windows


def known_scaler(returns: pd.DataFrame, fit: Callable[[ArrayLike], Scaler]) -> Scaler:
    """Returns the scaler that `fit` finds for each asset from the returns that it has."""
    return Scaler.joined([fit(each.dropna()) for _, each in returns.items()])


def first_rows(returns: pd.DataFrame, name: str = "returns") -> list[int]:
    """Returns the row of each asset's first return.

    Raises:
        ValueError: If an asset has no return, or lacks one after its first; `name` is theirs.
    """
    known = returns.notna().to_numpy()
    starts = known.argmax(axis=0)
    for number, start in enumerate(starts.tolist()):
        if not known[start:, number].all():
            late = returns.index[start:][~known[start:, number]]
            raise InvalidInputError(
                f"`{name}` may be NaN before the first return of an asset, and not after it. "
                f"Received: {returns.columns[number]} without a return at {late[0]}"
            )
    return [int(start) for start in starts]
