"""Five steps give the weights that NumPy computes in float64."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP
from keras_wgan.latents import Latent

from helpers import reference_step

STEPS, BATCH, SIZE, WIDTH = 5, 8, 3, 4
SETTINGS = {"learning_rate": 1e-3, "beta_1": 0.5, "beta_2": 0.9, "gp_weight": 10.0}


class WrittenNoise(Latent):
    """Noise from a table, a row for each draw."""

    def __init__(self, table):
        super().__init__(table.shape[-1])
        self.table = table

    def sample(self, batch_size, seed=None):
        return ops.take(ops.convert_to_tensor(self.table), seed.next()[1], axis=0)


class WithWrittenMixing(WGANGP):
    """A `WGANGP` whose mixing weights come from a table too, a row for each draw."""

    table = None

    def mixing_weights(self, real, noise):
        return ops.take(ops.convert_to_tensor(self.table), noise.next()[1], axis=0)


# On PyTorch jit_compile=True calls a C++ compiler for minutes; "auto" is what users have there.
JIT = {"jit_compile": "auto" if keras.backend.backend() == "torch" else True}


@pytest.mark.slow
@pytest.mark.parametrize(
    "compiled", [{}, {"run_eagerly": True}, JIT], ids=["default", "eager", "jit"]
)
def test_five_adam_steps_end_at_the_float64_weights(compiled):
    random = np.random.default_rng(5)
    real = random.normal(size=(STEPS, BATCH, WIDTH)) + 1.0
    draws = random.normal(size=(3 * STEPS, BATCH, SIZE))  # critic's latents, mixing, generator's
    mixing = random.uniform(size=(3 * STEPS, BATCH, 1))
    model = _model(draws.astype("float32"), mixing.astype("float32"), compiled)
    generator = [np.asarray(w, "float64") for w in model.generator.get_weights()]
    critic = [np.asarray(w, "float64") for w in model.critic.get_weights()]

    rows = real.reshape(-1, WIDTH).astype("float32")
    model.fit(rows, batch_size=BATCH, shuffle=False, verbose=0)

    as_fed = [a.astype("float32").astype("float64") for a in (real, draws, mixing)]
    real, draws, mixing = as_fed
    latents = np.stack([draws[0::3], draws[2::3]], axis=1)
    expected = reference_step.train(generator, critic, real, latents, mixing[1::3], SETTINGS)
    for network, weights in zip((model.generator, model.critic), expected, strict=True):
        for variable, value in zip(network.weights, weights, strict=True):
            found = ops.convert_to_numpy(variable)
            np.testing.assert_allclose(found, value, rtol=1e-5, atol=1e-6, err_msg=variable.path)


def _model(draws, mixing, compiled):
    random = np.random.default_rng(6)
    layers = keras.layers
    generator = keras.Sequential(
        [
            keras.Input((SIZE,)),
            layers.Dense(5, use_bias=False),  # BatchNorm takes a bias away again
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Dense(WIDTH),
        ]
    )
    critic = keras.Sequential(
        [
            keras.Input((WIDTH,)),
            layers.Dense(6),
            layers.LayerNormalization(),
            layers.LeakyReLU(),
            layers.Dense(1),
        ]
    )
    for network in (generator, critic):
        for weight in network.trainable_weights:
            weight.assign(0.5 * random.normal(size=weight.shape) + (weight.name == "gamma"))
    model = WithWrittenMixing(generator, critic, latent=WrittenNoise(draws), seed=0)
    model.table = mixing
    adams = (
        keras.optimizers.Adam(
            SETTINGS["learning_rate"],
            SETTINGS["beta_1"],
            SETTINGS["beta_2"],
            epsilon=reference_step.ADAM_EPSILON,
        )
        for _ in range(2)
    )
    model.compile(*adams, **compiled)
    return model
