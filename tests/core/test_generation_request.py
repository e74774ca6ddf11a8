"""The arguments of `generate` are checked before anything is generated."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP
from keras_wgan.callbacks import FID
from keras_wgan.experiments import recipes

from helpers.tiny import conditional_model, table_data, table_model


def test_generate_says_what_is_wrong_with_its_arguments():
    with pytest.raises(ValueError, match="`n` must be a whole number.*n=0"):
        table_model().generate(0)
    with pytest.raises(ValueError, match="`batch_size` must be a whole number"):
        table_model().generate(5, batch_size=0)
    with pytest.raises(ValueError, match="`condition` must be left out"):
        table_model().generate(5, condition=1)
    with pytest.raises(ValueError, match="needs a `condition`"):
        conditional_model().generate(5)
    with pytest.raises(ValueError, match=r"one for each of the 5 samples.*\(3,\)"):
        conditional_model().generate(5, condition=[0, 1, 2])


@pytest.mark.parametrize("label", [-1, 10, [0, 3, 10]])
def test_a_label_that_the_generator_does_not_know_is_refused_by_its_range(label):
    model = recipes.get("mnist-conditional").build(seed=1)
    with pytest.raises(ValueError, match="`condition` must be a label from 0 to 9"):
        model.generate(3, condition=label, seed=1)


def test_a_condition_that_is_no_label_may_be_any_number():
    latents, heat, samples = keras.Input((3,)), keras.Input((1,)), keras.Input((2,))
    joined = keras.layers.Concatenate()
    generator = keras.Model([latents, heat], keras.layers.Dense(2)(joined([latents, heat])))
    critic = keras.Model([samples, heat], keras.layers.Dense(1)(joined([samples, heat])))
    model = WGANGP(generator, critic, latent=3)
    assert model.generate(2, condition=[[99.5]], seed=1).shape == (2, 2)


def test_one_condition_of_several_numbers_holds_for_all_samples():
    latents, wind, samples = keras.Input((3,)), keras.Input((4,)), keras.Input((2,))
    joined = keras.layers.Concatenate()
    generator = keras.Model([latents, wind], keras.layers.Dense(2)(joined([latents, wind])))
    critic = keras.Model([samples, wind], keras.layers.Dense(1)(joined([samples, wind])))
    model, one = WGANGP(generator, critic, latent=3), np.arange(4.0)
    expected = model.generate(4, condition=np.tile(one, (4, 1)), seed=1)
    np.testing.assert_array_equal(model.generate(4, condition=one, seed=1), expected)


@pytest.mark.parametrize("seed", [-1, 2**31, True, 1.0, "a"])
def test_a_seed_is_of_one_range_on_every_backend(seed):
    message = "`seed` must be a whole number of at least 0 and at most 2147483647"
    with pytest.raises(ValueError, match=message):
        table_model().generate(1, seed=seed)
    with pytest.raises(ValueError, match=message):
        table_model(seed=seed)
    with pytest.raises(ValueError, match=message):
        FID(table_data(), lambda samples: samples, seed=seed)


@pytest.mark.parametrize("seed", [np.int64(3), np.uint8(3)])
def test_a_seed_of_numpy_is_a_seed(seed):
    model = table_model(seed=seed)
    np.testing.assert_array_equal(model.generate(2, seed=seed), model.generate(2, seed=3))


def test_the_largest_seed_generates():
    assert table_model().generate(1, seed=2**31 - 1).shape == (1, 2)
