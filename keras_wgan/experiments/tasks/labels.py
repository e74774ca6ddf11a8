"""The labels that are requested from a conditional model."""

from collections.abc import Callable

import keras
import numpy as np

from keras_wgan._sampling import Sampler
from keras_wgan.errors import InvalidInputError


def labels_as_in(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Returns labels, each as likely as it is in the data."""
    return np.random.default_rng(seed).choice(labels, count).astype("int32")


def labels_in_rows(classes: int, count: int, seed: int) -> np.ndarray:
    """Returns a row of equal labels for each class."""
    return np.repeat(np.arange(classes, dtype="int32"), -(-count // classes))[:count]


def labeled_sampler(labels: Callable[[int, int], np.ndarray]) -> Sampler:
    """Returns the sampler of a conditional model with the labels of a function `(count, seed)`."""

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
