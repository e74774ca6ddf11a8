"""Christoffersen's tests of the violations of a value at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.kupiec import value_at_risk_hits


@dataclass(frozen=True)
class ChristoffersenTest:
    """The violations of a value at risk, and the tests of their order and rate.

    Example:
    ```python
    from keras_wgan.metrics import christoffersen_test

    test = christoffersen_test([*[0.0] * 90, *[-0.05] * 10], -0.03, level=0.1)
    assert test.after_hit == 1.0 and test.independence_p_value < 0.001
    ```

    Args:
        transitions: The number of days without a hit after a day without, with a hit after a day
            without, without after a day with, and with after a day with a hit.
        level: The expected share of hits.
        independence: The likelihood ratio of hits whose chance depends on the day before against
            independent hits, chi-squared with one degree of freedom if they are independent.
        coverage: The likelihood ratio against independent hits at the rate `level`, chi-squared
            with two degrees of freedom under this null hypothesis ("conditional coverage").
    """

    transitions: tuple[int, int, int, int]
    level: float
    independence: float
    coverage: float

    @property
    def after_hit(self) -> float:
        """The share of hits among the days after a hit; NaN without such days."""
        return _share(*self.transitions[2:])

    @property
    def after_no_hit(self) -> float:
        """The share of hits among the days after a day without; NaN without such days."""
        return _share(*self.transitions[:2])

    @property
    def independence_p_value(self) -> float:
        """The probability of a ratio at least as large if hits are independent."""
        from scipy.stats import chi2

        return float(chi2.sf(self.independence, df=1))

    @property
    def coverage_p_value(self) -> float:
        """The probability of a ratio at least as large if hits are independent and at the rate."""
        from scipy.stats import chi2

        return float(chi2.sf(self.coverage, df=2))


def christoffersen_test(
    returns: ArrayLike, value_at_risk: ArrayLike, *, level: float
) -> ChristoffersenTest:
    """Tests whether the hits of a value at risk are independent, and their rate as well.

    `kupiec_test` tests the rate alone: a value at risk that never moves can have the right rate
    with all hits in one crisis. Here a hit may depend on whether there was one the day before. All
    likelihoods are those of the days after the first, given the first, so that the ratio of
    conditional coverage is that of the rate plus that of independence.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import christoffersen_test, kupiec_test

    volatility = np.repeat([0.01, 0.05], [900, 100])
    returns = volatility * np.random.default_rng(0).normal(size=1000)
    threshold = np.quantile(returns, 0.05)  # the right rate, nearly all in the wild part
    assert kupiec_test(returns, threshold, level=0.05).p_value > 0.9
    assert christoffersen_test(returns, threshold, level=0.05).coverage_p_value < 0.05
    ```

    Args:
        returns: Log returns of held-out days in the order of time, shape `(days,)`, two or more.
        value_at_risk: As for `kupiec_test`.
        level: The expected share of hits, between 0 and 1, such as 0.01 for 1%.

    Returns:
        The `ChristoffersenTest`.

    Raises:
        ValueError: If there are fewer than two returns, they are not finite, `value_at_risk` is NaN
            or of another length, or `level` does not lie between 0 and 1.

    Reference:
        Christoffersen (1998), "Evaluating interval forecasts".
    """
    from scipy.special import xlogy

    level = in_range("level", level, above=0.0, below=1.0)
    hits = value_at_risk_hits(returns, value_at_risk)
    if len(hits) < 2:
        raise InvalidInputError(
            f"`returns` must hold two days or more, one after the other. Received: {len(hits)}"
        )
    before, after = hits[:-1], hits[1:]
    both, neither = int((before & after).sum()), int((~before & ~after).sum())
    begun, ended = int((~before & after).sum()), int((before & ~after).sum())

    def log_likelihood(misses: int, found: int, chance: float) -> float:
        return float(xlogy(misses, 1.0 - chance) + xlogy(found, chance))

    def at_its_own_rate(misses: int, found: int) -> float:
        return log_likelihood(misses, found, found / max(misses + found, 1))

    dependent = at_its_own_rate(neither, begun) + at_its_own_rate(ended, both)
    independent = at_its_own_rate(neither + ended, begun + both)
    right = log_likelihood(neither + ended, begun + both, level)
    return ChristoffersenTest(
        (neither, begun, ended, both),
        level,
        max(2.0 * (dependent - independent), 0.0),  # rounding leaves -1e-14
        max(2.0 * (dependent - right), 0.0),
    )


def _share(misses: int, hits: int) -> float:
    return hits / (misses + hits) if misses + hits else float(np.nan)
