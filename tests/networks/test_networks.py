"""The four classic networks, layer by layer; initial weights depend only on the seed."""

import random

import keras
import numpy as np
import pytest
from keras import layers

from keras_wgan.networks import (
    classic_image_critic,
    classic_image_generator,
    classic_returns_critic,
    classic_returns_generator,
    seeded,
)

CLASSICS = [
    classic_image_generator,
    classic_image_critic,
    classic_returns_generator,
    classic_returns_critic,
]


# ---- The classic networks ----------------------------------------------------------------------


def dense(inputs, outputs):
    return inputs * outputs + outputs


def convolution(kernel, inputs, outputs):
    return kernel * inputs * outputs + outputs


def batch_norm(channels):
    return 4 * channels  # scale, offset, and the two moving averages


COUNTS = [
    (
        classic_image_generator,
        dense(100, 12544)
        + batch_norm(12544)
        + convolution(3 * 3, 256, 128)
        + batch_norm(128)
        + convolution(3 * 3, 128, 1),
    ),
    (
        classic_image_critic,
        convolution(3 * 3, 1, 64)
        + batch_norm(64)
        + convolution(3 * 3, 64, 128)
        + batch_norm(128)
        + dense(7 * 7 * 128, 256)
        + dense(256, 1),
    ),
    (
        classic_returns_generator,
        dense(100, 1500) + convolution(3, 100, 256) + convolution(3, 256, 1),
    ),
    (
        classic_returns_critic,
        convolution(3, 1, 128) + convolution(3, 128, 256) + dense(15 * 256, 256) + dense(256, 1),
    ),
]


@pytest.mark.parametrize(("network", "expected"), COUNTS)
def test_the_parameters_are_as_many_as_the_layer_table_says(network, expected):
    assert network().count_params() == expected


LEAK = ("LeakyReLU", {"negative_slope": 0.3})  # Keras' default
NORM = ("BatchNormalization", {"momentum": 0.99, "epsilon": 0.001})  # Keras' defaults
HALVE = {"kernel_size": 3, "strides": 2, "padding": "same"}
LAYERS = [
    (
        classic_image_generator,
        [
            ("Dense", {"units": 12544, "activation": "linear"}),
            NORM,
            LEAK,
            ("Reshape", {"target_shape": (7, 7, 256)}),
            ("Conv2DTranspose", {"filters": 128, "activation": "linear", **HALVE}),
            NORM,
            LEAK,
            ("Conv2DTranspose", {"filters": 1, "activation": "tanh", **HALVE}),
        ],
    ),
    (
        classic_image_critic,
        [
            ("Conv2D", {"filters": 64, "activation": "linear", **HALVE}),
            NORM,
            LEAK,
            ("Conv2D", {"filters": 128, "activation": "linear", **HALVE}),
            NORM,
            LEAK,
            ("Flatten", {}),
            ("Dense", {"units": 256, "activation": "relu"}),
            ("Dropout", {"rate": 0.2}),
            ("Dense", {"units": 1, "activation": "linear"}),
        ],
    ),
    (
        classic_returns_generator,
        [
            ("Dense", {"units": 1500, "activation": "linear"}),
            LEAK,
            ("Reshape", {"target_shape": (15, 100)}),
            ("Conv1DTranspose", {"filters": 256, "activation": "linear", **HALVE}),
            LEAK,
            ("Conv1DTranspose", {"filters": 1, "activation": "tanh", **HALVE}),
        ],
    ),
    (
        classic_returns_critic,
        [
            ("Conv1D", {"filters": 128, "activation": "linear", **HALVE}),
            LEAK,
            ("Conv1D", {"filters": 256, "activation": "linear", **HALVE}),
            LEAK,
            ("Flatten", {}),
            ("Dense", {"units": 256, "activation": "relu"}),
            ("Dropout", {"rate": 0.3}),
            ("Dense", {"units": 1, "activation": "linear"}),
        ],
    ),
]


def settings_like(layer, expected):
    """Returns those settings of a layer that are expected of it; (2, 2) counts as 2."""
    found = {key: layer.get_config()[key] for key in expected}
    for key in ("kernel_size", "strides"):
        if key in found and len(set(found[key])) == 1:
            found[key] = found[key][0]
    return found


@pytest.mark.parametrize(("network", "expected"), LAYERS)
def test_the_layers_are_those_of_the_classic_networks(network, expected):
    found = [
        (type(layer).__name__, settings_like(layer, settings))
        for layer, (_, settings) in zip(network().layers, expected, strict=True)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("network", "inputs", "outputs"),
    [
        (classic_image_generator, (100,), (28, 28, 1)),
        (classic_image_critic, (28, 28, 1), (1,)),
        (classic_returns_generator, (100,), (60, 1)),
        (classic_returns_critic, (60, 1), (1,)),
    ],
)
def test_a_network_leads_from_the_stated_shape_to_the_stated_shape(network, inputs, outputs):
    built = network()
    assert (built.input_shape, built.output_shape) == ((None, *inputs), (None, *outputs))
    assert built.name == network.__name__


