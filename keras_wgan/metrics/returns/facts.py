"""Stylized facts of one set of windows of log returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.metrics.returns.autocorrelation import coarse_fine_asymmetry, lagged_correlations
from keras_wgan.metrics.returns.drawdowns import largest_drawdowns
from keras_wgan.metrics.returns.moments import return_moments
from keras_wgan.metrics.returns.windows import as_windows

HORIZONS = (1, 5, 20, 60)
RISK_HORIZONS = (1, 5, 20)
RISK_LEVELS = (0.01, 0.05)
TAIL_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class ReturnFacts:
    """The stylized facts of one set of windows of daily log returns.

    All facts are pooled over the windows, with one mean and one variance, except `drawdowns` and
    `volatilities`, which hold one number for each window. An undefined fact, such as the skew of
    constant returns, is NaN. Horizons longer than the windows are left out.

    The values in parentheses are those of the S&P 500 of 2000-2023 in windows of 60 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts

    facts = return_facts(0.01 * np.random.default_rng(0).normal(size=(500, 60)))
    assert facts.value_at_risk(0.01, horizon=20) < facts.value_at_risk(0.01) < 0.0
    assert facts.horizons == (1, 5, 20, 60) and facts.acf_abs.shape == (20,)
    ```

    Args:
        days: Days in a window.
        mean: Mean daily log return (0.00019).
        std: Population standard deviation of the daily log returns (0.0124).
        skew: Third standardized moment of the daily log returns (-0.38).
        kurtosis: Excess kurtosis of the log returns over 1, 5, 20 and 60 days, by days (10.3, 7.0,
            6.9, 4.3). A return over h days is the sum over h successive days of a window.
        hill_left: Hill's tail index of the 5% largest daily losses (2.52).
        hill_right: Hill's tail index of the 5% largest daily gains (2.47).
        acf: Autocorrelations of r from lag 1, shape `(lags,)` (-0.10 at lag 1, others near 0).
        acf_abs: Autocorrelations of |r| (0.29, 0.35, 0.31, 0.24 at lags 1, 5, 10, 20).
        acf_square: Autocorrelations of r^2.
        leverage: corr(r_t, r^2_{t+k}) from lag k = 1 (-0.098 at lag 1, mean -0.086 up to lag 10).
        coarse_fine: Asymmetry of coarse and fine volatility at a lag of one week (-0.064).
        sums: Log returns over 1, 5, 20 and 60 days, by days, each in ascending order.
        drawdowns: Largest log loss from a peak in each window, including its start, in ascending
            order (mean 0.084).
        volatilities: Population standard deviation of each window, in ascending order (annual:
            6.4%, 14% and 62% at the 1st, 50th and 99th percentile).
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
        """The numbers of days over which returns are summed."""
        return tuple(self.sums)

    def value_at_risk(self, level: float, horizon: int = 1) -> float:
        """Returns the `level` quantile of the log returns over `horizon` days."""
        ordered = self.sums[horizon]
        position = level * (len(ordered) - 1)
        below = int(position)
        above = min(below + 1, len(ordered) - 1)
        return float(ordered[below] + (position - below) * (ordered[above] - ordered[below]))

    def expected_shortfall(self, level: float, horizon: int = 1) -> float:
        """Returns the mean of the log returns at or below the value at risk."""
        ordered = self.sums[horizon]
        count = int(np.searchsorted(ordered, self.value_at_risk(level, horizon), side="right"))
        return float(np.mean(ordered[: max(count, 1)]))


def return_facts(windows: ArrayLike, *, lags: int = 20) -> ReturnFacts:
    """Measures the stylized facts of one set of windows.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts

    windows = 0.01 * np.random.default_rng(0).normal(size=(1000, 60))
    facts = return_facts(windows)
    assert facts.std == windows.std() and len(facts.drawdowns) == 1000
    ```

    Args:
        windows: Daily log returns, shape `(windows, days)` or `(windows, days, 1)`; at least 100
            windows, each longer than `lags`.
        lags: The number of autocorrelations. Defaults to `20`.

    Returns:
        The `ReturnFacts`, computed in float64.

    Raises:
        ValueError: If `windows` has another shape, is not finite, or has too few windows or days,
            or `lags` is below 1.
    """
    returns = as_windows(windows, "windows")
    # The returns of a diverged generator overflow; their facts are NaN or infinite.
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
            hill_left=_hill_index(-sums[1], TAIL_SHARE),
            hill_right=_hill_index(sums[1][::-1], TAIL_SHARE),
            acf=moments.acf,
            acf_abs=moments.acf_abs,
            acf_square=lagged_correlations(squares, squares, lags),
            leverage=lagged_correlations(returns, squares, lags),
            coarse_fine=coarse_fine_asymmetry(returns),
            sums=sums,
            drawdowns=np.sort(largest_drawdowns(returns)),
            volatilities=np.sort(returns.std(axis=1)),
        )


def _ordered_sums(paths: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    return np.sort((paths[:, horizon:] - paths[:, :-horizon]).ravel())


def _excess_kurtosis(ordered: NDArray[np.float64], std: float) -> float:
    # Sums of constant returns differ by rounding alone, which has no kurtosis.
    if std == 0.0 or ordered[0] == ordered[-1]:
        return float("nan")
    squares = (ordered - ordered.mean()) ** 2
    return float(np.mean(squares**2) / np.mean(squares) ** 2 - 3.0)


def _hill_index(ordered: NDArray[np.float64], share: float) -> float:
    # Hill (1975), "A simple general approach to inference about the tail of a distribution". From
    # the largest value down; NaN where the tail is not above zero or all of one size.
    k = int(share * len(ordered))
    if k < 1 or not ordered[k] > 0.0 or ordered[0] == ordered[k]:
        return float("nan")
    return float(1.0 / np.mean(np.log(ordered[:k] / ordered[k])))
