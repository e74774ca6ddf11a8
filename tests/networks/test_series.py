"""The networks of series: their shapes, at any length and number of columns, and their refusals."""

import keras
import numpy as np
import pytest

from keras_wgan.networks import series_critic, series_generator


@pytest.mark.parametrize("length", [4, 5, 6, 7, 24, 50])
@pytest.mark.parametrize("columns", [1, 3])
def test_samples_of_any_length_and_number_of_columns_are_made_and_scored(length, columns):
    generator = series_generator(3, length, columns, width=4)
    critic = series_critic(length, columns, width=4)
    made = generator.predict(np.zeros((2, 3), "float32"), verbose=0)
    assert made.shape == (2, length, columns)
    assert critic.predict(made, verbose=0).shape == (2, 1)


def test_no_layer_mixes_the_samples_of_a_batch():
    kinds = {type(layer) for layer in series_critic(8, 2, width=4).layers}
    assert keras.layers.BatchNormalization not in kinds


@pytest.mark.parametrize("build", [series_generator, series_critic])
def test_a_window_too_short_to_be_halved_twice_is_refused(build):
    with pytest.raises(ValueError, match="`length` must be a whole number of at least 4"):
        build(length=3)
    with pytest.raises(ValueError, match="`columns` must be a whole number of at least 1"):
        build(columns=0)
