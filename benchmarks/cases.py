"""The models and data that are timed: the recipes' networks on random data."""

import warnings
from dataclasses import dataclass, replace
from typing import Literal

import keras
import numpy as np

from keras_wgan import WGANGP
from keras_wgan.experiments import recipes
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.networks import image_critic, image_generator

Effort = Literal["quick", "usual", "large"]  # a smoke run, the tables of the docs, minutes a row

CLASSIC = {"images": "mnist-classic", "returns": "sp500-classic"}
DEFAULT = {"images": "mnist", "returns": "sp500"}


@dataclass(frozen=True)
class Case:
    """A recipe, and how many samples it sees in a step and in a round."""

    recipe: Recipe
    batch: int
    steps: int

    def model(self) -> WGANGP:
        """Returns the compiled model."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the classic critic has BatchNorm
            model = self.recipe.build(seed=1)
            self.recipe.compile(model, self.steps)
            return model

    def networks(self) -> tuple[keras.Model, keras.Model]:
        """Returns generator and critic alone."""
        return self.recipe.networks(self.recipe.settings.latent_size)

    def samples(self) -> np.ndarray:
        """Returns the samples of a round, uniform on [-1, 1]."""
        shape = (28, 28, 1) if self.recipe.kind == "images" else (60, 1)
        count = self.batch * self.steps
        return np.random.default_rng(1).uniform(-1, 1, (count, *shape)).astype("float32")


def classic(kind: str) -> Recipe:
    """Returns the recipe with the classic networks."""
    return recipes.get(CLASSIC[kind])


def default(kind: str) -> Recipe:
    """Returns the recommended recipe, for images at the widths of the classic networks."""
    return at_classic_widths() if kind == "images" else as_it_comes(kind)


def as_it_comes(kind: str) -> Recipe:
    """Returns the recommended recipe at its own widths."""
    return recipes.get(DEFAULT[kind])


def at_classic_widths() -> Recipe:
    """Returns `mnist` with the classic widths: 256 and 128 channels up, 64 and 128 down."""

    def networks(latent_size: int) -> tuple[keras.Model, keras.Model]:
        return image_generator(latent_size, width=128), image_critic(width=64)

    return replace(recipes.get("mnist"), networks=networks, shapes="one")


def of_width(width: int, precision: str = "auto") -> Recipe:
    """Returns the recipe `mnist` with other widths, in a precision."""

    def networks(latent_size: int) -> tuple[keras.Model, keras.Model]:
        return image_generator(latent_size, width=width), image_critic(width=width)

    recipe = replace(recipes.get("mnist"), networks=networks, shapes="one")
    return recipe.with_settings({"precision": precision})


def trainable(network: keras.Model) -> int:
    """Returns how many numbers of a network are trained."""
    return sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
