"""How does a Keras model see many images? Some at once, handed over directly."""

import keras
import numpy as np

AT_ONCE = 256


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Returns what a model makes of `(n, ...)` images, whatever the backend, as one array.

    Keras' `predict` builds a data pipeline for each call: the features of 10,000 digits in calls
    of 256 take 2.8 s of one core that way on TensorFlow, and 0.55 s this way.
    """
    parts = [images[first : first + AT_ONCE] for first in range(0, len(images), AT_ONCE)]
    return np.concatenate([predict_batch(model, part) for part in parts])


def predict_batch(model: keras.Model, batch: np.ndarray) -> np.ndarray:
    """Returns what a model makes of one batch."""
    # A model that was built for several devices gives the answers once for each.
    return np.asarray(model.predict_on_batch(batch)[: len(batch)])
