"""A generator penalty on the correlations between assets."""

import math

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.penalties.base import SquaredPenalty


@keras.saving.register_keras_serializable(package="keras_wgan")
class CorrelationPenalty(SquaredPenalty):
    """A generator penalty on the correlations between assets, of r and of |r|.

    The mean squared gap over all pairs of assets, of the returns of one day and of their sizes,
    pooled over the batch. It is zero for a single asset.

    Example:
    ```python
    import numpy as np
    from keras import ops
    from keras_wgan.penalties import CorrelationPenalty

    one = np.random.default_rng(0).normal(size=(50, 30, 1)).astype("float32")
    together = np.concatenate([one, one], axis=-1)
    against = np.concatenate([one, -one], axis=-1)  # correlations 1 and -1; of the sizes both 1
    penalty = float(ops.convert_to_numpy(CorrelationPenalty(weight=1.0)(together, against)))
    assert abs(penalty - 4.0) < 1e-4
    ```

    Args:
        weight: What the penalty is multiplied by. Defaults to `30.0`.

    Raises:
        ValueError: If `weight` is negative.
    """

    def __init__(self, weight: float = 30.0) -> None:
        super().__init__(weight)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the differences of the two, each `(assets, assets)`."""
        found = []
        for view in (lambda r: r, ops.abs):
            target, generated = (_asset_correlations(view(batch)) for batch in (real, fake))
            found.append(over_pairs(generated - target))
        return found


def over_pairs(differences: Tensor) -> Tensor:
    """Scales `(assets, assets)` differences so that their mean square leaves out the diagonal."""
    assets = differences.shape[-1]
    return differences * math.sqrt(assets / max(assets - 1, 1))


def _asset_correlations(values: Tensor) -> Tensor:
    """Returns `(assets, assets)` correlations of the same day's values, pooled over the batch."""
    days = ops.reshape(values, (-1, values.shape[-1]))
    days = days - ops.mean(days, axis=0)
    days = days / (ops.std(days, axis=0) + keras.config.epsilon())
    pairs = ops.matmul(ops.transpose(days), days) / ops.cast(ops.shape(days)[0], days.dtype)
    return pairs * (1.0 - ops.eye(values.shape[-1], dtype=days.dtype))  # the diagonal is always one
