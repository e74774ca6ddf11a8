"""Tests of the synthetic benchmark of Tail-GAN."""

import numpy as np
import pytest
from scipy.stats import norm


@pytest.fixture
def tail_gan(benchmark):
    """Returns the module."""
    return benchmark("tail_gan")


@pytest.fixture
def market(tail_gan):
    """Returns the five assets."""
    return tail_gan.Market.drawn(seed=0)


@pytest.fixture
def paths(market):
    """Returns 4,000 paths of them."""
    return market.draw(4000, seed=1)


def test_each_path_has_the_standard_deviation_of_its_asset(tail_gan, market, paths):
    assert paths.shape == (4000, tail_gan.STEPS, tail_gan.ASSETS)
    np.testing.assert_allclose(paths.std(axis=1), np.tile(market.std, (4000, 1)))


def test_the_autoregressive_assets_have_their_autocorrelation(paths):
    for asset, reaction in ((0, 0.0), (1, 0.5), (2, -0.12)):
        one = paths[..., asset]
        found = np.mean(one[:, 1:] * one[:, :-1]) / np.mean(one**2)
        assert found == pytest.approx(reaction, abs=0.04)  # short paths are biased down


def test_risks_of_normal_gains_are_the_closed_forms(tail_gan):
    gains = np.random.default_rng(0).standard_normal((3, 100_000))
    exact = np.array([-norm.ppf(0.05), norm.pdf(norm.ppf(0.05)) / 0.05])
    np.testing.assert_allclose(
        tail_gan.tail_risks(gains), np.tile(exact[:, None], (1, 3)), rtol=0.02
    )
    assert tail_gan.relative_error(np.array([1.0, -2.0]), np.array([1.1, -2.2])) == pytest.approx(
        10.0
    )


def test_buying_and_holding_gains_the_growth_of_an_asset(tail_gan, paths):
    strategies = tail_gan.Strategies(paths)
    gains = strategies.gains(paths[:7])
    assert gains.shape == (50 + 3 * tail_gan.ASSETS, 7)
    growth = np.prod(1.0 + paths[:7, :, 3], axis=1) - 1.0
    np.testing.assert_allclose(gains[3], 10.0 * growth, atol=1e-12)


def test_trend_following_gains_where_mean_reversion_loses(tail_gan, paths):
    up = np.zeros((1, tail_gan.STEPS, tail_gan.ASSETS))
    up[:, 20:, 1] = 0.001  # a trend that begins after the first averages
    strategies = tail_gan.Strategies(paths)
    gains = strategies.gains(up)[-2 * tail_gan.ASSETS :].reshape(2, tail_gan.ASSETS)
    assert gains[0, 1] < 0.0 < gains[1, 1]


def test_a_market_that_is_a_third_too_volatile_misses_by_a_third(
    tail_gan, market, paths, monkeypatch
):
    monkeypatch.setattr(tail_gan, "RESAMPLES", 2)
    strategies = tail_gan.Strategies(paths)
    exact = tail_gan.tail_risks(strategies.gains(paths))
    own = tail_gan.evaluated(lambda n, seed: market.draw(n, 10 + seed), strategies, exact)[0]
    wild = tail_gan.evaluated(lambda n, seed: 4 / 3 * market.draw(n, 10 + seed), strategies, exact)[
        0
    ]
    assert own < 8.0 and wild == pytest.approx(100 / 3, abs=8.0)


def test_shuffled_steps_are_those_of_the_training_paths(tail_gan, paths):
    shuffled = tail_gan._shuffled(paths, 5, seed=0)
    assert shuffled.shape == (5, tail_gan.STEPS, tail_gan.ASSETS)
    known = {tuple(step) for step in paths.reshape(-1, tail_gan.ASSETS).tolist()}
    assert {tuple(step) for step in shuffled.reshape(-1, tail_gan.ASSETS).tolist()} <= known


@pytest.mark.slow
def test_the_recipe_trains_on_the_first_steps_and_makes_whole_paths(tail_gan, paths, monkeypatch):
    monkeypatch.setattr(tail_gan, "WINDOWS", 256)
    sample = tail_gan.trained(paths, epochs=1, seed=0)
    made = sample(50, 3)
    assert made.shape == (50, tail_gan.STEPS, tail_gan.ASSETS)
    np.testing.assert_allclose(made.std(axis=(0, 1)), paths.std(axis=(0, 1)), rtol=0.3)