@pytest.mark.parametrize("network", [classic_image_generator, classic_returns_generator])
def test_a_generator_takes_another_latent_size_and_changes_only_its_first_kernel(network):
    shapes = [weight.shape for weight in network(7).weights]
    of_hundred = [weight.shape for weight in network().weights]
    assert shapes[0] == (7, of_hundred[0][1])
    assert shapes[1:] == of_hundred[1:]


@pytest.mark.parametrize("network", [classic_image_generator, classic_returns_generator])
def test_wild_latents_fill_the_range_from_minus_one_to_one_and_never_leave_it(network):
    latents = 1e4 * np.random.default_rng(0).normal(size=(8, 100)).astype("float32")
    with seeded(1):
        generator = network()
    samples = keras.ops.convert_to_numpy(generator(latents))
    assert -1.0 <= samples.min() < -0.99
    assert 0.99 < samples.max() <= 1.0


# ---- First weights -----------------------------------------------------------------------------


def recurrent():
    return [keras.Input((6, 4)), layers.LSTM(3), layers.Dropout(0.5)]


def one_layer(shape, layer):
    return lambda: [keras.Input(shape), layer()]


KINDS = {
    "LSTM": recurrent,
    "Bidirectional": one_layer((6, 4), lambda: layers.Bidirectional(layers.SimpleRNN(3))),
    "TimeDistributed": one_layer((6, 4), lambda: layers.TimeDistributed(layers.Dense(3))),
    "SeparableConv1D": one_layer((6, 4), lambda: layers.SeparableConv1D(3, 3)),
    "DepthwiseConv1D": one_layer((6, 4), lambda: layers.DepthwiseConv1D(3)),
    "Embedding": one_layer((6,), lambda: layers.Embedding(5, 3)),
    "SpectralNormalization": one_layer((4,), lambda: layers.SpectralNormalization(layers.Dense(3))),
    "nested": one_layer((4,), lambda: keras.Sequential([layers.Dense(3), layers.Dropout(0.5)])),
}


def attention():
    inputs = keras.Input((6, 4))
    return keras.Model(inputs, layers.MultiHeadAttention(2, 2, dropout=0.5)(inputs, inputs))


def built_late():
    network = keras.Sequential([layers.LSTM(3), layers.Dropout(0.5), layers.Dense(1)])
    network(np.zeros((2, 6, 4), "float32"))
    return network


NETWORKS = [
    *[pytest.param(network, id=network.__name__) for network in CLASSICS],
    *[pytest.param(lambda kind=k: keras.Sequential(KINDS[kind]()), id=k) for k in KINDS],
    pytest.param(attention, id="MultiHeadAttention"),
    pytest.param(built_late, id="built by its first call"),
]


def values(network):
    return [keras.ops.convert_to_numpy(variable) for variable in network.variables]


def built(network, seed):
    with seeded(seed):
        return values(network())


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_one_seed_leaves_nothing_to_chance_and_another_changes_all_that_is_random(network):
    ones, sames, others = built(network, 3), built(network, 3), built(network, 4)
    for one, same in zip(ones, sames, strict=True):
        np.testing.assert_array_equal(one, same)
    different = [not np.array_equal(one, other) for one, other in zip(ones, others, strict=True)]
    drawn = [one.size > 1 and len(np.unique(one)) > 2 for one in ones]  # not all zeros and ones
    assert all(d for d, is_drawn in zip(different, drawn, strict=True) if is_drawn)
    assert any(different)


def test_the_global_random_state_is_unchanged():
    random.seed(5)
    expected = random.random()
    random.seed(5)
    built(classic_returns_critic, 3)
    assert random.random() == expected
    random.seed(5)
    with pytest.raises(RuntimeError, match="on purpose"), seeded(3):
        raise RuntimeError("on purpose")
    assert random.random() == expected


def test_without_a_seed_chance_decides():
    random.seed(5)
    one = built(classic_returns_generator, None)
    random.seed(5)
    same = built(classic_returns_generator, None)
    other = built(classic_returns_generator, None)
    np.testing.assert_array_equal(one[0], same[0])
    assert not np.array_equal(one[0], other[0])


def test_the_masks_of_a_classic_critic_repeat():
    x = keras.ops.ones((2, 60, 1))
    with seeded(3):
        one = classic_returns_critic()
    with seeded(3):
        other = classic_returns_critic()
    scores = [keras.ops.convert_to_numpy(c(x, training=True)) for c in (one, other)]
    np.testing.assert_allclose(*scores, rtol=1e-6)
    again = keras.ops.convert_to_numpy(one(x, training=True))
    assert not np.allclose(again, scores[0])
