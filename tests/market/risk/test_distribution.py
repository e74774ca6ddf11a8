"""Tails of weighted scenarios against closed forms and small samples by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from keras_wgan.market.risk.distribution import Sample

NORMAL = np.random.default_rng(0).normal(0.001, 0.02, 200_000)


@pytest.mark.parametrize("level", [0.01, 0.025, 0.05])
def test_value_at_risk_and_expected_shortfall_of_a_normal_return_are_the_closed_forms(level):
    sample, z = Sample(NORMAL), norm.ppf(level)
    value_at_risk, shortfall = sample.quantile(level), sample.expected_shortfall(level)
    true_var, true_es = 0.001 + 0.02 * z, 0.001 - 0.02 * norm.pdf(z) / level
    assert abs(value_at_risk.value - true_var) < 3.0 * value_at_risk.error
    assert abs(shortfall.value - true_es) < 3.0 * shortfall.error


def test_the_errors_of_a_normal_tail_are_the_closed_forms():
    sample, level, z = Sample(NORMAL), 0.05, norm.ppf(0.05)
    of_quantile = np.sqrt(level * (1.0 - level) / len(NORMAL)) * 0.02 / norm.pdf(z)
    assert sample.quantile(level).error == pytest.approx(of_quantile, rel=0.1)
    mean = -norm.pdf(z) / level  # of the tail, and its variance, in standard deviations
    variance = 1.0 - z * norm.pdf(z) / level - mean**2
    of_shortfall = 0.02 * np.sqrt((variance + (1.0 - level) * (mean - z) ** 2) / level)
    expected = of_shortfall / np.sqrt(len(NORMAL))
    assert sample.expected_shortfall(level).error == pytest.approx(expected, rel=0.03)
    assert sample.mean().error == pytest.approx(0.02 / np.sqrt(len(NORMAL)), rel=0.01)
    spread = sample.standard_deviation()
    assert spread.error == pytest.approx(0.02 / np.sqrt(2 * len(NORMAL)), rel=0.02)


def test_an_expected_shortfall_counts_the_last_scenario_of_its_tail_in_part():
    sample = Sample(np.arange(10.0))
    assert sample.expected_shortfall(0.25).value == pytest.approx((0.0 + 1.0 + 0.5 * 2.0) / 2.5)
    assert sample.quantile(0.2).value == 1.0


def test_a_weight_of_two_is_the_same_scenario_twice():
    numbers = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    weighted = Sample(numbers, np.array([1.0, 2.0, 1.0, 0.0, 2.0]))
    repeated = Sample(np.array([1.0, 1.0, 2.0, 3.0, 4.0, 4.0]))
    for level in (0.1, 0.3, 0.4):
        for measure in ("quantile", "expected_shortfall"):
            ours, theirs = (getattr(each, measure)(level).value for each in (weighted, repeated))
            assert ours == pytest.approx(theirs)
    assert weighted.mean().value == pytest.approx(repeated.mean().value)
    assert weighted.share_below(2.5).value == pytest.approx(0.5)


def test_an_event_that_never_happened_has_the_error_of_one_scenario():
    found = Sample(np.arange(100.0)).share_below(-1.0)
    assert (found.value, found.error) == (0.0, 0.01)
