"""Kupiec's test of the violation rate of a value at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class KupiecTest:
    """How often a value at risk was broken, and how surprising that is.

    Example:
    ```python
    from keras_wgan.metrics import kupiec_test

    test = kupiec_test([-0.05, *[0.0] * 99], -0.03, level=0.01)
    assert test.rate == test.level and test.p_value == 1.0
    ```

    Args:
        days: days that were looked at.
        hits: days whose log return fell below the value at risk.
        level: share of the days that should.
        statistic: likelihood ratio, chi-squared with one degree of freedom where the rate is right.
        p_value: how often a right value at risk would look at least as wrong.
    """

    days: int
    hits: int
    level: float
    statistic: float
    p_value: float

    @property
    def rate(self) -> float:
        """Share of the days that fell below the value at risk."""
        return self.hits / self.days


def kupiec_test(returns: ArrayLike, value_at_risk: ArrayLike, *, level: float) -> KupiecTest:
    """Counts how often returns fall below a value at risk, and tests the rate.

    The likelihood ratio is 2 log of (x/n)^x (1 - x/n)^(n-x) / (level^x (1 - level)^(n-x)) for x
    hits on n days. It tests the rate alone; that hits come in clusters, it does not see. For a
    horizon of more than one day, take sums that do not overlap: the test wants independent days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import kupiec_test

    held_out = 0.01 * np.random.default_rng(0).normal(size=2000)
    right, too_calm = (kupiec_test(held_out, var, level=0.01) for var in (-0.0233, -0.0165))
    print(right.rate, too_calm.rate)
    assert too_calm.p_value < 1e-6 < 0.05 < right.p_value
    ```

    Args:
        returns: log returns of held-out days, shape `(days,)`.
        value_at_risk: log return that only a share `level` of the days should fall below, a number
            or one a day; a loss is below zero, as `ReturnFacts.value_at_risk` has it.
        level: share of the days, such as 0.01.

    Returns:
        The `KupiecTest`.

    Raises:
        ValueError: for returns of another shape or none, values that are NaN, as many values at
            risk as there are neither one nor days, or a `level` outside 0 to 1.

    Reference:
        Kupiec (1995), "Techniques for verifying the accuracy of risk measurement models".
    """
    from scipy.special import xlogy
    from scipy.stats import chi2

    days, thresholds = _checked(returns, value_at_risk, level)
    count, hits = len(days), int(np.sum(days < thresholds))
    misses = count - hits
    seen = xlogy(hits, hits / count) + xlogy(misses, misses / count)
    expected = xlogy(hits, level) + xlogy(misses, 1.0 - level)
    statistic = max(float(2.0 * (seen - expected)), 0.0)  # rounding leaves -1e-14 at the level
    return KupiecTest(count, hits, float(level), statistic, float(chi2.sf(statistic, df=1)))


def _checked(
    returns: ArrayLike, value_at_risk: ArrayLike, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    days = np.asarray(returns, dtype=np.float64)
    thresholds = np.asarray(value_at_risk, dtype=np.float64)
    if days.ndim != 1 or not len(days) or not np.isfinite(days).all():
        raise InvalidInputError(
            "`returns` must be one series of finite log returns, shape (days,). "
            f"Received: returns.shape={days.shape}, "
            f"{int(np.sum(~np.isfinite(days)))} of them NaN or infinite. "
            "Hand in the held-out days in one row."
        )
    if thresholds.shape not in ((), days.shape) or np.isnan(thresholds).any():
        raise InvalidInputError(
            "`value_at_risk` must be a number, or one number for each of `returns`. "
            f"Received: value_at_risk.shape={thresholds.shape}, {len(days)} returns, "
            f"{int(np.isnan(thresholds).sum())} of the values NaN. "
            "Take it from ReturnFacts.value_at_risk."
        )
    if not 0.0 < level < 1.0:
        raise InvalidInputError(
            f"`level` must be between 0 and 1. Received: level={level}. Use 0.01 for 1 %."
        )
    return days, thresholds
