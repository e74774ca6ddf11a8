"""Kupiec's test against his table and SciPy."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import kupiec_test


def days_with(hits, days):
    return np.repeat([-1.0, 0.0], [hits, days - hits])


# Kupiec (1995), table 3: hits that are compatible with the level, at a test size of 5 %.
@pytest.mark.parametrize(
    ("level", "days", "below", "above"),
    [(0.01, 255, None, 7), (0.01, 510, 1, 11), (0.05, 255, 6, 21), (0.05, 1000, 37, 65)],
)
def test_the_bounds_of_kupiecs_table(level, days, below, above):
    def is_refused(hits):
        return kupiec_test(days_with(hits, days), -0.5, level=level).p_value < 0.05

    assert is_refused(above) and not is_refused(above - 1)
    if below is not None:
        assert is_refused(below) and not is_refused(below + 1)


def test_the_statistic_is_the_likelihood_ratio_of_two_binomials():
    found = kupiec_test(days_with(9, 500), -0.5, level=0.01)
    binomial = scipy.stats.binom.logpmf
    expected = 2.0 * (binomial(9, 500, 9 / 500) - binomial(9, 500, 0.01))
    assert found.statistic == pytest.approx(expected, rel=1e-9)
    assert found.p_value == pytest.approx(scipy.stats.chi2.sf(expected, 1), rel=1e-9)
    assert (found.days, found.hits, found.rate, found.level) == (500, 9, 0.018, 0.01)


def test_the_right_rate_is_no_surprise():
    found = kupiec_test(days_with(5, 500), -0.5, level=0.01)
    assert found.statistic == 0.0 and found.p_value == 1.0


@pytest.mark.parametrize(("hits", "chance_a_day"), [(0, 0.99), (500, 0.01)])
def test_no_hit_and_nothing_but_hits_have_their_closed_forms(hits, chance_a_day):
    found = kupiec_test(days_with(hits, 500), -0.5, level=0.01)
    assert found.statistic == pytest.approx(-2.0 * 500 * np.log(chance_a_day), rel=1e-12)


def test_a_return_at_the_value_at_risk_is_no_hit():
    assert kupiec_test([-0.1, -0.2, 0.0], -0.1, level=0.05).hits == 1


def test_a_value_at_risk_may_differ_from_day_to_day():
    assert kupiec_test([-0.1, -0.2, -0.3], [-0.2, -0.1, -0.4], level=0.05).hits == 1


def test_a_right_value_at_risk_is_refused_about_as_often_as_the_test_says():
    rng = np.random.default_rng(0)
    quantile = scipy.stats.norm.ppf(0.05)
    refused = [
        kupiec_test(rng.normal(size=1000), quantile, level=0.05).p_value < 0.05 for _ in range(1000)
    ]
    assert np.mean(refused) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize("returns", [[], [[0.1]], [np.nan]])
def test_returns_that_are_no_finite_series_are_refused(returns):
    with pytest.raises(ValueError, match="`returns` must be (one series of log returns|finite)"):
        kupiec_test(returns, -0.1, level=0.01)


@pytest.mark.parametrize("value", [[-0.1, -0.1], np.nan])
def test_a_value_at_risk_that_does_not_fit_is_refused(value):
    with pytest.raises(ValueError, match="`value_at_risk` must be a number"):
        kupiec_test([0.1, 0.2, 0.3], value, level=0.01)


@pytest.mark.parametrize("level", [0.0, 1.0, 5.0])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ValueError, match="`level` must be a finite number above 0 and below 1"):
        kupiec_test([0.1], -0.1, level=level)
