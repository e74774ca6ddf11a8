"""Blocks of pixels become channels and are restored exactly."""

import keras
import numpy as np
import pytest

from keras_wgan.networks import image_critic, image_generator
from keras_wgan.networks.images import channels_to_pixels, pixels_to_channels


def of_symbols(function, shape):
    """Returns a model that does what a function does to a symbol."""
    symbol = keras.Input(shape)
    return keras.Model(symbol, function(symbol))


def test_a_block_of_pixels_becomes_the_channels_of_one():
    pixels = np.arange(16.0).reshape(1, 4, 4, 1)
    found = of_symbols(pixels_to_channels, (4, 4, 1)).predict(pixels, verbose=0)
    assert found.shape == (1, 2, 2, 4)
    assert found[0, 0, 1].tolist() == [2.0, 3.0, 6.0, 7.0]


def test_pixels_come_back_from_channels():
    images = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")
    there_and_back = of_symbols(lambda x: channels_to_pixels(pixels_to_channels(x)), (4, 6, 3))
    np.testing.assert_array_equal(there_and_back.predict(images, verbose=0), images)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (9, 14, 2)])
def test_images_of_any_shape_are_made_and_judged(shape):
    generator, critic = image_generator(5, shape, width=2), image_critic(shape, width=2)
    made = generator.predict(np.random.default_rng(1).normal(size=(3, 5)), verbose=0)
    assert made.shape == (3, *shape)
    assert critic.predict(made, verbose=0).shape == (3, 1)


@pytest.mark.parametrize("shape", [(8, 8, 1), (9, 14, 2)])
def test_the_critic_sees_every_pixel(shape):
    critic, image = image_critic(shape, width=2), np.zeros((1, *shape), "float32")
    places = np.argwhere(np.ones(shape[:2]))
    changed = np.repeat(image, len(places), axis=0)
    changed[np.arange(len(places)), places[:, 0], places[:, 1]] = 1.0
    scores = critic.predict(np.concatenate([image, changed]), verbose=0)[:, 0]
    assert (scores[1:] != scores[0]).all()


def test_no_batch_decides_what_a_critic_says_of_one_image():
    images = np.random.default_rng(2).normal(size=(6, 8, 8, 1)).astype("float32")
    critic = image_critic((8, 8, 1), width=2)
    alone = critic.predict(images[:1], verbose=0)
    np.testing.assert_allclose(critic.predict(images, verbose=0)[:1], alone, atol=1e-6)
