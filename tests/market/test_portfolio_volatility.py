"""Tests of the volatility of a portfolio in a market generator."""

import numpy as np
import pytest

from keras_wgan.market.portfolio_volatility import PortfolioVolatility
from keras_wgan.market.regimes import VolatilityState
from keras_wgan.networks import MarketGenerator, market_generator


@pytest.fixture(scope="module")
def pair():
    generator = MarketGenerator(market_generator(1, history=20, assets=2))
    generator.form.correlation.below.assign([[0.0, 0.0], [0.75, 0.0]])  # a correlation of 0.6
    for side in (generator.form.tail.left, generator.form.tail.right):
        side.assign([-20.0, -20.0])  # no power
    for side in (generator.form.market_tail.left, generator.form.market_tail.right):
        side.assign([-20.0])  # no tail
    generator.form.news.logit.assign(-20.0)  # no common scale
    return generator


def test_the_volatility_of_a_portfolio_is_the_closed_form(pair):
    found = PortfolioVolatility.of(pair, [0.01, 0.02], [0.5, -0.5])
    exact = np.sqrt(0.005**2 + 0.02**2 - 2 * 0.6 * 0.005 * 0.02)
    assert found.volatility(np.array([[1.0, 2.0]]), np.zeros(1))[0] == pytest.approx(
        exact, rel=0.01
    )
    assert found.name == "the given weights"


def test_equal_weights_are_the_default_and_named_in_a_state(pair):
    found = PortfolioVolatility.of(pair, [0.01, 0.01])
    exact = 0.01 * np.sqrt((1 + 0.6) / 2)
    assert found.volatility(np.ones((1, 2)), np.zeros(1))[0] == pytest.approx(exact, rel=0.01)
    state = VolatilityState(0.01, 40.0, portfolio=found.name)
    assert str(state) == "15.9% a year with equal weights, percentile 40"


def test_a_more_volatile_market_moves_the_portfolio_by_its_loadings(pair):
    # Equal shocks of both are the market's, opposite ones are not: 0.8 and 0.2 of the variance.
    equal, opposed = (
        PortfolioVolatility.of(pair, [0.01, 0.01], weights) for weights in ([1, 1], [1, -1])
    )
    ones, share = np.ones((1, 2)), np.array([np.log(2.0)])
    assert equal.volatility(ones, share)[0] == pytest.approx(
        2 * equal.volatility(ones, 0 * share)[0], rel=0.01
    )
    assert opposed.volatility(ones, share)[0] == pytest.approx(
        opposed.volatility(ones, 0 * share)[0], rel=0.01
    )


def test_one_asset_has_its_own_volatility_and_no_portfolio():
    found = PortfolioVolatility.of(MarketGenerator(market_generator(1, history=20)), [0.02])
    np.testing.assert_allclose(found.volatility(np.array([[1.5]]), np.zeros(1)), 0.03)
    assert found.name is None


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [[0.5, 0.5]]])
def test_weights_that_do_not_fit_are_refused(pair, weights):
    with pytest.raises(ValueError, match="`weights` must hold one weight for each of 2 assets"):
        PortfolioVolatility.of(pair, [0.01, 0.01], weights)
