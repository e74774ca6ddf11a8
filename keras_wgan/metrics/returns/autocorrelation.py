"""Autocorrelation of returns and of their sizes, the leverage effect, and time scales."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError

DAYS_A_WEEK = 5

# Everything is pooled: mean and variance are those of all windows together. A mean and variance for
# each window would remove the calm and volatile times between windows, most of the clustering.


def lagged_correlations(
    leading: NDArray[np.float64], following: NDArray[np.float64], lags: int
) -> NDArray[np.float64]:
    """Correlates one series with another one's later days, pooled over windows.

    At lag k it is the mean of (a_t - mean(a)) (b_{t+k} - mean(b)) over all pairs of days k apart
    in the same window, divided by std(a) std(b), with means and deviations of all windows. The
    mean runs over the pairs that exist; in a 60-day window, dividing by all days would shrink
    lag 20 by a third.

    Args:
        leading: the series a, shape `(windows, days)`.
        following: the series b, of the same shape.
        lags: how many lags to measure, fewer than `days`.

    Returns:
        Correlations at lags 1 to `lags`, shape `(lags,)`; NaN where a series is constant.
    """
    a, b = _standard_by_day(leading), _standard_by_day(following)
    windows = a.shape[1]
    sums = [np.vdot(a[:-k], b[k:]) for k in range(1, lags + 1)]
    pairs = [(len(a) - k) * windows for k in range(1, lags + 1)]
    return np.asarray(sums, dtype=np.float64) / np.asarray(pairs)


def coarse_fine_asymmetry(returns: NDArray[np.float64]) -> float:
    """Measures whether volatility seen finely foretells volatility seen coarsely, at one week.

    Each window is cut into weeks of 5 days from its first day. The coarse volatility of a week is
    v_c = |sum of r|, the fine one v_f = sum of |r|. With rho(k) = corr(v_c of week t+k, v_f of
    week t), pooled over windows, it is D(1) = rho(1) - rho(-1). In markets it is negative (S&P 500,
    2000-2023: -.064): a large move over the week foretells busy days more than the reverse.

    Args:
        returns: log returns a day, shape `(windows, days)`.

    Returns:
        A correlation less a correlation, or NaN for windows under two weeks and constant returns.

    Reference:
        Mueller et al. (1997), "Volatilities of different time resolutions"; Takahashi, Chen and
        Tanaka-Ishii (2019), "Modeling financial time-series with generative adversarial networks".
    """
    weeks = returns.shape[1] // DAYS_A_WEEK
    if weeks < 2:
        return float("nan")
    by_week = returns[:, : weeks * DAYS_A_WEEK].reshape(len(returns), weeks, DAYS_A_WEEK)
    coarse = np.abs(by_week.sum(axis=2))
    fine = np.abs(by_week).sum(axis=2)
    later_coarse = lagged_correlations(fine, coarse, lags=1)
    later_fine = lagged_correlations(coarse, fine, lags=1)
    return float(later_coarse[0] - later_fine[0])


def _standard_by_day(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # Days come first, so that the pairs at one lag are two contiguous blocks.
    std = values.std()
    if values.min() == values.max() or std == 0.0 or not np.isfinite(std):
        return np.full(values.T.shape, np.nan)
    return np.ascontiguousarray(((values - values.mean()) / std).T)


LAGS = 100
MIN_DAYS = 1000


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
    if series.ndim != 1 or len(series) < MIN_DAYS or not np.isfinite(series).all():
        raise InvalidInputError(
            f"`returns` must be one series of at least {MIN_DAYS} finite log returns, since "
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
