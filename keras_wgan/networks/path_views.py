"""The layer that computes seven views of a path of returns for a critic."""

import math

import keras
from keras import layers, ops

from keras_wgan._tensor import Tensor


@keras.saving.register_keras_serializable(package="keras_wgan")
class PathViews(layers.Layer):
    """Computes seven views of a path of returns that make its faults easy to see.

    Returns and their sizes, sums over 5 and 20 days, the path so far, the mean size over 10 days
    and the product of a return with the next day's size (leverage). Extremes are compressed by
    `arcsinh`, so that one crash does not dominate the critic's slope.
    """

    def call(self, inputs: Tensor) -> Tensor:
        """Returns `(batch, days, 7 * assets)` for standardized returns `(batch, days, assets)`."""
        returns = ops.arcsinh(inputs)
        sizes = ops.abs(returns)
        path = ops.cumsum(inputs, axis=1)
        next_sizes = ops.pad(sizes[:, 1:], [[0, 0], [0, 1], [0, 0]])
        views = [
            returns,
            sizes,
            ops.arcsinh(_moving_sum(inputs, 5) / math.sqrt(5.0)),
            ops.arcsinh(_moving_sum(inputs, 20) / math.sqrt(20.0)),
            ops.arcsinh(path / math.sqrt(inputs.shape[1])),
            _moving_sum(sizes, 10) / 10.0,
            returns * next_sizes,
        ]
        return ops.concatenate(views, axis=-1)


def _moving_sum(values: Tensor, days: int) -> Tensor:
    """Returns sums over `days` days up to each day; zero before the first complete one."""
    total = ops.pad(ops.cumsum(values, axis=1), [[0, 0], [1, 0], [0, 0]])
    return ops.pad(total[:, days:] - total[:, :-days], [[0, 0], [days - 1, 0], [0, 0]])
