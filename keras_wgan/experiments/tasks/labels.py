"""The labels that are requested from a conditional model."""

from collections.abc import Callable

import keras
import numpy as np

from keras_wgan._sampling import Sampler
from keras_wgan.errors import InvalidInputError


def as_in_the_data(labels: np.ndarray) -> Callable[[int, int], np.ndarray]:
    """Returns a function `(count, seed)` to labels, each as likely as it is in the data."""

    def draw(count: int, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).choice(labels, count).astype("int32")

    return draw


def in_rows(classes: int) -> Callable[[int, int], np.ndarray]:
    """Returns a function `(count, seed)` to labels, a row of equal ones for each class."""

    def draw(count: int, seed: int) -> np.ndarray:
        return np.repeat(np.arange(classes, dtype="int32"), -(-count // classes))[:count]

    return draw


def labeled_sampler(labels: Callable[[int, int], np.ndarray]) -> Sampler:
    """Returns the sampler of a conditional model with these labels."""

    def sample(model: keras.Model, count: int, seed: int) -> np.ndarray:
        made: np.ndarray = model.generate(count, condition=labels(count, seed), seed=seed)
        return made

    return sample


def asked_labels(label: int | None, classes: int, count: int) -> np.ndarray:
    """Returns a label for each of `count` samples: one for all, or all labels in turn."""
    if label is None:
        return np.arange(count, dtype="int32") % classes
    if not 0 <= label < classes:
        raise InvalidInputError(
            f"`--condition` must be a label of the data, 0 to {classes - 1}. "
            f"Received: condition={label}"
        )
    return np.full(count, label, dtype="int32")
