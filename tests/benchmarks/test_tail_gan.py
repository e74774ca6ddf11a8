"""Tests of the synthetic benchmark of Tail-GAN."""

import importlib.util
import sys

import numpy as np
import pytest
from scipy.stats import norm

from helpers.paths import ROOT

# By its path: benchmarks/ is no part of what is installed.
spec = importlib.util.spec_from_file_location("tail_gan", ROOT / "benchmarks" / "tail_gan.py")
tail_gan = importlib.util.module_from_spec(spec)
sys.modules["tail_gan"] = tail_gan  # its dataclasses look their module up
spec.loader.exec_module(tail_gan)

MARKET = tail_gan.Market.drawn(seed=0)
PATHS = MARKET.draw(4000, seed=1)


def test_each_path_has_the_standard_deviation_of_its_asset():
    assert PATHS.shape == (4000, tail_gan.STEPS, tail_gan.ASSETS)
    np.testing.assert_allclose(PATHS.std(axis=1), np.tile(MARKET.std, (4000, 1)))


def test_the_autoregressive_assets_have_their_autocorrelation():
    for asset, reaction in ((0, 0.0), (1, 0.5), (2, -0.12)):
        one = PATHS[..., asset]
        found = np.mean(one[:, 1:] * one[:, :-1]) / np.mean(one**2)
        assert found == pytest.approx(reaction, abs=0.04)  # short paths are biased down


def test_risks_of_normal_gains_are_the_closed_forms():
    gains = np.random.default_rng(0).standard_normal((3, 100_000))
    exact = np.array([-norm.ppf(0.05), norm.pdf(norm.ppf(0.05)) / 0.05])
    np.testing.assert_allclose(
        tail_gan.tail_risks(gains), np.tile(exact[:, None], (1, 3)), rtol=0.02
    )
    assert tail_gan.relative_error(np.array([1.0, -2.0]), np.array([1.1, -2.2])) == pytest.approx(
        10.0
    )


def test_buying_and_holding_gains_the_growth_of_an_asset():
    strategies = tail_gan.Strategies(PATHS)
    gains = strategies.gains(PATHS[:7])
    assert gains.shape == (50 + 3 * tail_gan.ASSETS, 7)
    growth = np.prod(1.0 + PATHS[:7, :, 3], axis=1) - 1.0
    np.testing.assert_allclose(gains[3], 10.0 * growth, atol=1e-12)


def test_trend_following_gains_where_mean_reversion_loses():
    up = np.zeros((1, tail_gan.STEPS, tail_gan.ASSETS))
    up[:, 20:, 1] = 0.001  # a trend that begins after the first averages
    strategies = tail_gan.Strategies(PATHS)
    gains = strategies.gains(up)[-2 * tail_gan.ASSETS :].reshape(2, tail_gan.ASSETS)
    assert gains[0, 1] < 0.0 < gains[1, 1]


def test_a_market_that_is_a_third_too_volatile_misses_by_a_third(monkeypatch):
    monkeypatch.setattr(tail_gan, "RESAMPLES", 2)
    strategies = tail_gan.Strategies(PATHS)
    exact = tail_gan.tail_risks(strategies.gains(PATHS))
    own = tail_gan.evaluated(lambda n, seed: MARKET.draw(n, 10 + seed), strategies, exact)[0]
    wild = tail_gan.evaluated(lambda n, seed: 4 / 3 * MARKET.draw(n, 10 + seed), strategies, exact)[
        0
    ]
    assert own < 8.0 and wild == pytest.approx(100 / 3, abs=8.0)
