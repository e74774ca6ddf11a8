"""Experiments that are small enough to run completely in a test."""

import dataclasses

import keras
import numpy as np

from keras_wgan import latents
from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.settings import Settings
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import image_evaluation
from keras_wgan.networks import market_generator

layers = keras.layers

SETTINGS = Settings(epochs=2, batch_size=64, latent_size=3, learning_rate=1e-3)
# 2018's 251 closes: 250 returns, 191 windows of 60 days.
SHORT = Source("bundled", start="2018-01-01", end="2018-12-31")


def returns_networks(latent_size):
    """Returns a linear generator of 60 returns and a linear critic with Dropout."""
    generator = keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(60, activation="tanh"),
            layers.Reshape((60, 1)),
        ]
    )
    critic = keras.Sequential(
        [keras.Input((60, 1)), layers.Flatten(), layers.Dropout(0.3, seed=7), layers.Dense(1)]
    )
    return generator, critic


def image_networks(latent_size):
    """Returns a linear generator of 28 x 28 pixels and a linear critic."""
    generator = keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(784, activation="tanh"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    critic = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1)])
    return generator, critic


RETURNS = Recipe("tiny-returns", "For tests.", "returns", "bundled", returns_networks, SETTINGS)
IMAGES = Recipe(
    "tiny-images",
    "For tests.",
    "images",
    "digits",
    image_networks,
    dataclasses.replace(SETTINGS, batch_size=512),
)


def market_networks(history):
    """Returns a market simulator with a short memory and a linear critic."""
    critic = keras.Sequential([keras.Input((60, 1)), layers.Flatten(), layers.Dense(1)])
    return market_generator(60, history=history), critic


def market_noise(history):
    """Returns the noise of that simulator."""
    return latents.Normal((history + 60, 1))


MARKET = Recipe(
    "tiny-market",
    "For tests.",
    "returns",
    "bundled",
    market_networks,
    dataclasses.replace(SETTINGS, epochs=1, batch_size=256, latent_size=30, ema_momentum=0.9),
    latent=market_noise,
    trained_on=("w1",),
    scaling="z-score",
)


class BrightnessExtractor:
    """Stands in for the digit classifier: the mean brightness of an image's two halves."""

    name = "brightness"

    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __call__(self, images):
        """Returns `(n, 2)` features."""
        pixels = np.asarray(images).reshape(len(images), 2, -1)
        return pixels.mean(axis=-1)

    def probabilities(self, images):
        """Returns `(n, 10)`: which of ten equal steps from black to white an image belongs to."""
        steps = np.clip((self(images).mean(axis=-1) + 1.0) * 5.0, 0, 9).astype("int64")
        return np.eye(10)[steps]


def pair_networks(history, assets):
    """Returns a market simulator with a short memory and a linear critic."""
    critic = keras.Sequential([keras.Input((60, assets)), layers.Flatten(), layers.Dense(1)])
    return market_generator(60, history=history, assets=assets), critic


def pair_noise(history, assets):
    """Returns the noise of that simulator."""
    return latents.Normal((history + 60, assets))


PAIR = dataclasses.replace(MARKET, networks=pair_networks, latent=pair_noise, assets="any")


def untrained_run(path, recipe, source=SHORT):
    """Returns a run folder of a recipe's networks as they begin."""
    data = recipe.task.load(source)
    run = Run.create(path)
    run.write_config(RunConfig(ExperimentSpec(recipe, source, seed=0), data.facts))
    run.save_model(recipe.build_for(data, seed=0))
    return run


def offer(monkeypatch):
    """Puts the tiny recipes among the package's own, and a quick extractor behind their scores."""
    monkeypatch.setattr(recipes, "RECIPES", (RETURNS, IMAGES))
    monkeypatch.setattr(image_evaluation, "DigitClassifier", BrightnessExtractor)
