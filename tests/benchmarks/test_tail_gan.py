"""Tests of the synthetic benchmark of Tail-GAN."""

import numpy as np
import pytest
from scipy.stats import norm

from benchmarks.tail_gan import (
    ASSETS,
    STEPS,
    Market,
    Strategies,
    evaluated,
    relative_error,
    tail_risks,
)

MARKET = Market.drawn(seed=0)
PATHS = MARKET.draw(4000, seed=1)


def test_each_path_has_the_standard_deviation_of_its_asset():
    assert PATHS.shape == (4000, STEPS, ASSETS)
    np.testing.assert_allclose(PATHS.std(axis=1), np.tile(MARKET.std, (4000, 1)))


def test_the_autoregressive_assets_have_their_autocorrelation():
    for asset, reaction in ((0, 0.0), (1, 0.5), (2, -0.12)):
        one = PATHS[..., asset]
        found = np.mean(one[:, 1:] * one[:, :-1]) / np.mean(one**2)
        assert found == pytest.approx(reaction, abs=0.04)  # short paths are biased down


def test_risks_of_normal_gains_are_the_closed_forms():
    gains = np.random.default_rng(0).standard_normal((3, 100_000))
    exact = np.array([-norm.ppf(0.05), norm.pdf(norm.ppf(0.05)) / 0.05])
    np.testing.assert_allclose(tail_risks(gains), np.tile(exact[:, None], (1, 3)), rtol=0.02)
    assert relative_error(np.array([1.0, -2.0]), np.array([1.1, -2.2])) == pytest.approx(10.0)


def test_buying_and_holding_gains_the_growth_of_an_asset():
    strategies = Strategies(PATHS)
    gains = strategies.gains(PATHS[:7])
    assert gains.shape == (50 + 3 * ASSETS, 7)
    growth = np.prod(1.0 + PATHS[:7, :, 3], axis=1) - 1.0
    np.testing.assert_allclose(gains[3], 10.0 * growth, atol=1e-12)


def test_trend_following_gains_where_mean_reversion_loses():
    up = np.zeros((1, STEPS, ASSETS))
    up[:, 20:, 1] = 0.001  # a trend that begins after the first averages
    strategies = Strategies(PATHS)
    gains = strategies.gains(up)[-2 * ASSETS :].reshape(2, ASSETS)
    assert gains[0, 1] < 0.0 < gains[1, 1]


def test_a_market_that_is_a_third_too_volatile_misses_by_a_third(monkeypatch):
    monkeypatch.setattr("benchmarks.tail_gan.RESAMPLES", 2)
    strategies = Strategies(PATHS)
    exact = tail_risks(strategies.gains(PATHS))
    own = evaluated(lambda n, seed: MARKET.draw(n, 10 + seed), strategies, exact)[0]
    wild = evaluated(lambda n, seed: 4 / 3 * MARKET.draw(n, 10 + seed), strategies, exact)[0]
    assert own < 8.0 and wild == pytest.approx(100 / 3, abs=8.0)
