"""A batch of training data: real samples, their condition and their weights."""

from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.errors import InvalidInputError

# Keras drops the weights of samples without `y`, so that they travel inside of `x` (_arguments.py).
SAMPLES, WEIGHTS = "samples", "sample_weight"


class Batch(NamedTuple):
    """Real samples, `(batch, *shape)` float32, their condition and their weights, `(batch,)`.

    `observed` is one where a value of a real sample is known and zero where it is missing; `None`
    if all are known.
    """

    real: Tensor
    condition: Any = None
    weight: Tensor | None = None
    observed: Tensor | None = None

    def without_missing(self) -> "Batch":
        """Returns the batch with zero for each NaN of the real samples."""
        missing = ops.isnan(self.real)
        known = ops.where(missing, ops.zeros_like(self.real), self.real)
        return self._replace(real=known, observed=ops.cast(ops.logical_not(missing), "float32"))

    def as_observed(self, samples: Tensor) -> Tensor:
        """Returns samples with zero for each value that the real ones lack."""
        return samples if self.observed is None else samples * self.observed


def split(data: Any) -> tuple[Any, Any, Any]:
    """Returns samples, condition and weights of what Keras passes to a step; `None` for none."""
    samples, condition, weight = keras.utils.unpack_x_y_sample_weight(data)
    if isinstance(samples, dict) and set(samples) == {SAMPLES, WEIGHTS}:
        samples, weight = samples[SAMPLES], samples[WEIGHTS]
    # A data set that cannot hold None has `(samples, (), weight)`.
    empty = isinstance(condition, tuple | list) and not condition
    return samples, None if empty else condition, weight


def check_weights(data: Any) -> Any:
    """Returns a batch of a data set; raises ValueError if a sample counts less than nothing."""
    # Those inside of `x` were checked with the whole array.
    if isinstance(data, tuple | list) and len(data) == 3 and data[2] is not None:
        weights = keras.ops.convert_to_numpy(data[2])
        refuse_unusable("the data set", np.asarray(weights).reshape(-1).astype("float32"))
    return data


def refuse_unusable(name: str, numbers: np.ndarray) -> None:
    """Raises ValueError for weights of samples that are negative or not finite."""
    unusable = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
    if len(unusable):
        raise InvalidInputError(
            f"The weights of {name} must be finite and not negative: a sample counts as often "
            f"as its weight says. Received: {numbers[unusable[0]]} for sample {unusable[0]}"
        )
