"""Predictions that TensorFlow compiles as a whole."""

import warnings

import keras


def compile_predictions(model: keras.Model) -> None:
    """Compiles the model's `predict` with XLA, on a processor too, where Keras would not.

    A market generator consists of a hundred small operations. On a processor XLA takes half to a
    third of the time for one asset to fifty, and half a second to two seconds more for the first
    call. A model with a layer that XLA cannot compile stays as it is.
    """
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # that it cannot
        model.jit_compile = True
