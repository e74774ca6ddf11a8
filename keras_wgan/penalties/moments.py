"""A generator penalty on the moments of a batch."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import whole_numbers
from keras_wgan.penalties.base import BatchPenalty


@keras.saving.register_keras_serializable(package="keras_wgan")
class MomentPenalty(BatchPenalty):
    """A generator penalty on the gap between real and generated moments of a batch.

    Both batches are flattened and measured in units of the real batch's mean and standard
    deviation. Order 1 compares the mean, order 2 the standard deviation, and a higher order `k`
    the k-th standardized moment `m`, as `sign(m) log(1 + |m|)`. The penalty is the mean squared
    gap over the orders, times `weight`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import MomentPenalty

    penalty = MomentPenalty(order=(1, 2), weight=10.0)
    real = np.array([[-1.0], [1.0]], "float32")
    # Only the mean differs, by one real standard deviation: 10 * (1 + 0) / 2.
    assert abs(float(penalty(real, real + 1.0)) - 5.0) < 1e-5
    ```

    Args:
        order: The moments to compare, each a whole number of at least 1. Defaults to
            `(1, 2, 3, 4)`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.

    Raises:
        ValueError: If `order` is empty or holds anything but whole numbers of at least 1, or
            `weight` is negative or not finite.
    """

    def __init__(self, order: Sequence[int] = (1, 2, 3, 4), weight: float = 1.0) -> None:
        super().__init__(weight)
        self.order = whole_numbers("order", order)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean squared gap between the moments of two batches of any one shape."""
        real, fake = ops.reshape(real, (-1,)), ops.reshape(fake, (-1,))
        center, scale = ops.mean(real), ops.std(real) + keras.config.epsilon()
        gaps = [
            _moment(fake, k, center, scale) - _moment(real, k, center, scale) for k in self.order
        ]
        return ops.mean(ops.square(ops.stack(gaps)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"order": list(self.order), "weight": self.weight}


def _moment(values: Tensor, order: int, center: Tensor, scale: Tensor) -> Tensor:
    """Returns one moment in units of the real batch."""
    standardized = (values - center) / scale
    if order == 1:
        return ops.mean(standardized)
    own = standardized - ops.mean(standardized)
    deviation = ops.sqrt(ops.mean(ops.square(own)) + keras.config.epsilon())
    if order == 2:
        return deviation
    moment = ops.mean(ops.power(own / deviation, order))
    # The logarithm keeps sign and rank and limits the slope: otherwise the fourth moment of a
    # heavy-tailed batch, one extreme value, would be most of the generator's gradient.
    return ops.sign(moment) * ops.log1p(ops.abs(moment))
