"""Layers with losses, states or kernels of their own train the same on all backends."""

import inspect

import keras
import numpy as np
import pytest
from keras import ops
from keras.src import backend

from keras_wgan import WGANGP
from keras_wgan.latents import Latent

from helpers.tiny import table_data, table_model, table_networks

layers = keras.layers
# After three steps, on each of the three backends.
GENERATOR_SUMS = [-0.0571439, -1.1853587, -1.2245407]
CRITIC_SUMS = [-0.5692601, -1.3533082, -1.8355805, -1.0129047, 1.0, 0.8509673]


class Ramp(Latent):
    """The same noise on every backend."""

    def sample(self, batch_size, seed=None):
        return ops.reshape(ops.linspace(-1.0, 1.0, 8 * self.shape[0]), (8, self.shape[0]))


class Written(WGANGP):
    """A model that mixes the same on every backend."""

    def mixing_weights(self, real, noise):
        return ops.reshape(ops.linspace(0.0, 1.0, 8), (8, *[1] * (len(real.shape) - 1)))


def written_model(generator, critic, **arguments):
    """Returns a model that starts from the same weights on every backend."""
    random = np.random.default_rng(4)
    for weight in (*generator.weights, *critic.weights):
        weight.assign(random.normal(size=weight.shape))
    model = Written(generator, critic, latent=Ramp(3), **arguments)
    model.compile(keras.optimizers.SGD(0.05), keras.optimizers.SGD(0.05))
    return model


def sums(network):
    return [
        float(np.sum(ops.convert_to_numpy(weight), dtype="float64")) for weight in network.weights
    ]


