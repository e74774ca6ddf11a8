"""Tests of the simulation of paths with a trained model."""

import functools

import numpy as np
import pytest

from keras_wgan.data import Source
from keras_wgan.market import noise_search
from keras_wgan.market import states as states_module
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.networks.market_layers import HALF_LIVES

from helpers.tiny_recipes import MARKET, RETURNS, SHORT


def _market(recipe=MARKET):
    data = recipe.task.load(SHORT)
    model = recipe.build(seed=1)
    rng = np.random.default_rng(0)
    for network in (model.generator, model.average):
        if network is not None:
            network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])
    return PathSimulator("mine", model, data.facts.scaler)


def test_windows_are_what_the_model_generates_in_log_returns():
    market = _market()
    (mean,), (std,) = market.scaler.offset, market.scaler.scale
    scaled = market.model.generate(5, seed=3)[..., 0]
    np.testing.assert_allclose(market.sample(5, 60, seed=3), mean + std * scaled, atol=1e-7)


def test_longer_paths_are_made_with_the_averaged_weights():
    market = _market()
    averaged = market.sample(4, 90, seed=0)
    market.model.generator.set_weights(market.model.sampling_weights())
    market.model.average = None
    np.testing.assert_allclose(market.sample(4, 90, seed=0), averaged, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("days", [20, 60, 130])
def test_the_same_seed_draws_the_same_paths_of_that_many_days(days):
    market = _market()
    paths = market.sample(3, days, seed=5)
    assert paths.shape == (3, days)
    np.testing.assert_array_equal(paths, market.sample(3, days, seed=5))
    assert not np.allclose(paths, market.sample(3, days, seed=6))


@pytest.mark.slow
def test_long_paths_have_the_volatility_of_short_ones():
    # A past that fills the longest averages.
    market = _market(MARKET.with_settings({"latent_size": 600}))
    short, long = market.sample(2000, 60, seed=0), market.sample(1000, 600, seed=0)
    assert long.std() == pytest.approx(short.std(), rel=0.05)
    assert long[:, -60:].std() == pytest.approx(short.std(), rel=0.1)


@pytest.mark.slow
def test_a_path_forgets_its_past_at_the_rate_of_its_longest_half_life():
    market = _market()
    calm, wild = np.zeros((30, 1), np.float32), np.full((30, 1), 3.0, np.float32)
    days = round(20 * max(HALF_LIVES))
    after_calm, after_wild = (market.draw(4, days, 7, past) for past in (calm, wild))
    assert not np.allclose(after_calm[:, :5], after_wild[:, :5], rtol=0.1)
    np.testing.assert_allclose(after_calm[:, -20:], after_wild[:, -20:], rtol=1e-3, atol=1e-4)


def test_a_network_of_fixed_length_is_refused_another_one():
    data = RETURNS.task.load(Source("bundled", start="2018-01-01"))
    market = PathSimulator("fixed", RETURNS.build(seed=0), data.facts.scaler)
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        market.sample(2, 61, seed=0)


@functools.cache  # tests only draw from it
def _clustering_market():
    """Returns the tiny market with volatility that follows the size of past shocks."""
    market = _market()
    names = [weight.path for weight in market.model.generator.weights]
    for network in (market.model.generator, market.model.average):
        weights = network.get_weights()
        for name, weight in zip(names, weights, strict=True):
            if "kernel" in name:
                weight[:] = 0.2 if "moves" in name else 0.0  # of falls and rises alike
        network.set_weights(weights)
    return market


@pytest.fixture
def few(monkeypatch):
    """Looks at fewer starts and pasts than a user does."""
    monkeypatch.setattr(states_module, "STARTS", 2000)
    monkeypatch.setattr(states_module, "SEARCHED", 1000)
    monkeypatch.setattr(noise_search, "CANDIDATES", 4)


def _history(days=64, seed=3):
    return np.random.default_rng(seed).normal(scale=0.01, size=days)


@pytest.mark.slow
def test_paths_after_the_same_returns_share_their_first_days_volatility(few):
    market = _clustering_market()
    paths = market.sample_after(_history(), 4000, days=2, seed=0)
    today = market.volatility_today(_history())
    assert paths.shape == (4000, 2)
    assert paths[:, 0].std() == pytest.approx(today.daily, rel=0.1)


@pytest.mark.slow
def test_paths_after_many_days_are_those_after_each_of_them(few):
    market, returns = _clustering_market(), _history(100)
    returns[-20:] *= 16.0
    starts = [len(returns) - 20, len(returns)]
    calm, wild = market.sample_after_each(returns, starts, 500, 30, seeds=[1, 2])
    alone = market.sample_after(returns[:-20], 500, 30, seed=1)
    np.testing.assert_allclose(calm, alone, atol=1e-6)
    assert wild[:, 0].std() > 1.2 * calm[:, 0].std()


@pytest.mark.slow
def test_a_wild_month_leaves_the_market_wild(few):
    market, calm, wild = _clustering_market(), _history(), _history()
    calm[-20:] *= 0.2
    wild[-20:] *= 4.0
    states = [market.volatility_today(returns) for returns in (calm, wild)]
    assert states[0].daily < states[1].daily
    assert states[0].percentile < states[1].percentile
    drawn = [market.sample_after(returns, 2000, 1, seed=0).std() for returns in (calm, wild)]
    assert drawn == pytest.approx([state.daily for state in states], rel=0.1)


@pytest.mark.slow
def test_one_past_for_all_paths_is_that_past_for_each(few):
    market = _clustering_market()
    past = market.states().after(market.scaled(_history()))
    one, each = (market.draw(3, 10, 1, given) for given in (past, np.stack([past] * 3)))
    np.testing.assert_array_equal(one, each)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("percentile", "low", "high"), [("calm", 0, 25), ("crisis", 95, 100), (50, 47.5, 52.5)]
)
def test_paths_of_a_regime_begin_with_its_volatility(few, percentile, low, high):
    market = _clustering_market()
    states = market.states()
    found = states.percentile(states.volatility(states.draw(40, percentile, seed=1)))
    assert found.shape == (40,)
    assert low - 0.1 <= found.min() <= found.max() <= high + 0.1


@pytest.mark.slow
def test_the_wilder_the_regime_the_wilder_the_paths(few):
    market = _clustering_market()
    found = [
        market.sample_in_regime(500, 5, 0, name).std() for name in ("calm", "normal", "crisis")
    ]
    assert found == sorted(found)


@pytest.mark.slow
def test_the_same_seed_draws_the_same_regime_and_another_seed_another(few):
    market = _clustering_market()
    paths = market.sample_in_regime(5, 10, 3, "calm")
    np.testing.assert_array_equal(paths, market.sample_in_regime(5, 10, 3, "calm"))
    assert not np.allclose(paths, market.sample_in_regime(5, 10, 4, "calm"))


@pytest.mark.slow
def test_a_regime_of_everything_is_the_market_itself(few):
    market = _clustering_market()
    everything = market.sample_in_regime(3000, 20, 0, (0.0, 100.0))
    assert everything.std() == pytest.approx(market.sample(3000, 20, 1).std(), rel=0.05)


@pytest.mark.slow
def test_too_few_returns_or_those_of_other_assets_are_refused(few):
    market = _market()
    with pytest.raises(ValueError, match="at least 60 days"):
        market.sample_after(_history(59), 2, 5, seed=0)
    with pytest.raises(ValueError, match=r"`returns` must be \(days,\) log returns"):
        market.sample_after(np.zeros((100, 2)), 2, 5, seed=0)
