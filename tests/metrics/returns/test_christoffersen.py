"""Christoffersen's tests against a worked example and the size that they promise."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import christoffersen_test

# 20 days, 5 hits: counted by hand, 10 times no hit after none, 4 times a hit after none, 4 times
# none after a hit, once a hit after a hit.
WORKED = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]


def returns_with(hits):
    return -np.asarray(hits, float)


def test_a_worked_example():
    found = christoffersen_test(returns_with(WORKED), -0.5, level=0.1)
    assert found.transitions == (10, 4, 4, 1)
    binomial = scipy.stats.binom.logpmf  # its coefficients cancel in every ratio
    dependent = binomial(4, 14, 4 / 14) + binomial(1, 5, 1 / 5)
    independent = binomial(4, 14, 5 / 19) + binomial(1, 5, 5 / 19)
    right = binomial(4, 14, 0.1) + binomial(1, 5, 0.1)
    assert found.independence == pytest.approx(2 * (dependent - independent), rel=1e-9)
    assert found.coverage == pytest.approx(2 * (dependent - right), rel=1e-9)
    by_hand = (10 * np.log(10 / 14) + 4 * np.log(4 / 14) + 4 * np.log(4 / 5) + np.log(1 / 5)) - (
        14 * np.log(14 / 19) + 5 * np.log(5 / 19)
    )
    assert found.independence == pytest.approx(2 * by_hand, rel=1e-9)
    assert found.independence_p_value == pytest.approx(scipy.stats.chi2.sf(found.independence, 1))
    assert found.coverage_p_value == pytest.approx(scipy.stats.chi2.sf(found.coverage, 2))
    assert (found.after_no_hit, found.after_hit) == (4 / 14, 1 / 5)


def test_conditional_coverage_is_the_rate_of_the_days_after_the_first_plus_independence():
    found = christoffersen_test(returns_with(WORKED), -0.5, level=0.1)
    binomial = scipy.stats.binom.logpmf
    rate = 2 * (binomial(5, 19, 5 / 19) - binomial(5, 19, 0.1))
    assert found.coverage == pytest.approx(rate + found.independence, rel=1e-9)


def test_independent_hits_at_the_rate_are_refused_about_as_often_as_the_tests_say():
    rng = np.random.default_rng(0)
    found = [
        christoffersen_test(returns_with(rng.uniform(size=2000) < 0.1), -0.5, level=0.1)
        for _ in range(1000)
    ]
    assert np.mean([test.independence_p_value < 0.05 for test in found]) == pytest.approx(
        0.05, abs=0.02
    )
    assert np.mean([test.coverage_p_value < 0.05 for test in found]) == pytest.approx(
        0.05, abs=0.02
    )


def test_hits_in_a_row_are_refused_at_the_right_rate():
    found = christoffersen_test(returns_with([0] * 95 + [1] * 5), -0.5, level=0.05)
    assert found.independence_p_value < 1e-6 and found.coverage_p_value < 1e-6


@pytest.mark.parametrize(("hits", "chance"), [([0] * 100, 0.95), ([1] * 100, 0.05)])
def test_no_hit_and_nothing_but_hits_have_their_closed_forms(hits, chance):
    found = christoffersen_test(returns_with(hits), -0.5, level=0.05)
    assert found.independence == 0.0
    assert found.coverage == pytest.approx(-2 * 99 * np.log(chance), rel=1e-12)
    assert np.isnan(found.after_hit if not hits[0] else found.after_no_hit)


def test_what_is_no_series_of_days_is_refused():
    with pytest.raises(ValueError, match="`returns` must hold two days or more"):
        christoffersen_test([0.1], -0.1, level=0.05)
    with pytest.raises(ValueError, match="`value_at_risk` must be a number"):
        christoffersen_test([0.1, 0.2], [-0.1], level=0.05)
    with pytest.raises(ValueError, match="`level` must be a finite number"):
        christoffersen_test([0.1, 0.2], -0.1, level=1)
