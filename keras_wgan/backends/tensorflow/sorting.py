"""Sorting on TensorFlow."""

import tensorflow as tf

from keras_wgan._tensor import Tensor


def sorted_columns(values: Tensor) -> Tensor:
    """Returns `(n, columns)` values with each column in ascending order, differentiable."""
    return tf.sort(values, axis=0)
