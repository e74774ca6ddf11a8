"""Tests of portfolios and their risks against closed forms."""

import numpy as np
import pytest
from scipy.stats import norm

from keras_wgan.metrics import portfolio_log_returns, portfolio_risks, random_portfolios

# So small that log returns are as good as simple ones.
COVARIANCE = 1e-8 * np.array([[1.0, 0.5], [0.5, 4.0]])


def test_a_fixed_weight_portfolio_earns_the_weighted_simple_returns():
    simple = np.array([[[0.10, -0.20], [0.0, 0.5]]])
    found = portfolio_log_returns(np.log1p(simple), [0.25, 0.75])
    np.testing.assert_allclose(np.expm1(found), [[-0.125, 0.375]])


def test_a_portfolio_that_loses_more_than_all_is_worth_nothing():
    assert portfolio_log_returns(np.log([3.0, 1.0]), [-1.0, 2.0]) == -np.inf


@pytest.mark.parametrize("windows", [False, True])
def test_value_at_risk_and_shortfall_of_normal_returns_are_the_closed_forms(windows):
    days = np.random.default_rng(0).multivariate_normal([0, 0], COVARIANCE, size=200_000)
    shaped = days.reshape(-1, 20, 2) if windows else days
    weights = np.array([[0.5, 0.5], [1.0, -0.5]])
    found = portfolio_risks(shaped, weights)
    for portfolio, share in enumerate(weights):
        sigma = np.sqrt(share @ COVARIANCE @ share)
        for level, alpha in enumerate((0.01, 0.05)):
            exact = [-norm.ppf(alpha) * sigma, norm.pdf(norm.ppf(alpha)) / alpha * sigma]
            np.testing.assert_allclose(found[portfolio, 0, level], exact, rtol=0.02)
            np.testing.assert_allclose(
                found[portfolio, 1, level], np.sqrt(20) * np.array(exact), rtol=0.07
            )


def test_random_portfolios_are_half_long_only_and_the_same_for_a_seed():
    weights = random_portfolios(4, 9, seed=1)
    np.testing.assert_allclose(weights[:5].sum(axis=1), 1.0)
    assert (weights[:5] >= 0).all() and (weights[5:] < 0).any()
    np.testing.assert_allclose(np.abs(weights).sum(axis=1), 1.0)
    np.testing.assert_array_equal(weights, random_portfolios(4, 9, seed=1))


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0], "one weight for each of 2 assets"), ([np.nan, 1.0], "NaN")],
)
def test_weights_that_do_not_fit_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        portfolio_log_returns(np.zeros((5, 2)), weights)


def test_too_few_days_for_a_month_are_refused():
    with pytest.raises(ValueError, match="at least 20 days"):
        portfolio_risks(np.zeros((19, 2)), np.eye(2))