class Adds(layers.Layer):
    """Adds half the sum of its weights to the loss, once a call."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(2,), initializer="ones", name="scale")

    def call(self, inputs):
        self.add_loss(0.5 * ops.sum(self.scale))
        return inputs


@pytest.mark.parametrize(("role", "calls"), [("generator", 1), ("critic", 2)])
def test_a_layer_adds_to_the_loss_of_its_network_once_a_call_that_trains(role, calls):
    networks = dict(zip(("generator", "critic"), table_networks(), strict=True))
    layer = Adds()
    networks[role] = keras.Sequential(
        [*networks[role].layers[:-1], layer, networks[role].layers[-1]]
    )
    model = WGANGP(**networks, latent=3)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    model.fit(table_data(8), batch_size=8, epochs=2, verbose=0)
    # The critic scores real and generated samples; where it is not updated, nothing counts.
    np.testing.assert_allclose(ops.convert_to_numpy(layer.scale), 1 - 2 * calls * 0.05, rtol=1e-5)


def test_an_activity_regularizer_acts():
    def kernel(**arguments):
        keras.utils.set_random_seed(1)
        critic = keras.Sequential([keras.Input((2,)), layers.Dense(1, **arguments)])
        model = WGANGP(table_networks()[0], critic, latent=3, seed=1)
        model.compile("sgd", "sgd")
        model.fit(table_data(8), verbose=0)
        return ops.convert_to_numpy(critic.layers[0].kernel)

    assert not np.allclose(kernel(), kernel(activity_regularizer=keras.regularizers.L2(0.1)))


@pytest.mark.parametrize("critic_steps", [1, 2])
def test_spectral_normalization_is_one_power_iteration_a_step(critic_steps):
    normalized = layers.SpectralNormalization
    generator = keras.Sequential([keras.Input((3,)), normalized(layers.Dense(2))])
    critic = keras.Sequential(
        [
            keras.Input((2,)),
            normalized(layers.Dense(6, "tanh")),
            normalized(layers.Dense(4, "tanh")),
            normalized(layers.Dense(1)),
        ]
    )
    model = written_model(generator, critic, critic_steps=critic_steps)
    model.optimizer.critic.learning_rate = 0.0
    layer = critic.layers[0]
    kernel, direction = (
        ops.convert_to_numpy(weight).astype("float64") for weight in (layer.kernel, layer.vector_u)
    )
    model.fit(table_data(8), batch_size=8, epochs=2, verbose=0)
    for _ in range(2):
        left = direction @ kernel.T
        left /= np.linalg.norm(left)
        direction = left @ kernel
        direction /= np.linalg.norm(direction)
        kernel = kernel / (left @ kernel @ direction.T)
    np.testing.assert_allclose(ops.convert_to_numpy(layer.kernel), kernel, atol=1e-5)
    np.testing.assert_allclose(ops.convert_to_numpy(layer.vector_u), direction, atol=1e-5)


def test_several_spectral_normalizations_train_to_the_same_numbers_on_all_backends():
    normalized = layers.SpectralNormalization
    generator = keras.Sequential([keras.Input((3,)), normalized(layers.Dense(2))])
    critic = keras.Sequential(
        [keras.Input((2,)), normalized(layers.Dense(6, "tanh")), normalized(layers.Dense(1))]
    )
    model = written_model(generator, critic)
    model.fit(table_data(8), batch_size=8, epochs=3, shuffle=False, verbose=0)
    np.testing.assert_allclose(sums(generator), GENERATOR_SUMS, atol=1e-5)
    np.testing.assert_allclose(sums(critic), CRITIC_SUMS, atol=1e-5)


def test_a_frozen_spectral_normalization_keeps_its_kernel():
    layer = layers.SpectralNormalization(layers.Dense(4, use_bias=False))
    critic = keras.Sequential([keras.Input((2,)), layer, layers.Dense(1)])
    layer.trainable = False
    before = layer.get_weights()
    model = WGANGP(table_networks()[0], critic, latent=3)
    model.compile()
    model.fit(table_data(8), verbose=0)
    for found, wanted in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, wanted)


def attention(layer):
    return lambda inputs: layer(inputs, inputs)


SEQUENCE_LAYERS = {
    "MultiHeadAttention": lambda: attention(layers.MultiHeadAttention(2, 3)),
    "GroupedQueryAttention": lambda: attention(layers.GroupQueryAttention(3, 4, 2)),
    "LSTM": lambda: layers.LSTM(3),
    "GRU": lambda: layers.GRU(3),
    "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(3)),
}


@pytest.mark.parametrize("kind", SEQUENCE_LAYERS)
def test_a_sequence_layer_in_the_critic_has_its_second_derivative(kind):
    """The derivative of the penalty along one kernel is that of central differences."""
    inputs = keras.Input((5, 4))
    inside = SEQUENCE_LAYERS[kind]()(inputs)
    critic = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(inside)))
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(20), layers.Reshape((5, 4))])
    model = written_model(generator, critic)
    kernel, random = critic.trainable_variables[0], np.random.default_rng(0)
    x = ops.convert_to_tensor(random.normal(size=(3, 5, 4)).astype("float32"))
    start, along = ops.convert_to_numpy(kernel), random.normal(size=kernel.shape)

    def penalty():
        slope = model.input_gradient(lambda x: model.score(x, None, True), x)
        return ops.mean(ops.square(slope)), {}

    (gradient,) = model.loss_and_gradients(penalty, [kernel])[2]
    ends = []
    for step in (1e-2, -1e-2):
        kernel.assign(start + step * along)
        ends.append(float(ops.convert_to_numpy(ops.stop_gradient(penalty()[0]))))
    expected = (ends[0] - ends[1]) / 2e-2
    found = np.sum(ops.convert_to_numpy(gradient) * along)
    assert found == pytest.approx(expected, rel=2e-2, abs=1e-4)


def test_the_penalty_calls_neither_cudnn_nor_a_fused_attention(monkeypatch):
    asked, recurrent = [], inspect.getmodule(backend.cudnn_ok)

    def attention(*inputs, flash_attention=None, **_):
        asked.append(flash_attention)
        return inputs[2]

    def score(x):
        asked.append(recurrent.cudnn_ok())
        return ops.sum(ops.dot_product_attention(x, x, x), axis=(1, 2, 3))

    monkeypatch.setattr(backend.nn, "dot_product_attention", attention)
    monkeypatch.setattr(recurrent, "cudnn_ok", lambda: True)
    table_model().input_gradient(score, ops.convert_to_tensor(np.ones((2, 3, 2, 4), "float32")))
    assert asked == [False, False]
    assert recurrent.cudnn_ok()
