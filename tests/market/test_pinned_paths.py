"""The same seed draws the same paths as version 0.1 did."""

from functools import partial

import keras
import numpy as np
import pytest

from keras_wgan.market import noise_search, states
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.networks import market as networks
from keras_wgan.networks import shock_memory_form
from keras_wgan.networks.shock_memory_form import shock_memory_generator

from helpers.tiny_recipes import MARKET, SHORT

# The fifth day of five paths of seed 3: keras.random draws other numbers on each backend.
PINNED = {
    "tensorflow": {
        "unconditional": [-0.00271135, -0.0118318, 0.0475632, -0.00201707, -0.00174183],
        "after returns": [0.0015347, 0.000120934, 0.00333758, -0.00571322, 0.00428507],
        "calm": [-0.00316027, -0.00865312, -0.00316807, -0.00778251, -0.000890345],
    },
    "jax": {
        "unconditional": [-0.0119737, -0.00385623, -0.0157583, 0.0129223, 0.0039577],
        "after returns": [-0.0158055, -0.0193794, 0.0293202, -0.0255989, 0.0116901],
        "calm": [-0.00180512, -0.00445767, 0.0228475, -0.0115398, 0.00439915],
    },
    "torch": {
        "unconditional": [-0.0102404, -0.00174723, -0.00930136, -0.00293024, -0.00354374],
        "after returns": [-0.0121423, -0.0263868, 0.00581965, -0.00633986, 0.0500103],
        "calm": [-0.00311433, -0.00826791, 0.00619575, 0.00131509, 0.032568],
    },
}


@pytest.fixture(scope="module")
def market():
    """Returns a market simulator with the generator of version 0.1 and random weights."""
    data = MARKET.task.load(SHORT)
    with pytest.MonkeyPatch.context() as patched:
        older = partial(
            shock_memory_generator, assets=1, drift_of=shock_memory_form._drift_of_version_0_1
        )
        patched.setattr(networks, "single_generator", older)
        model = MARKET.build(seed=1)
    rng = np.random.default_rng(0)
    for network in (model.generator, model.average):
        network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])
    return PathSimulator("mine", model, data.facts.scaler)


@pytest.mark.slow
@pytest.mark.parametrize("start", ["unconditional", "after returns", "calm"])
def test_the_same_seed_draws_the_same_paths_as_before(market, start, monkeypatch):
    monkeypatch.setattr(states, "STARTS", 2000)
    monkeypatch.setattr(states, "SEARCHED", 1000)
    monkeypatch.setattr(noise_search, "CANDIDATES", 4)
    history = np.random.default_rng(3).normal(scale=0.01, size=64)
    draw = {
        "unconditional": lambda: market.sample(5, 60, seed=3),
        "after returns": lambda: market.sample_after(history, 5, 10, seed=3),
        "calm": lambda: market.sample_in_regime(5, 10, 3, "calm"),
    }
    pinned = PINNED[keras.backend.backend()][start]
    np.testing.assert_allclose(draw[start]()[:, 4], pinned, rtol=1e-4, atol=1e-7)
