"""Tests of numbered paths: the same for any range, number of days and backend."""

import dataclasses

import keras
import numpy as np
import pytest
from scipy import stats

from keras_wgan import latents
from keras_wgan.market import scenario_stream
from keras_wgan.market import states as states_module
from keras_wgan.market.keyed_noise import KeyedNoise
from keras_wgan.market.scenario_stream import OnePast, RegimePasts, ScenarioStream
from keras_wgan.market.simulator import PathSimulator

from helpers.tiny_recipes import MARKET, PAIR, RETURNS, SHORT

SEED = 7
LAST_DAYS = [-0.570433, -0.154766, -0.506287]  # of three paths of one set of weights


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Computes eight paths at a time, and looks at few starts."""
    monkeypatch.setattr(scenario_stream, "BLOCK", 8)
    monkeypatch.setattr(states_module, "STARTS", 400)
    monkeypatch.setattr(states_module, "SEARCHED", 200)


def _market(recipe, source=SHORT):
    data = recipe.task.load(source)
    model = recipe.build_for(data, seed=1)
    rng = np.random.default_rng(0)
    for network in (model.generator, model.average):
        if network is not None:
            network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])
    return PathSimulator("mine", model, data.facts.scaler)


@pytest.fixture(scope="module")
def market():
    """Returns a market simulator with random weights."""
    return _market(MARKET)


def _between(stream, first, last):
    return np.concatenate(list(stream.between(first, last)))


def test_a_path_is_the_same_to_the_last_bit_in_any_range(market):
    stream = ScenarioStream(market, 60, SEED)
    whole = _between(stream, 0, 64)
    assert whole.shape == (64, 60, 1)
    assert whole.std() == pytest.approx(market.draw(64, 60, 0).std(), rel=0.2)
    for first, last in ((0, 1), (3, 21), (16, 24), (29, 30)):
        np.testing.assert_array_equal(_between(stream, first, last), whole[first:last])


def test_a_path_is_the_same_on_every_backend():
    market = _market(MARKET)
    for network in (market.model.generator, market.model.average):
        rng = np.random.default_rng(0)
        network.set_weights([0.3 * rng.normal(size=w.shape) for w in network.get_weights()])
    paths = _between(ScenarioStream(market, 60, SEED), 0, 3)
    np.testing.assert_allclose(paths[:, 59, 0], LAST_DAYS, rtol=2e-4)


@pytest.mark.slow
def test_a_path_begins_the_same_for_any_number_of_days(market):
    long, twenty, forty = (
        _between(ScenarioStream(market, days, SEED), 0, 3) for days in (130, 20, 40)
    )
    assert long.shape == (3, 130, 1)
    np.testing.assert_allclose(forty, long[:, :40], rtol=2e-5, atol=1e-6)
    np.testing.assert_array_equal(twenty, forty[:, :20])


@pytest.mark.slow
def test_paths_of_two_assets_and_of_a_network_without_state_are_the_same_in_any_range():
    two = dataclasses.replace(SHORT, ticker="^GSPC,^IXIC")
    for market, assets in ((_market(PAIR, two), 2), (_market(RETURNS), 1)):
        stream = ScenarioStream(market, 60, SEED)
        whole = _between(stream, 0, 30)
        assert whole.shape == (30, 60, assets)
        np.testing.assert_array_equal(_between(stream, 5, 13), whole[5:13])


def test_a_network_without_state_is_refused_another_length():
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        ScenarioStream(_market(RETURNS), 61, SEED)


@pytest.mark.slow
def test_paths_after_one_past_have_the_shocks_of_those_after_another(market):
    calm, wild = (
        _between(ScenarioStream(market, 5, SEED, OnePast(np.full((30, 1), size, np.float32))), 0, 8)
        for size in (0.0, 2.0)
    )
    assert np.corrcoef(calm[:, 0, 0], wild[:, 0, 0])[0, 1] > 0.99  # another volatility


@pytest.mark.slow
@pytest.mark.parametrize("percentile", ["calm", 97])
def test_paths_of_a_regime_begin_in_it_and_are_the_same_in_any_range(market, percentile):
    pasts = RegimePasts(market, percentile, SEED)
    volatility = pasts.states.volatility(np.concatenate([pasts.of_block(0), pasts.of_block(1)]))
    low, high = pasts.states.bounds(percentile)
    assert low <= volatility.min() and volatility.max() <= high
    assert pasts.reached == pytest.approx(volatility.tolist(), rel=1e-6)
    stream = ScenarioStream(market, 5, SEED, RegimePasts(market, percentile, SEED))
    np.testing.assert_array_equal(_between(stream, 6, 9), _between(stream, 0, 16)[6:9])


# scipy.stats.kstest of the third of three numbers a path; the laws that the latents promise.
LAWS = {
    "Normal": (latents.Normal(3), stats.norm()),
    "Uniform": (latents.Uniform(3), stats.uniform(-1, 2)),
    "StudentT": (latents.StudentT(3, df=4), stats.t(4)),
    "AlphaStable": (latents.AlphaStable(3, alpha=1.0), stats.cauchy()),
}


@pytest.mark.parametrize("name", LAWS)
def test_keyed_noise_has_the_law_of_its_latent(name):
    latent, law = LAWS[name]
    drawn = KeyedNoise(latent, SEED, 8).draw(0, 4000, (3,), stream=0)
    assert drawn.dtype == np.float32
    assert stats.kstest(drawn[:, 2], law.cdf).pvalue > 0.01
    assert abs(stats.spearmanr(drawn[:, 0], drawn[:, 2]).statistic) < 0.05
    assert abs(stats.spearmanr(drawn[:-1, 0], drawn[1:, 0]).statistic) < 0.05


@pytest.mark.parametrize("name", LAWS)
def test_keyed_noise_is_the_same_for_any_grouping(name):
    noise = KeyedNoise(LAWS[name][0], SEED, 8)
    whole = noise.draw(0, 20, (5, 3), stream=1, part=2)
    some = noise.draw(9, 4, (5, 3), stream=1, part=2)
    np.testing.assert_allclose(some, whole[9:13], rtol=2e-6)
    seeds = [KeyedNoise(LAWS[name][0], seed, 8) for seed in (SEED + 1, [SEED, 1])]
    others = [noise.draw(0, 20, (5, 3), stream=1, part=2) for noise in seeds]
    others += [noise.draw(0, 20, (5, 3), stream=1), noise.draw(0, 20, (5, 3), stream=2, part=2)]
    assert not any(np.any(other == whole) for other in others)


PINNED = [[-0.06507721543312073, 0.9898807406425476], [-0.27047568559646606, -0.4715786278247833]]


def test_keyed_normals_never_change():
    drawn = KeyedNoise(latents.Normal(2), 0, 8).draw(10**9, 2, (2,), stream=1)
    np.testing.assert_allclose(drawn, PINNED, rtol=1e-6)


def test_the_furthest_normals_are_those_of_32_bits():
    drawn = KeyedNoise(latents.Normal(1000), 3, 8).draw(0, 4000, (1000,), stream=0)
    assert 4.8 < np.abs(drawn).max() < np.sqrt(-2 * np.log(2.0**-33))
    assert stats.kurtosis(drawn.ravel()) == pytest.approx(0.0, abs=0.01)


class Signs(latents.Latent):
    """A latent of the user's own."""

    def sample(self, batch_size, seed=None):
        """Draws signs."""
        return keras.ops.sign(keras.random.normal((batch_size, *self.shape), seed=seed))


