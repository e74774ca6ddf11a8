"""`generate` with a generator whose own layers are random."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP

from helpers.tiny import table_data

layers = keras.layers


class AddNoise(keras.layers.Layer):
    """Adds normal noise, also outside of training, as StyleGAN's layers do."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.noise = keras.random.SeedGenerator(11)

    def call(self, inputs):
        return inputs + keras.random.normal(ops.shape(inputs), seed=self.noise)


class AlwaysDropout(keras.layers.Layer):
    """Holds another random layer, which drops out at any time."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.dropout = keras.layers.Dropout(0.5, seed=5)

    def call(self, inputs):
        return self.dropout(inputs, training=True)


def noisy_model(random=AddNoise, **arguments):
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(2), random(), random()])
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3, seed=1, **arguments)
    model.compile()
    return model


def states(model):
    return [ops.convert_to_numpy(variable) for variable in model.non_trainable_variables]


@pytest.mark.parametrize("random", [AddNoise, AlwaysDropout])
@pytest.mark.parametrize("averaged", [{}, {"ema_momentum": 0.9}])
def test_the_same_seed_gives_the_same_samples(random, averaged):
    model = noisy_model(random, **averaged)
    model.fit(table_data(16), verbose=0)
    first = model.generate(5, seed=1)
    np.testing.assert_array_equal(model.generate(5, seed=1), first)
    assert not np.allclose(model.generate(5, seed=2), first)
    assert not np.allclose(model.generate(5), model.generate(5))


def test_the_batch_size_and_the_number_of_samples_change_no_sample():
    model = noisy_model()
    whole = model.generate(150, seed=1)
    pieces = list(model.generate_batches(150, seed=1, batch_size=40))
    assert [len(piece) for piece in pieces] == [40, 40, 40, 30]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    np.testing.assert_array_equal(model.generate(70, seed=1), whole[:70])


def test_every_sample_gets_noise_of_its_own():
    model = noisy_model(ema_momentum=0.9)
    for weight in [*model.generator.weights, *model.average.weights]:
        weight.assign(np.zeros(weight.shape))
    noise = model.generate(300, seed=1)
    assert len(np.unique(noise)) == noise.size
    assert noise.std() == pytest.approx(np.sqrt(2), abs=0.15)  # two layers of variance 1


def test_generating_leaves_every_random_state_as_it_was():
    model = noisy_model()
    before = states(model)
    batches = model.generate_batches(200, seed=1)
    next(batches)
    for after, wanted in zip(states(model), before, strict=True):
        np.testing.assert_array_equal(after, wanted)


@pytest.mark.parametrize("averaged", [{}, {"ema_momentum": 0.9}])
def test_predict_draws_new_noise_for_each_batch(averaged):
    model = noisy_model(**averaged)
    made = model.predict(np.ones((8, 3), "float32"), batch_size=4, verbose=0)
    assert not np.allclose(made[:4], made[4:])
