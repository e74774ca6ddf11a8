"""The Fissler-Ziegel loss by hand, and its smallest mean at the truth."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import fissler_ziegel_loss


def test_the_loss_of_two_days_by_hand():
    # v = -2, e = -2.5, level .05; the first day lies .5 below v: .5 / (.05 * 2.5) = 4.
    found = fissler_ziegel_loss([-2.5, 1.0], -2.0, -2.5, level=0.05)
    calm = 0.8 + np.log(2.5) - 1.0
    np.testing.assert_allclose(found, [4.0 + calm, calm], rtol=1e-12)


def test_the_true_pair_has_the_lowest_mean_of_all_scales_and_shapes():
    returns = np.random.default_rng(0).normal(size=400_000)
    quantile = scipy.stats.norm.ppf(0.05)
    shortfall = -scipy.stats.norm.pdf(quantile) / 0.05
    right = fissler_ziegel_loss(returns, quantile, shortfall, level=0.05).mean()
    for first, second in [(0.9, 0.9), (1.1, 1.1), (1.0, 0.9), (1.0, 1.15), (0.85, 1.0), (1.2, 1.0)]:
        other = fissler_ziegel_loss(returns, first * quantile, second * shortfall, level=0.05)
        assert other.mean() > right


def test_the_difference_of_two_forecasts_does_not_depend_on_the_unit():
    returns = np.random.default_rng(1).normal(size=50)
    gaps = [
        fissler_ziegel_loss(unit * returns, unit * -1.0, unit * -1.5, level=0.05)
        - fissler_ziegel_loss(unit * returns, unit * -2.0, unit * -2.5, level=0.05)
        for unit in (1.0, 100.0)
    ]
    np.testing.assert_allclose(gaps[0], gaps[1], rtol=1e-9)


def test_forecasts_may_differ_from_day_to_day():
    both = fissler_ziegel_loss([-3.0, 0.0], [-1.0, -2.0], [-2.0, -3.0], level=0.1)
    apart = [
        fissler_ziegel_loss([-3.0], -1.0, -2.0, level=0.1)[0],
        fissler_ziegel_loss([0.0], -2.0, -3.0, level=0.1)[0],
    ]
    np.testing.assert_array_equal(both, apart)


@pytest.mark.parametrize("shortfall", [0.5, -0.5, 0.0])
def test_a_shortfall_that_is_no_mean_of_losses_below_the_value_at_risk_is_refused(shortfall):
    with pytest.raises(ValueError, match="`expected_shortfall` must be negative and not above"):
        fissler_ziegel_loss([0.0], -1.0, shortfall, level=0.05)


def test_forecasts_of_other_days_are_refused():
    with pytest.raises(ValueError, match="`value_at_risk` must be a number, or one number"):
        fissler_ziegel_loss([0.0, 0.0, 0.0], [-1.0, -1.0], -2.0, level=0.05)
