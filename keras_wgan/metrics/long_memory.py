"""How slowly does a long series forget how wild it was?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan.metrics.memory import lagged_correlations

LAGS = 100
FEWEST_DAYS = 1000


def clustering_decay(returns: ArrayLike) -> float:
    """Returns the power b with which the autocorrelation of |r| falls off as k^-b.

    It is minus the slope of a straight line through log C_k(|r|) against log k, by least squares
    over the lags k of 1 to 100 days with C_k above zero. Markets forget slowly: .43 for the S&P
    500 of 2000-2023. A GARCH model forgets exponentially, and the line is then a poor description.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import clustering_decay

    # Wild and calm times, switched seldom: a memory far longer than 100 days.
    rng = np.random.default_rng(0)
    returns = 0.01 * rng.normal(size=6000) * np.repeat(rng.choice([0.5, 2.0], size=6), 1000)
    assert abs(clustering_decay(returns)) < 0.1
    ```

    Args:
        returns: log returns a day of one long series, shape `(days,)`, at least 1,000 days.

    Returns:
        The power, or NaN where fewer than half of the lags have a positive autocorrelation and
        there is no memory to describe.

    Raises:
        ValueError: for another shape, fewer than 1,000 days, or NaN or infinity.

    Reference:
        Cont (2001), "Empirical properties of asset returns: stylized facts and statistical issues".
    """
    series = np.asarray(returns, dtype=np.float64)
    if series.ndim != 1 or len(series) < FEWEST_DAYS or not np.isfinite(series).all():
        raise ValueError(
            f"`returns` must be one series of at least {FEWEST_DAYS} finite log returns, since "
            f"lags of up to {LAGS} days are measured. Received: returns.shape={series.shape}, "
            f"{int(np.sum(~np.isfinite(series)))} of them NaN or infinite. "
            "Hand in a longer path."
        )
    sizes = np.abs(series)[np.newaxis]
    correlations = lagged_correlations(sizes, sizes, LAGS)
    positive = correlations > 0.0
    if positive.sum() < LAGS / 2:
        return float("nan")
    lags = np.arange(1, LAGS + 1)[positive]
    slope, _ = np.polyfit(np.log(lags), np.log(correlations[positive]), deg=1)
    return float(-slope)
