"""The ranges of data and generator are compared when training begins."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan._ranges import ValueRange, output_range

from helpers.tiny import table_model

layers = keras.layers


def functional(*chain):
    """Returns a functional network that applies the layers in turn."""
    inputs = outputs = keras.Input((3,))
    for layer in chain:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def sequential(*chain):
    """Returns the same network as a Sequential."""
    return keras.Sequential([keras.Input((3,)), *chain])


CONFINED = [
    ([layers.Dense(4, activation="tanh")], (-1, 1)),
    ([layers.Dense(4), layers.Activation("sigmoid"), layers.Reshape((2, 2))], (0, 1)),
    ([layers.Dense(4, activation="tanh"), layers.Rescaling(127.5, 127.5)], (0, 255)),
    ([layers.Dense(4, activation="tanh"), layers.Rescaling(-2.0), layers.Rescaling(1, 3)], (1, 5)),
    ([functional(layers.Dense(4, activation="softmax"))], (0, 1)),
]


@pytest.mark.parametrize("build", [sequential, functional])
@pytest.mark.parametrize(("chain", "ends"), CONFINED)
def test_the_last_layers_say_what_a_network_can_reach(build, chain, ends):
    found = output_range(build(*chain))
    assert (found.low, found.high) == pytest.approx(ends)


def test_an_operation_confines_the_output_too():
    inputs = keras.Input((3,))
    found = output_range(keras.Model(inputs, keras.ops.tanh(layers.Dense(2)(inputs))))
    assert (found.low, found.high) == (-1, 1)


@pytest.mark.parametrize(
    "network",
    [
        sequential(layers.Dense(4)),
        sequential(layers.Dense(4, activation="tanh"), layers.Dense(4)),
        sequential(layers.Dense(4, activation="tanh"), layers.LayerNormalization()),
        sequential(layers.Dense(4, activation="relu")),
        functional(layers.Dense(4, activation="tanh"), layers.Rescaling([1.0, 2.0, 3.0, 4.0])),
        None,
    ],
)
def test_any_other_last_layer_confines_nothing(network):
    assert output_range(network) is None


def pixel_model(last="tanh"):
    """Returns a small `WGANGP` for images of 2 x 2."""
    generator = sequential(layers.Dense(4, activation=last), layers.Reshape((2, 2, 1)))
    critic = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3, seed=1)
    model.compile()
    return model


PIXELS = np.random.default_rng(0).integers(0, 256, (16, 2, 2, 1)).astype("float32")
PIXELS.flat[:2] = 0, 255


class InBatches(keras.utils.PyDataset):
    """The pixels in two batches."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return (PIXELS[8 * index :][:8],)


@pytest.mark.parametrize("data", [PIXELS, InBatches()], ids=["array", "PyDataset"])
def test_data_that_a_generator_cannot_reach_are_named_with_both_ranges(data):
    with pytest.warns(UserWarning, match=r"lie in \[0, 255\].*to \[-1, 1\].*x.astype"):
        pixel_model().fit(data, verbose=0)


@pytest.mark.parametrize(
    ("last", "data"),
    [("tanh", PIXELS / 127.5 - 1), ("tanh", PIXELS / 255), ("linear", PIXELS)],
)
def test_data_that_a_generator_can_reach_train_without_a_word(last, data):
    model = pixel_model(last)
    model.fit(data, verbose=0)
    assert model.data_range == ValueRange(float(data.min()), float(data.max()), images=True)


def test_values_that_are_not_finite_do_not_hide_the_range():
    assert ValueRange.of(np.array([[1.0], [np.nan], [-np.inf], [3.0]])) == ValueRange(1, 3)
    assert ValueRange.of(np.array([[np.nan]])) is None


def test_a_fit_on_no_samples_is_refused_at_once():
    with pytest.raises(ValueError, match=r"`x` must hold at least one.*shape \(0, 2\)"):
        table_model().fit(np.zeros((0, 2), "float32"))
