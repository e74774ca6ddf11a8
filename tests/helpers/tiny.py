"""Networks and data that are small enough for tests."""

import keras
import numpy as np

from keras_wgan import WGANGP

layers = keras.layers


def table_networks(latent=3, width=2):
    """Returns a linear generator and a one-layer critic for tables of `width` columns."""
    generator = keras.Sequential([keras.Input((latent,)), layers.Dense(width)])
    critic = keras.Sequential(
        [keras.Input((width,)), layers.Dense(8), layers.LeakyReLU(), layers.Dense(1)]
    )
    return generator, critic


def table_model(compiled=True, latent=3, width=2, **arguments):
    """Returns a small `WGANGP` for tables."""
    generator, critic = table_networks(latent, width)
    model = WGANGP(generator, critic, **{"latent": latent, "seed": 1, **arguments})
    if compiled:
        model.compile(
            generator_optimizer=keras.optimizers.Adam(1e-3),
            critic_optimizer=keras.optimizers.Adam(1e-3),
        )
    return model


def conditional_model(**arguments):
    """Returns a small `WGANGP` whose networks take a whole-number condition from 0 to 2."""
    latents, label = keras.Input((3,)), keras.Input((), dtype="int32")
    together = layers.Concatenate()([latents, layers.Embedding(3, 4)(label)])
    generator = keras.Model([latents, label], layers.Dense(2)(together))
    sample, label = keras.Input((2,)), keras.Input((), dtype="int32")
    together = layers.Concatenate()([sample, layers.Embedding(3, 4)(label)])
    scores = layers.Dense(1)(layers.LeakyReLU()(layers.Dense(8)(together)))
    critic = keras.Model([sample, label], scores)
    model = WGANGP(generator, critic, **{"latent": 3, "seed": 1, **arguments})
    model.compile()
    return model


def table_data(rows=40, width=2, seed=0):
    """Returns `(rows, width)` normal numbers around one."""
    return (1 + np.random.default_rng(seed).normal(size=(rows, width))).astype("float32")
