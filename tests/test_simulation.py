"""Does a trained model simulate a market of any length, in log returns a day?"""

import numpy as np
import pytest

from keras_wgan.simulation import TrainedMarket
from keras_wgan.subjects.subject import Source

from tiny_recipes import MARKET, RETURNS, SHORT


def _market(recipe=MARKET):
    data = recipe.subject.load(SHORT)
    model = recipe.build(seed=1)
    rng = np.random.default_rng(0)
    for network in (model.generator, model.average):
        if network is not None:
            network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])
    return TrainedMarket("mine", model, data.facts)


def test_windows_are_what_the_model_generates_in_log_returns():
    market = _market()
    scaler = market.facts["scaler"]
    scaled = market.model.generate(5, seed=3)[..., 0]
    np.testing.assert_allclose(
        market.sample(5, 60, seed=3), scaler["mean"] + scaler["std"] * scaled, atol=1e-7
    )


def test_longer_paths_are_made_with_the_averaged_weights():
    market = _market()
    averaged = market.sample(4, 90, seed=0)
    market.model.generator.set_weights(market.model.sampling_weights())
    market.model.average = None
    np.testing.assert_allclose(market.sample(4, 90, seed=0), averaged, atol=1e-7)


@pytest.mark.parametrize("days", [20, 60, 130])
def test_the_same_seed_draws_the_same_paths_of_that_many_days(days):
    market = _market()
    paths = market.sample(3, days, seed=5)
    assert paths.shape == (3, days)
    np.testing.assert_array_equal(paths, market.sample(3, days, seed=5))
    assert not np.allclose(paths, market.sample(3, days, seed=6))


def test_long_paths_have_the_volatility_of_short_ones():
    market = _market()
    short, long = market.sample(2000, 60, seed=0), market.sample(200, 600, seed=0)
    assert long.std() == pytest.approx(short.std(), rel=0.05)
    assert long[:, -60:].std() == pytest.approx(short.std(), rel=0.1)


def test_a_network_of_fixed_length_is_refused_another_one():
    data = RETURNS.subject.load(Source("bundled", start="2018-01-01"))
    market = TrainedMarket("fixed", RETURNS.build(seed=0), data.facts)
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        market.sample(2, 61, seed=0)
