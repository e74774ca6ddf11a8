"""Values of portfolios, day by day, against sums by hand."""

import numpy as np
import pytest

from keras_wgan.market.risk.outcomes import Positions, measure

RISE_AND_FALL = np.log([[[1.1, 1.0], [0.9, 1.0]]])  # one asset up and down by 10%, one still


def outcomes(log_returns, weights, rebalance, horizons):
    """Returns what a portfolio makes in paths."""
    return measure(np.asarray(log_returns), Positions(np.array(weights), rebalance), horizons)


@pytest.mark.parametrize(
    ("rebalance", "by_hand"),
    [
        ("daily", 1.05 * 0.95 - 1.0),  # half of each day's return
        ("never", 0.5 * (1.1 * 0.9 - 1.0)),  # half of the two days' return
    ],
)
def test_a_half_invested_portfolio_makes_what_a_calculation_by_hand_gives(rebalance, by_hand):
    found = outcomes(RISE_AND_FALL, [0.5, 0.5], rebalance, (1, 2))
    np.testing.assert_allclose(found.returns, [[0.05, by_hand]], atol=1e-15)


def test_a_weighted_mean_of_log_returns_is_the_return_of_neither():
    log_returns = np.log([[[0.5, 1.5]]])
    found = outcomes(log_returns, [0.5, 0.5], "daily", (1,))
    assert found.returns[0, 0] == pytest.approx(0.0, abs=1e-15)
    assert np.expm1(log_returns.mean()) == pytest.approx(-0.134, abs=1e-3)


def test_a_short_position_held_loses_what_the_price_gains():
    doubled = np.log([[[2.0], [1.5]]])
    assert outcomes(doubled, [-1.0], "never", (1, 2)).returns.tolist() == [[-1.0, -2.0]]


def test_a_portfolio_that_lost_everything_buys_nothing_any_more():
    paths = np.log([[[2.5], [0.1], [0.1]]])  # -150% on the first day
    found = outcomes(paths, [-1.0], "daily", (1, 2, 3))
    np.testing.assert_allclose(found.returns, [[-1.5, -1.5, -1.5]])
    np.testing.assert_allclose(found.profits[..., 0], [[1.5, 1.5, 1.5]])


@pytest.mark.parametrize("rebalance", ["daily", "never"])
def test_profits_times_weights_add_up_to_the_return(rebalance):
    paths = np.random.default_rng(0).normal(scale=0.03, size=(50, 30, 3))
    weights = np.array([0.7, -0.4, 0.9])
    found = outcomes(paths, weights, rebalance, (1, 7, 30))
    np.testing.assert_allclose(found.profits @ weights, found.returns, atol=1e-13)


def test_drawdowns_and_days_under_water_count_from_the_highest_value_so_far():
    values = np.array([0.9, 0.95, 1.1, 1.1, 1.045, 1.2])
    paths = np.log(values / np.concatenate([[1.0], values[:-1]]))[None, :, None]
    found = outcomes(paths, [1.0], "never", (1, 3, 6))
    np.testing.assert_allclose(found.drawdowns, [[0.1, 0.1, 0.1]], atol=1e-12)
    assert found.under_water.tolist() == [[1, 2, 3]]
    assert found.longest_under_water.tolist() == [[1, 2, 2]]


def test_scenarios_beyond_the_range_of_numbers_are_refused():
    with pytest.raises(OverflowError, match="exceed the range of numbers"):
        outcomes([[[800.0]]], [1.0], "daily", (1,))
