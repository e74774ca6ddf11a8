"""What keeps the state of a market generator known: moves that raise it, and drifts that fade.

Where a fall or a rise lowered what its own scale divides, a volatility that is found too high from
real returns would make their shocks seem small, and itself higher still: the state of today would
depend on where the search for it began. So moves have weights of at least zero, but for a bounded
one of yesterday's, and of a lasting error of the shocks a drift passes on only a part.

Reference:
    Wintenberger (2013), Continuous Invertibility and Stable QML Estimation of the EGARCH(1,1)
    Model, for the condition that no move lowers a volatility.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks.market_layers import SIZE_DEVIATION, kept_a_day

Array = NDArray[np.float64]

RAISING = "non_neg"  # Keras' name for weights that are never negative
# Of yesterday's fall and of its rise. An error of volatility of 1% makes both smaller by .68% in
# the mean, as `moves_of` scales them, and so passes on no more than .4% of itself.
LOWEST = -0.3
TINY = 1e-9  # below any response of weights that are not zero
SIDE = math.sqrt(1 + SIZE_DEVIATION**2)  # the deviation of a standard normal's size plus itself


@keras.saving.register_keras_serializable(package="keras_wgan")
class RaisingMoves(keras.constraints.Constraint):
    """Keeps weights of `moves_of` such that no move lowers what they sum to, but for a day.

    All weights are at least zero, except those of the first average, yesterday's: they are bounded.
    In markets, sizes of returns resemble those of two days ago more than yesterday's.

    Args:
        signed: The number of half-lives over which falls and rises differ, as for `moves_of`.
        lowest: The lowest weight of yesterday's fall and of its rise, not above 0.
    """

    def __init__(self, signed: int, lowest: float) -> None:
        self.signed, self.lowest = signed, lowest

    def __call__(self, kernel: Tensor) -> Tensor:
        """Returns `(weights of moves, 1)` weights within these bounds."""
        lowest = np.zeros(kernel.shape, "float32")
        lowest[[0, self.signed]] = self.lowest
        return ops.maximum(kernel, ops.convert_to_tensor(lowest))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"signed": self.signed, "lowest": self.lowest}


@keras.saving.register_keras_serializable(package="keras_wgan")
class BoundedResponse(keras.constraints.Constraint):
    """Keeps what weights of averages can make of shocks of one, day after day, below a limit.

    The largest response is the sum of the weights' sizes times what each average becomes of
    shocks of one. Of a drift it must be below one for the drift to be known from returns: an error
    of the past days' shocks changes today's by no more than that share of itself.

    Args:
        half_lives: Days, one for each weight, as for `ShockMemory`.
        limit: The largest response, at least 0.
    """

    def __init__(self, half_lives: Sequence[float], limit: float) -> None:
        self.half_lives, self.limit = [float(days) for days in half_lives], limit
        kept = kept_a_day(self.half_lives)
        self.gains = np.sqrt(1 - kept**2) / (1 - kept)

    def __call__(self, kernel: Tensor) -> Tensor:
        """Returns `(half-lives, 1)` weights, all made smaller alike where they are too large."""
        gains = ops.convert_to_tensor(self.gains.astype("float32"))[:, None]
        response = ops.sum(ops.abs(kernel) * gains)
        # A limit of zero, with weights of zero, is no division by zero.
        return kernel * (self.limit / ops.maximum(response, max(self.limit, TINY)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"half_lives": self.half_lives, "limit": self.limit}


def moves_of(averages: Tensor, sizes: Tensor, signed: int) -> Tensor:
    """Returns averages of falls, of rises, and over the longest half-lives of sizes alone.

    A fall is what a standard normal lies below zero, a rise what it lies above, both scaled to mean
    0 and variance 1. Their averages are those of sizes minus and plus those of the shocks.

    Args:
        averages: `(..., half-lives)` averages of shocks, shortest first.
        sizes: The same of their sizes, as `sizes_of` scales them.
        signed: The number of half-lives, shortest first, over which falls and rises differ.

    Returns:
        `(..., half-lives + signed)`.
    """
    signs, both = averages[..., :signed], SIZE_DEVIATION * sizes[..., :signed]
    return ops.concatenate(
        [(both - signs) / SIDE, (both + signs) / SIDE, sizes[..., signed:]], axis=-1
    )


def signed_weights(weights: Array, signed: int) -> tuple[Array, Array]:
    """Returns weights of `moves_of` as those of averages and of sizes, the arguments."""
    falls, rises, longest = np.split(weights, [signed, 2 * signed], axis=-1)
    sizes = np.concatenate([SIZE_DEVIATION * (rises + falls) / SIDE, longest], axis=-1)
    return (rises - falls) / SIDE, sizes
