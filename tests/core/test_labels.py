"""Labels beyond an Embedding are refused by `fit` and `generate`, in networks of any form."""

import importlib.util

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan import WGANGP

from helpers.tiny import conditional_model, table_data

layers = keras.layers
BACKEND = keras.backend.backend()


class Conditional(keras.Model):
    """A network that looks up the half of its label."""

    def __init__(self, units):
        super().__init__()
        self.embedding, self.dense = layers.Embedding(2, 4, name="halves"), layers.Dense(units)

    def call(self, inputs):
        first, label = inputs
        return self.dense(ops.concatenate([first, self.embedding(label // 2)], axis=-1))


def subclassed_model():
    generator, critic = Conditional(2), Conditional(1)
    generator([np.zeros((1, 3), "float32"), np.zeros(1, "int32")])
    critic([np.zeros((1, 2), "float32"), np.zeros(1, "int32")])
    model = WGANGP(generator, critic, latent=3, seed=1)
    model.compile()
    return model


def test_a_subclassed_conditional_model_trains_and_generates():
    model = subclassed_model()
    history = model.fit(table_data(8), np.arange(8) % 4, verbose=0).history
    assert np.isfinite(history["critic_loss"][0])
    same, other = (model.generate(5, condition=label, seed=1) for label in (1, 3))
    assert same.shape == (5, 2)
    assert not np.allclose(same, other)


@pytest.mark.parametrize(
    ("make", "label", "last"), [(subclassed_model, 4, 1), (conditional_model, 3, 2)]
)
def test_a_label_beyond_the_embedding_is_refused_by_fit_as_by_generate(make, label, last):
    model, message = make(), f"`condition` must be a label from 0 to {last}, the labels of the"
    with pytest.raises(ValueError, match=f"{message} generator's layer"):
        model.generate(2, condition=label)
    labels = np.array([0, 1, label, 0])
    for arguments in ({}, {"validation_data": (table_data(4), labels)}):
        trained_on = labels if not arguments else np.zeros(4, int)
        with pytest.raises(ValueError, match=message):
            model.fit(table_data(4), trained_on, verbose=0, **arguments)
    with pytest.raises(ValueError, match=message):
        model.train_on_batch(table_data(4), labels)
    with pytest.raises(ValueError, match=message):
        model.evaluate(table_data(4), -labels, verbose=0)


@pytest.mark.skipif(
    not importlib.util.find_spec("tensorflow"), reason="the data set is one of TensorFlow"
)
def test_a_label_beyond_the_embedding_in_a_data_set_is_no_silent_nan():
    import tensorflow as tf

    rows = (table_data(8), np.array([0, 1, 2, 0, 1, 2, 0, 3]))
    batches = tf.data.Dataset.from_tensor_slices(rows).batch(4)
    # TensorFlow raises an error of its own on processors.
    ours = "`condition` must be a label from 0 to 2"
    expected = {"jax": ours, "torch": ours}.get(BACKEND, r"3 is not in \[0, 3\)")
    with pytest.raises(Exception, match=expected):
        conditional_model().fit(batches, shuffle=False, verbose=0)
    with pytest.raises(Exception, match=expected):
        conditional_model().evaluate(batches, verbose=0)


def test_labels_are_looked_up_without_a_trace():
    model = subclassed_model()
    before = model.get_weights()
    with pytest.raises(ValueError, match="label"):
        model.generate(2, condition=4)
    for found, wanted in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, wanted)
    looked_up = model.generator.embedding(np.array([0, 1]))
    assert looked_up.shape == (2, 4)


def network_of_float_labels(width, units):
    """A network whose second input holds a number and a label, both as floats."""
    first, both = keras.Input((width,)), keras.Input((2,))
    looked_up = layers.Embedding(3, 4)(both[:, 1])
    return keras.Model(
        [first, both], layers.Dense(units)(layers.Concatenate()([first, both, looked_up]))
    )


@pytest.mark.parametrize("label", [1.5, np.nan])
def test_a_label_that_is_no_whole_number_is_refused_and_not_cut_off(label):
    model, message = conditional_model(), "`condition` must hold whole numbers"
    with pytest.raises(ValueError, match=message):
        model.generate(2, condition=label)
    with pytest.raises(ValueError, match=message):
        model.fit(table_data(4), np.array([0.0, label, 2.0, 2.0]), verbose=0)


def test_of_a_condition_only_the_labels_are_whole_numbers():
    model = WGANGP(network_of_float_labels(3, 2), network_of_float_labels(2, 1), latent=3)
    assert model.generate(2, condition=np.array([[0.5, 2.0]])).shape == (2, 2)
    with pytest.raises(ValueError, match="`condition` must hold whole numbers.*Received: 0.5"):
        model.generate(3, condition=np.array([[0.0, 0.0], [0.0, 0.5], [0.0, 2.0]]))
