"""Lagged correlations of log returns, coarse-fine asymmetry and the decay of clustering."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.metrics.returns.windows import as_series

DAYS_A_WEEK = 5
LAGS = 100
MIN_DAYS = 1000


def lagged_correlations(
    leading: NDArray[np.float64], following: NDArray[np.float64], lags: int
) -> NDArray[np.float64]:
    """Returns the correlations of (windows, days) values with later ones, at lags 1 to `lags`.

    At lag k it is the mean of (a_t - mean(a)) (b_{t+k} - mean(b)) over all pairs of days k apart in
    the same window, divided by std(a) std(b), and NaN where a series is constant. Means and
    deviations are pooled over all windows, because one for each window would remove the difference
    between calm and volatile windows, which is most of the clustering.
    """
    a, b = _standard_by_day(leading), _standard_by_day(following)
    windows = a.shape[1]
    sums = [np.vdot(a[:-k], b[k:]) for k in range(1, lags + 1)]
    pairs = [(len(a) - k) * windows for k in range(1, lags + 1)]
    return np.asarray(sums, dtype=np.float64) / np.asarray(pairs)


def coarse_fine_asymmetry(returns: NDArray[np.float64]) -> float:
    """Returns how much better fine volatility predicts coarse volatility than the reverse.

    For weeks of 5 days, counted from the start of each window, the coarse volatility is
    v_c = |sum of r| and the fine one v_f = sum of |r|. With rho(k) = corr(v_c of week t+k, v_f of
    week t), it is rho(1) - rho(-1): negative in markets (-0.064 for the S&P 500 of 2000-2023), NaN
    for windows under two weeks and for constant returns. See Mueller et al. (1997), "Volatilities
    of different time resolutions", and Takahashi, Chen and Tanaka-Ishii (2019), "Modeling financial
    time-series with generative adversarial networks".
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


def clustering_decay(returns: ArrayLike) -> float:
    """Returns the power b with which the autocorrelation of |r| falls off as k^-b.

    A least-squares line through log C_k(|r|) against log k has the slope -b, over the lags k of 1
    to 100 days with C_k above zero. In markets clustering decays slowly: b is 0.43 for the S&P 500
    of 2000-2023. In a GARCH model it decays exponentially, and the line fits poorly.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import clustering_decay

    # Volatile and calm periods alternate far more slowly than over 100 days.
    rng = np.random.default_rng(0)
    returns = 0.01 * rng.normal(size=6000) * np.repeat(rng.choice([0.5, 2.0], size=6), 1000)
    assert abs(clustering_decay(returns)) < 0.1
    ```

    Args:
        returns: Daily log returns of one series, shape `(days,)`, at least 1,000 days.

    Returns:
        The power b, or NaN where fewer than half of the lags have a positive autocorrelation.

    Raises:
        ValueError: If `returns` has another shape, is too short, or is not finite.

    Reference:
        Cont (2001), "Empirical properties of asset returns: stylized facts and statistical issues".
    """
    sizes = np.abs(as_series(returns, min_days=MIN_DAYS))[np.newaxis]
    correlations = lagged_correlations(sizes, sizes, LAGS)
    positive = correlations > 0.0
    if positive.sum() < LAGS / 2:
        return float("nan")
    lags = np.arange(1, LAGS + 1)[positive]
    slope, _ = np.polyfit(np.log(lags), np.log(correlations[positive]), deg=1)
    return float(-slope)
