"""Generator penalties on the distribution of returns over several horizons."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan._validation import whole_numbers
from keras_wgan.backends import sorted_columns
from keras_wgan.errors import InvalidInputError
from keras_wgan.penalties.base import SquaredPenalty


class _SortedPenalty(SquaredPenalty):
    """Compares generated and real sums over several horizons, rank by rank."""

    def __init__(self, horizons: Sequence[int], weight: float) -> None:
        super().__init__(weight)
        self.horizons = whole_numbers("horizons", horizons)

    def differences(self, real: Tensor, fake: Tensor) -> list[Tensor]:
        """Returns the gaps between equal ranks, in real standard deviations, of each horizon."""
        found = []
        for days in self.horizons:
            target, generated = (sorted_columns(_sums(batch, days)) for batch in (real, fake))
            # The sums of a batch of one window do not vary, but its days do.
            least = 0.1 * math.sqrt(days) * ops.std(real, axis=(0, 1))
            scale = ops.maximum(ops.std(target, axis=0), least) + keras.config.epsilon()
            found.append((generated - target) / scale)
        return found

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"horizons": list(self.horizons), "weight": self.weight}


@keras.saving.register_keras_serializable(package="keras_wgan")
class QuantilePenalty(_SortedPenalty):
    """A generator penalty on the distribution of returns over several horizons.

    The Wasserstein-1 distance of generated to real sums over `h` days, in units of the real sums'
    standard deviation, added up over the horizons. All ranks have the same weight, so ordinary
    days dominate.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import QuantilePenalty

    real = np.array([[[-1.0]], [[1.0]]], "float32")  # two windows of a day, standard deviation 1
    assert abs(float(QuantilePenalty(horizons=(1,))(real, real + 0.5)) - 0.5) < 1e-6
    ```

    Args:
        horizons: Days to add up, over parts of a window that do not overlap; none longer than a
            window. Defaults to `(1, 5, 20, 60)`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.

    Raises:
        ValueError: If a horizon is not a whole number of at least 1, or `weight` is negative.
    """

    def __init__(self, horizons: Sequence[int] = (1, 5, 20, 60), weight: float = 1.0) -> None:
        super().__init__(horizons, weight)

    def gap(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the mean sizes of the gaps of all horizons, added up."""
        total = ops.zeros(())
        for each in self.differences(real, fake):
            total = total + ops.mean(ops.abs(each))
        return total


@keras.saving.register_keras_serializable(package="keras_wgan")
class ExtremesPenalty(_SortedPenalty):
    """A generator penalty on the largest gains and losses over several horizons.

    The squared Wasserstein-2 distance of generated to real sums over `h` days, in units of the
    real sums' variance, added up over the horizons. Squares give most weight to the few extreme
    days, to which a `QuantilePenalty` is nearly blind, but less than a fourth moment would.

    Example:
    ```python
    import numpy as np
    from keras_wgan.penalties import ExtremesPenalty

    real = np.array([[[-1.0]], [[1.0]]], "float32")  # two windows of a day, variance 1
    assert abs(float(ExtremesPenalty(horizons=(1,))(real, real + 0.5)) - 0.25) < 1e-6
    ```

    Args:
        horizons: Days to add up, over parts of a window that do not overlap; none longer than a
            window. Defaults to `(1, 5)`.
        weight: What the penalty is multiplied by. Defaults to `1.0`.

    Raises:
        ValueError: If a horizon is not a whole number of at least 1, or `weight` is negative.
    """

    def __init__(self, horizons: Sequence[int] = (1, 5), weight: float = 1.0) -> None:
        super().__init__(horizons, weight)


def _sums(batch: Tensor, days: int) -> Tensor:
    """Returns `(sums, assets)` over parts of `days` days that do not overlap."""
    length, assets = batch.shape[1], batch.shape[2]
    if days > length:
        raise InvalidInputError(
            f"`horizons` must not be longer than a window of {length} days. Received: {days}"
        )
    whole = batch[:, : length // days * days]
    parts = ops.sum(ops.reshape(whole, (-1, length // days, days, assets)), axis=2)
    return ops.reshape(parts, (-1, assets))
