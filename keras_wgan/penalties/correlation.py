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
    pooled over the batch. It is zero for a single asset. An asset that is zero on all days of a
    window is missing there, as `WGANGP(missing_values=True)` has it, and a pair is compared where
    both are known: the years in which a later asset was known may have been wilder than others.

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
            target, generated = (
                _asset_correlations(view(batch), known_days(batch)) for batch in (real, fake)
            )
            found.append(over_pairs(generated - target))
        return found


def over_pairs(differences: Tensor) -> Tensor:
    """Scales `(assets, assets)` differences so that their mean square leaves out the diagonal."""
    assets = differences.shape[-1]
    return differences * math.sqrt(assets / max(assets - 1, 1))


def known_days(batch: Tensor) -> Tensor:
    """Returns `(batch * days, assets)` ones; zeros where an asset is zero in all of its window."""
    known = ops.any(ops.not_equal(batch, 0.0), axis=1, keepdims=True)
    everywhere = ops.broadcast_to(ops.cast(known, batch.dtype), ops.shape(batch))
    return ops.reshape(everywhere, (-1, batch.shape[-1]))


def _asset_correlations(values: Tensor, known: Tensor) -> Tensor:
    """Returns `(assets, assets)` correlations of the same day's values, pooled over the batch.

    `known`, `(batch * days, assets)`, says which count; the moments of an asset are those of the
    days that the other has too.
    """
    days = ops.reshape(values, (-1, values.shape[-1])) * known
    both = ops.maximum(_by_pairs(known, known), 1.0)
    mean = _by_pairs(days, known) / both
    variance = _by_pairs(ops.square(days), known) / both - ops.square(mean)
    deviation = ops.sqrt(ops.maximum(variance, 0.0) + keras.config.epsilon() ** 2)
    covariance = _by_pairs(days, days) / both - mean * ops.transpose(mean)
    pairs = covariance / (deviation * ops.transpose(deviation))
    return pairs * (1.0 - ops.eye(values.shape[-1], dtype=days.dtype))  # the diagonal is always one


def _by_pairs(one: Tensor, other: Tensor) -> Tensor:
    return ops.matmul(ops.transpose(one), other)
