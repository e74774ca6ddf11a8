"""Daily linear returns, as scikit-learn's estimators get them, as training data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keras_wgan.data import ReturnsData, ReturnsFacts, Scaler
from keras_wgan.data.masked_pasts import first_rows, known_scaler, masked_windows
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import WINDOW

MIN_DAYS = 120  # two windows that share no day


def checked_linear(returns: pd.DataFrame) -> pd.DataFrame:
    """Returns linear returns as they are, and refuses what cannot be those of days.

    Raises:
        ValueError: If there are too few days on which all assets have a return, a value is missing
            after an asset's first, or is no linear return above -1. The name is that of `X`.
    """
    first_rows(returns, "X")
    values, together = returns.to_numpy(), len(returns.dropna())
    if together < MIN_DAYS:
        raise InvalidInputError(
            f"`X` must hold at least {MIN_DAYS} days of all assets, and some years to learn "
            f"anything. Received: {together} days of all, X.shape={returns.shape}"
        )
    if np.nanmin(values) <= -1.0 or np.nanmedian(np.abs(values)) > 0.5:
        raise InvalidInputError(
            "`X` must be daily linear returns, where 0.01 is 1%, all above -1. Received: values "
            f"from {np.nanmin(values):g} to {np.nanmax(values):g}. Turn prices into returns first: "
            "prices.pct_change().dropna()"
        )
    return returns


def data_of_linear(linear: pd.DataFrame) -> ReturnsData:
    """Returns what a recipe trains on, with prices that end at 1."""
    returns = pd.DataFrame(np.log1p(linear))
    together = returns.dropna()
    windows, scaler = masked_windows(returns, WINDOW), known_scaler(returns, Scaler.standard)
    first_days = tuple(map(str, first_rows(returns)))
    facts = ReturnsFacts(
        source="X",
        tickers=tuple(linear.columns),
        first_day=str(together.index[0]),
        last_day=str(together.index[-1]),
        last_prices=(1.0,) * linear.shape[1],
        returns=len(together),
        windows=len(windows),
        scaler=scaler,
        first_days=first_days if len(together) < len(returns) else None,
    )
    return ReturnsData(scaler.transform(windows).astype(np.float32), returns, facts)
