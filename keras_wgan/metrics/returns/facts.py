"""Stylized facts of one set of windows of log returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.metrics.returns.autocorrelation import coarse_fine_asymmetry, lagged_correlations
from keras_wgan.metrics.returns.moments import as_windows, return_moments
from keras_wgan.metrics.returns.tails import expected_shortfall, hill_index, value_at_risk

HORIZONS = (1, 5, 20, 60)
RISK_HORIZONS = (1, 5, 20)
RISK_LEVELS = (0.01, 0.05)
TAIL_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class ReturnFacts:
    """The stylized facts of one set of windows of daily log returns.

    All is pooled over the windows with one mean and one variance; only `drawdowns` and
    `volatilities` hold one number a window, and those distributions are the facts. A fact that
    is undefined, such as the skew of returns that never vary, is NaN. A horizon longer than the
    windows is left out.

    The values behind each comment are those of the S&P 500, 2000-2023, in windows of 60 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts

    facts = return_facts(0.01 * np.random.default_rng(0).normal(size=(500, 60)))
    print(facts.value_at_risk(0.01, horizon=20), facts.kurtosis[20])
    assert facts.horizons == (1, 5, 20, 60) and facts.acf_abs.shape == (20,)
    ```

    Args:
        days: days in a window.
        mean: mean log return a day (0.00019).
        std: population standard deviation of the log returns, a day (0.0124).
        skew: third standardized moment of the log returns a day (-.38).
        kurtosis: excess kurtosis of the log returns over 1, 5, 20 and 60 days, by days (10.3, 7.0,
            6.9, 4.3). Returns over h days are the sums over every h days in a row within a window.
        hill_left: Hill's tail index of the 5 % largest losses a day (2.52).
        hill_right: the same for the gains (2.47).
        acf: autocorrelations of r at lags 1 on, shape `(lags,)` (-.10 at lag 1, others near 0).
        acf_abs: the same for |r| (.29, .35, .31, .24 at lags 1, 5, 10, 20).
        acf_square: the same for r^2.
        leverage: corr(r_t, r^2_{t+k}) at lags k = 1 on (-.098 at lag 1, -.086 on average to 10).
        coarse_fine: asymmetry of coarse and fine volatility at a lag of one week (-.064).
        sums: log returns over 1, 5, 20 and 60 days, each sorted upwards, by days.
        drawdowns: largest log loss from a peak in each window, its start included, sorted
            upwards (mean .084).
        volatilities: population standard deviation of the returns of each window, sorted upwards
            (yearly: 6.4 %, 14 % and 62 % at the 1st, 50th and 99th percentile).
    """

    days: int
    mean: float
    std: float
    skew: float
    kurtosis: dict[int, float]
    hill_left: float
    hill_right: float
    acf: NDArray[np.float64]
    acf_abs: NDArray[np.float64]
    acf_square: NDArray[np.float64]
    leverage: NDArray[np.float64]
    coarse_fine: float
    sums: dict[int, NDArray[np.float64]]
    drawdowns: NDArray[np.float64]
    volatilities: NDArray[np.float64]

    @property
    def horizons(self) -> tuple[int, ...]:
        """Days over which returns were summed."""
        return tuple(self.sums)

    def value_at_risk(self, level: float, horizon: int = 1) -> float:
        """The log return over `horizon` days that a share `level` of cases falls short of."""
        return value_at_risk(self.sums[horizon], level)

    def expected_shortfall(self, level: float, horizon: int = 1) -> float:
        """The mean log return over `horizon` days of the cases at or below the value at risk."""
        return expected_shortfall(self.sums[horizon], level)


def return_facts(windows: ArrayLike, *, lags: int = 20) -> ReturnFacts:
    """Measures the stylized facts of one set of windows.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts

    windows = 0.01 * np.random.default_rng(0).normal(size=(1000, 60))
    facts = return_facts(windows)
    print(facts.std, facts.hill_left, facts.acf_abs[:5])
    assert facts.std == windows.std() and len(facts.drawdowns) == 1000
    ```

    Args:
        windows: log returns a day, shape `(windows, days)` or `(windows, days, 1)`, at least 100
            windows, each longer than `lags`.
        lags: how many autocorrelations to measure. Defaults to `20`.

    Returns:
        The `ReturnFacts`, worked out in float64.

    Raises:
        ValueError: for another shape, fewer than 100 windows, windows not longer than `lags`,
            `lags` below 1, or returns that are NaN or infinite.
    """
    returns = as_windows(windows, "windows")
    # A generator that explodes overflows here; its facts are then NaN or infinite.
    with np.errstate(over="ignore", invalid="ignore"):
        moments = return_moments(returns, lags=lags)
        squares = returns**2
        paths = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
        sums = {h: _ordered_sums(paths, h) for h in HORIZONS if 1 < h <= returns.shape[1]}
        sums = {1: np.sort(returns.ravel()), **sums}
        return ReturnFacts(
            days=returns.shape[1],
            mean=moments.mean,
            std=moments.std,
            skew=moments.skew,
            kurtosis={h: _excess_kurtosis(values, moments.std) for h, values in sums.items()},
            hill_left=hill_index(-sums[1], TAIL_SHARE),
            hill_right=hill_index(sums[1][::-1], TAIL_SHARE),
            acf=moments.acf,
            acf_abs=moments.acf_abs,
            acf_square=lagged_correlations(squares, squares, lags),
            leverage=lagged_correlations(returns, squares, lags),
            coarse_fine=coarse_fine_asymmetry(returns),
            sums=sums,
            drawdowns=np.sort((np.maximum.accumulate(paths, axis=1) - paths).max(axis=1)),
            volatilities=np.sort(returns.std(axis=1)),
        )


def _ordered_sums(paths: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    return np.sort((paths[:, horizon:] - paths[:, :-horizon]).ravel())


def _excess_kurtosis(ordered: NDArray[np.float64], std: float) -> float:
    # Sums of returns that never vary differ by rounding, from which a shape could be invented.
    if std == 0.0 or ordered[0] == ordered[-1]:
        return float("nan")
    squares = (ordered - ordered.mean()) ** 2
    return float(np.mean(squares**2) / np.mean(squares) ** 2 - 3.0)
