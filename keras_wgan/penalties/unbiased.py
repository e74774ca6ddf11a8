"""A generator penalty without the bias of squared differences."""

from typing import Any, Self

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.errors import InvalidInputError
from keras_wgan.penalties.base import BatchPenalty, SquaredPenalty


@keras.saving.register_keras_serializable(package="keras_wgan")
class UnbiasedPenalty(BatchPenalty):
    """A squared penalty, estimated without bias from the two halves of a batch.

    The square of a difference between the statistics of two batches is on average the square of
    their true difference plus both variances. The generator can lower its own, by extremes that
    vary less from batch to batch than real ones do, and then its tails are too thin. The product of
    the differences in two independent halves has no such part. It can be negative.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import ExtremesPenalty, UnbiasedPenalty

    windows = np.random.default_rng(0).standard_t(4, size=(2, 400, 60, 1)).astype("float32")
    biased = ExtremesPenalty(horizons=(1,))
    assert abs(float(UnbiasedPenalty(biased)(*windows))) < float(biased(*windows))
    ```

    Args:
        penalty: A penalty on squared differences, such as `ExtremesPenalty`,
            `AutocorrelationPenalty`, `LeveragePenalty` or `CorrelationPenalty`; its weight counts.

    Raises:
        ValueError: If `penalty` is of another kind.

    Reference:
        Gretton et al. (2012), A Kernel Two-Sample Test, lemma 6, for unbiased estimates of a
        squared distance by products of independent samples.
    """

    def __init__(self, penalty: BatchPenalty) -> None:
        if not isinstance(penalty, SquaredPenalty) or type(penalty).gap is not SquaredPenalty.gap:
            raise InvalidInputError(
                "`penalty` must be one on squared differences, such as ExtremesPenalty or "
                f"AutocorrelationPenalty. Received: {type(penalty).__name__}"
            )
        super().__init__(penalty.weight)
        self.penalty = penalty

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean products of the differences in both halves, added up."""
        half = ops.shape(real)[0] // 2
        first = self.penalty.differences(real[:half], fake[:half])
        second = self.penalty.differences(real[half : 2 * half], fake[half : 2 * half])
        total = ops.zeros(())
        for one, other in zip(first, second, strict=True):
            total = total + ops.mean(one * other)
        return total

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"penalty": keras.saving.serialize_keras_object(self.penalty)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Builds the penalty from the result of `get_config`."""
        return cls(keras.saving.deserialize_keras_object(config["penalty"]))
