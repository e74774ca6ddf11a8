"""A batch of training data: real samples, their condition and their weights."""

from typing import Any, NamedTuple

import keras

from keras_wgan._tensor import Tensor

# Keras drops the weights of samples without `y`, so that they travel inside of `x` (_arguments.py).
SAMPLES, WEIGHTS = "samples", "sample_weight"


class Batch(NamedTuple):
    """Real samples, `(batch, *shape)` float32, their condition and their weights, `(batch,)`."""

    real: Tensor
    condition: Any = None
    weight: Tensor | None = None


def split(data: Any) -> tuple[Any, Any, Any]:
    """Returns samples, condition and weights of what Keras passes to a step; `None` for none."""
    samples, condition, weight = keras.utils.unpack_x_y_sample_weight(data)
    if isinstance(samples, dict) and set(samples) == {SAMPLES, WEIGHTS}:
        samples, weight = samples[SAMPLES], samples[WEIGHTS]
    # A data set that cannot hold None has `(samples, (), weight)`.
    empty = isinstance(condition, tuple | list) and not condition
    return samples, None if empty else condition, weight
