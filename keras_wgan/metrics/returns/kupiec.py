"""Kupiec's test of the violation rate of a value at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_series


@dataclass(frozen=True)
class KupiecTest:
    """The violations of a value at risk, and the test of their rate.

    Example:
    ```python
    from keras_wgan.metrics import kupiec_test

    test = kupiec_test([-0.05, *[0.0] * 99], -0.03, level=0.01)
    assert test.rate == test.level and test.p_value == 1.0
    ```

    Args:
        days: The number of days tested.
        hits: The number of days whose log return fell below the value at risk.
        level: The expected share of hits.
        statistic: The likelihood ratio, chi-squared with one degree of freedom under the null
            hypothesis that the rate equals `level`.
        p_value: The probability of a statistic at least as large under the null hypothesis.
    """

    days: int
    hits: int
    level: float
    statistic: float
    p_value: float

    @property
    def rate(self) -> float:
        """The share of days below the value at risk."""
        return self.hits / self.days


def kupiec_test(returns: ArrayLike, value_at_risk: ArrayLike, *, level: float) -> KupiecTest:
    """Counts the returns below a value at risk, and tests their rate.

    The likelihood ratio is 2 log of (x/n)^x (1 - x/n)^(n-x) / (level^x (1 - level)^(n-x)) for x
    hits on n days. It tests the rate alone and does not detect clustered hits. The test assumes
    independent returns, so for a horizon of more than one day, pass sums that do not overlap.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import kupiec_test

    held_out = 0.01 * np.random.default_rng(0).normal(size=2000)
    right, too_calm = (kupiec_test(held_out, var, level=0.01) for var in (-0.0233, -0.0165))
    assert too_calm.p_value < 1e-6 < 0.05 < right.p_value
    ```

    Args:
        returns: Log returns of held-out days, shape `(days,)`.
        value_at_risk: The log return that a share `level` of the days should fall below, such as
            `ReturnFacts.value_at_risk`: one number, or one for each day. Losses are negative.
        level: The expected share of hits, between 0 and 1, such as 0.01 for 1%.

    Returns:
        The `KupiecTest`.

    Raises:
        ValueError: If `returns` is empty, not finite, or of another shape, `value_at_risk` is NaN
            or of another length, or `level` does not lie between 0 and 1.

    Reference:
        Kupiec (1995), "Techniques for verifying the accuracy of risk measurement models".
    """
    from scipy.special import xlogy
    from scipy.stats import chi2

    level = in_range("level", level, above=0.0, below=1.0)
    found = value_at_risk_hits(returns, value_at_risk)
    count, hits = len(found), int(found.sum())
    misses = count - hits
    seen = xlogy(hits, hits / count) + xlogy(misses, misses / count)
    expected = xlogy(hits, level) + xlogy(misses, 1.0 - level)
    statistic = max(float(2.0 * (seen - expected)), 0.0)  # rounding leaves -1e-14 at the level
    return KupiecTest(count, hits, level, statistic, float(chi2.sf(statistic, df=1)))


def value_at_risk_hits(returns: ArrayLike, value_at_risk: ArrayLike) -> NDArray[np.bool_]:
    """Says of each day whether its log return fell below the value at risk."""
    days = as_series(returns)
    thresholds = np.asarray(value_at_risk, dtype=np.float64)
    if thresholds.shape not in ((), days.shape) or np.isnan(thresholds).any():
        raise InvalidInputError(
            "`value_at_risk` must be a number, or one number for each of `returns`. "
            f"Received: value_at_risk.shape={thresholds.shape}, {len(days)} returns, "
            f"{int(np.isnan(thresholds).sum())} of the values NaN. "
            "Take it from ReturnFacts.value_at_risk."
        )
    return np.asarray(days < thresholds)