def test_a_latent_of_the_users_own_is_the_same_for_any_grouping():
    noise = KeyedNoise(Signs(2), SEED, 8)
    whole = noise.draw(0, 20, (5, 3), stream=1)
    assert set(np.unique(whole)) == {-1.0, 1.0}
    np.testing.assert_array_equal(noise.draw(6, 9, (5, 3), stream=1), whole[6:15])
    assert np.any(noise.draw(0, 20, (5, 3), stream=2) != whole)


@pytest.mark.slow
def test_a_regime_is_that_of_the_portfolio_that_is_named():
    market, weights = _market(PAIR, dataclasses.replace(SHORT, ticker="^GSPC,^IXIC")), [1.0, -1.0]
    own, others = (
        np.concatenate([pasts.of_block(block) for block in range(3)])
        for pasts in (
            RegimePasts(market, "normal", SEED, np.array(weights)),
            RegimePasts(market, "normal", SEED),
        )
    )
    states = scenario_stream.states_of(market, np.array(weights))
    low, high = states.bounds("normal")
    # Up to the rounding of the network, which computes other numbers of pasts at a time.
    reached = states.volatility(own)
    assert (reached >= low * (1 - 1e-4)).all() and (reached <= high * (1 + 1e-4)).all()
    assert np.any(own != others)
