"""Data, optimizers and precisions that the page "What works with WGANGP" lists."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

from keras_wgan import WGANGP

from helpers.habits_networks import X, chain, fitted, trained, vectors

layers = keras.layers


@functools.cache
def plain() -> WGANGP:
    """Returns one compiled model for all rows that differ in their data or callbacks alone."""
    generator = chain(shape=(3,), last=[layers.Dense(2)])
    critic = chain(layers.Dense(4), shape=(2,), last=[layers.LeakyReLU(), layers.Dense(1)])
    model = WGANGP(generator, critic, latent=3, seed=1)
    model.compile()
    return model


class InBatches(keras.utils.PyDataset):
    """The rows in two batches."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return (X[8 * index :][:8],)


def from_pandas():
    import pandas as pd

    return fitted(plain(), pd.DataFrame(X))


def from_tf_data():
    import tensorflow as tf

    return fitted(plain(), tf.data.Dataset.from_tensor_slices(X).batch(8), batch_size=None)


def from_loader():
    import torch

    rows = torch.utils.data.TensorDataset(torch.from_numpy(X))
    loader = torch.utils.data.DataLoader(rows, batch_size=8)
    return fitted(plain(), loader, batch_size=None)


def from_generator():
    batches = ((X[start : start + 8],) for start in (0, 8))
    return fitted(plain(), batches, batch_size=None, steps_per_epoch=2)


def weighted_tf_data():
    import tensorflow as tf

    rows = tf.data.Dataset.from_tensor_slices((X, (), np.arange(16, dtype="float32")))
    return fitted(plain(), rows.batch(8), batch_size=None)


DATA = {
    "NumPy array": lambda: fitted(plain()),
    "float64 array": lambda: fitted(plain(), X.astype("float64")),
    "array of whole numbers": lambda: fitted(plain(), X.astype("int32")),
    "list of lists": lambda: fitted(plain(), [[0.1, 0.2], [0.3, 0.4]]),
    "array without a row": lambda: fitted(plain(), X[:0]),
    "pandas DataFrame": from_pandas,
    "tf.data.Dataset": from_tf_data,
    "PyTorch DataLoader": from_loader,
    "keras.utils.PyDataset": lambda: fitted(plain(), InBatches(), batch_size=None),
    "Python generator": from_generator,
    "last batch smaller": lambda: fitted(plain(), X[:13]),
    "validation_data": lambda: fitted(plain(), validation_data=X),
    "validation_split": lambda: fitted(plain(), validation_split=0.5),
    "sample_weight of an array": lambda: fitted(plain(), sample_weight=np.arange(16.0)),
    "sample_weight in a tf.data.Dataset": weighted_tf_data,
    "class_weight without labels": lambda: fitted(plain(), class_weight={0: 1.0}),
    "a label for a model without condition": lambda: fitted(plain(), X, y=np.zeros(16, "int32")),
}
DATA_PACKAGES = {
    "tf.data.Dataset": "tensorflow",
    "sample_weight in a tf.data.Dataset": "tensorflow",
    "PyTorch DataLoader": "torch",
}


# ---- Optimizers, precision and options of compile ------------------------------------------------


def compiled(**options):
    """Trains the plain networks with these options of `compile`."""
    model = plain()
    return trained(model.generator, model.critic, **options)


def optimized(make):
    """Trains with an optimizer of this kind for each network, eagerly, which starts sooner."""
    return compiled(generator_optimizer=make(), critic_optimizer=make(), run_eagerly=True)


OPTIMIZERS = {
    name: functools.partial(optimized, getattr(keras.optimizers, name))
    for name in ("SGD", "RMSprop", "Adam", "AdamW", "Nadam", "Adagrad", "Adafactor", "Lion", "Lamb")
} | {
    "Muon": lambda: optimized(keras.optimizers.Muon),
    "two of different kinds, by name": lambda: compiled(
        generator_optimizer="rmsprop", critic_optimizer="sgd"
    ),
    "a learning-rate schedule": lambda: optimized(
        lambda: keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, 10))
    ),
    "gradient accumulation": lambda: optimized(
        lambda: keras.optimizers.Adam(gradient_accumulation_steps=2)
    ),
    "clipnorm, weight_decay, use_ema": lambda: optimized(
        lambda: keras.optimizers.Adam(clipnorm=1.0, weight_decay=1e-3, use_ema=True)
    ),
    "LossScaleOptimizer": lambda: optimized(
        lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
    ),
    "one object for both networks": lambda: optimized(functools.cache(keras.optimizers.Adam)),
}

COMPILE = {
    "run_eagerly=True": lambda: compiled(run_eagerly=True),
    "jit_compile=True": lambda: compiled(jit_compile=True),
    "steps_per_execution=2": lambda: compiled(steps_per_execution=2),
}


@contextmanager
def policy(name: str) -> Iterator[None]:
    """Sets the global policy for a while."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def in_precision(name):
    with policy(name):
        generator = chain(shape=(3,), last=[layers.Dense(2)])
        critic = chain(layers.Dense(4), shape=(2,), last=[layers.Dense(1)])
        # The default rate of 1e-4 is lost in the rounding of bfloat16 weights.
        adam = functools.partial(keras.optimizers.Adam, 1e-2, beta_1=0.0, beta_2=0.9)
        optimizers = {"generator_optimizer": adam(), "critic_optimizer": adam()}
        return trained(generator, critic, **optimizers)


def in_double():
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        return vectors(critic=[layers.Dense(4)])
    finally:
        keras.config.set_floatx(before)


PRECISION = {
    name: functools.partial(in_precision, name)
    for name in ("float32", "mixed_bfloat16", "bfloat16", "mixed_float16", "float16")
}
PRECISION["float64 as floatx"] = in_double
