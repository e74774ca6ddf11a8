"""A described market generator gives the numbers of the Keras model, in JavaScript."""

import keras
import numpy as np
import pytest

from keras_wgan.networks import classic_returns_generator, market_generator
from keras_wgan.networks.market_description import describe_generator
from keras_wgan.networks.shock_memory_form import shock_memory_generator

from helpers.javascript import answer

HISTORY, DAYS = 40, 70  # more days than a block of the memory


def trained(form, assets):
    """Returns a generator of a form whose weights are all different from how they begin."""
    if form == "shock-memory":  # of version 0.2 and before
        generator = shock_memory_generator(DAYS, HISTORY, assets)
    else:
        generator = market_generator(DAYS, history=HISTORY, assets=assets)
    rng = np.random.default_rng(assets)
    weights = generator.get_weights()
    generator.set_weights([one + 0.1 * rng.normal(size=one.shape) for one in weights])
    return generator


@pytest.mark.parametrize(
    ("form", "assets"), [("single", 1), ("joint", 3), ("shock-memory", 1), ("shock-memory", 2)]
)
def test_javascript_generates_what_keras_does_on_the_same_noise(form, assets, tmp_path):
    generator = trained(form, assets)
    assert describe_generator(generator).form == form
    noise = np.random.default_rng(0).normal(size=(2, HISTORY + DAYS, assets)).astype("float32")
    found = answer(
        "noise.map((path) => Array.from(modules['generator.js'].generate("
        "modules['generator.js'].generatorOf(description), Float64Array.from(path), days)))",
        tmp_path,
        noise=noise.reshape(2, -1).tolist(),
        description=describe_generator(generator).to_config(),
        days=DAYS,
    )
    wanted = keras.ops.convert_to_numpy(generator(noise))
    np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, rtol=0, atol=1e-5)


def test_a_network_that_runs_in_keras_alone_has_no_description():
    assert describe_generator(classic_returns_generator(5)) is None
