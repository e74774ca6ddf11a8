"""Layers and networks that the page "What works with WGANGP" lists, each a tiny training."""

import keras
import numpy as np

from keras_wgan import WGANGP

layers = keras.layers
X = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")


def chain(*middle, shape, last):
    """Returns a Sequential network of a shape's input, some layers and the last ones."""
    return keras.Sequential([keras.Input(shape), *middle, *last])


def trained(generator, critic, data=X, latent=3, **compiled):
    """Returns a small model after a fit of two batches, which must change each of its kernels."""
    model = WGANGP(generator, critic, latent=latent, seed=1)
    model.compile(**compiled)
    kernels = [weight for weight in model.trainable_variables if weight.name.endswith("kernel")]
    before = [np.array(keras.ops.convert_to_numpy(kernel)) for kernel in kernels]
    fitted(model, data)
    for kernel, value in zip(kernels, before, strict=True):
        assert (keras.ops.convert_to_numpy(kernel) != value).any(), kernel.path
    return model


def fitted(model, data=X, **arguments):
    """Returns the model after a fit, whose numbers must be finite."""
    history = model.fit(data, **{"batch_size": 8, "verbose": 0, **arguments}).history
    assert all(np.isfinite(history["loss"])), history
    return model


def vectors(*middle, critic=()):
    """Trains on rows of two numbers with these layers in the generator, or in the critic."""
    generator = chain(*middle, shape=(3,), last=[layers.Dense(2)])
    return trained(generator, chain(*critic, shape=(2,), last=[layers.Dense(1)]))


def series(*critic):
    """Trains on series of six days with these layers in the critic."""
    generator = chain(layers.Dense(6), shape=(3,), last=[layers.Reshape((6, 1))])
    data = np.random.default_rng(1).normal(size=(16, 6, 1)).astype("float32")
    last = [layers.Flatten(), layers.Dense(1)]
    return trained(generator, chain(layers.Dense(4), *critic, shape=(6, 1), last=last), data)


def images(*critic, generator=()):
    """Trains on images of 4 x 4 with these layers in one of the networks."""
    start = [layers.Dense(16), layers.Reshape((4, 4, 1))]
    made = chain(*start, *generator, shape=(3,), last=[layers.Conv2D(1, 3, padding="same")])
    data = np.random.default_rng(1).uniform(-1, 1, (16, *made.output_shape[1:])).astype("float32")
    last = [layers.Flatten(), layers.Dense(1)]
    return trained(made, chain(*critic, shape=made.output_shape[1:], last=last), data)


@keras.saving.register_keras_serializable(package="tests")
class OwnGenerator(keras.Model):
    """A generator by subclassing."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


def subclassed():
    return trained(OwnGenerator(), chain(shape=(2,), last=[layers.Dense(1)]))


@keras.saving.register_keras_serializable(package="tests")
class SmallOutputs(layers.Layer):
    """A layer that adds the mean square of its inputs to the loss."""

    def call(self, inputs):
        self.add_loss(0.1 * keras.ops.mean(keras.ops.square(inputs)))
        return inputs


class SelfAttention(layers.Layer):
    """Attention of a series to itself."""

    def __init__(self, attention):
        super().__init__()
        self.attention = attention

    def call(self, inputs):
        return self.attention(inputs, inputs)


def frozen_generator():
    """Trains the critic alone, then both."""
    model = vectors()
    before = keras.ops.convert_to_numpy(model.generator.weights[0])
    model.generator.trainable = False
    model.compile()
    fitted(model)
    np.testing.assert_array_equal(before, keras.ops.convert_to_numpy(model.generator.weights[0]))
    model.generator.trainable = True
    model.compile()
    return fitted(model)


LAYERS = {
    "Dense, LeakyReLU, PReLU": lambda: vectors(
        layers.LeakyReLU(), critic=[layers.Dense(4), layers.PReLU()]
    ),
    "Conv1D": lambda: series(layers.Conv1D(2, 3)),
    "Conv2D, strided": lambda: images(layers.Conv2D(2, 3, strides=2)),
    "Conv2DTranspose, UpSampling2D": lambda: images(
        generator=[layers.Conv2DTranspose(2, 3, strides=2), layers.UpSampling2D()]
    ),
    "DepthwiseConv2D, SeparableConv2D": lambda: images(
        layers.DepthwiseConv2D(2, padding="same"), layers.SeparableConv2D(2, 2)
    ),
    "MaxPooling2D, AveragePooling2D": lambda: images(
        layers.MaxPooling2D(), layers.AveragePooling2D(2)
    ),
    "GlobalAveragePooling2D": lambda: images(layers.GlobalAveragePooling2D()),
    "BatchNormalization in the generator": lambda: vectors(layers.BatchNormalization()),
    "LayerNormalization, UnitNormalization": lambda: vectors(
        critic=[layers.Dense(4), layers.LayerNormalization(), layers.UnitNormalization()]
    ),
    "GroupNormalization": lambda: images(layers.Conv2D(4, 2), layers.GroupNormalization(2)),
    "Dropout, GaussianNoise": lambda: vectors(
        layers.Dropout(0.5, seed=1), critic=[layers.GaussianNoise(0.1, seed=1), layers.Dropout(0.5)]
    ),
    "LSTM, GRU": lambda: series(layers.LSTM(2, return_sequences=True), layers.GRU(2)),
    "SimpleRNN in Bidirectional": lambda: series(layers.Bidirectional(layers.SimpleRNN(2))),
    "TimeDistributed": lambda: series(layers.TimeDistributed(layers.Dense(2))),
    "MultiHeadAttention": lambda: series(SelfAttention(layers.MultiHeadAttention(1, 2))),
    "GroupQueryAttention": lambda: series(SelfAttention(layers.GroupQueryAttention(2, 2, 1))),
    "two SpectralNormalization": lambda: vectors(
        critic=[layers.SpectralNormalization(layers.Dense(4)) for _ in range(2)]
    ),
    "add_loss, activity regularizers": lambda: vectors(
        SmallOutputs(), critic=[layers.Dense(2, activity_regularizer="l2"), SmallOutputs()]
    ),
    "a generator frozen for a while": frozen_generator,
    "kernel and bias regularizers": lambda: vectors(
        layers.Dense(2, kernel_regularizer="l2"), critic=[layers.Dense(2, bias_regularizer="l1")]
    ),
    "kernel constraints": lambda: vectors(layers.Dense(2, kernel_constraint="max_norm")),
    "a subclassed network": subclassed,
}
