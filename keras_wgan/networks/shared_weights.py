"""The weights of the past that the assets of a market generator share, and their bounds."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks.market_layers import SHRINKAGE, SIZE_DEVIATION, kept_a_day

Array = NDArray[np.float64]

SIDE = math.sqrt(1 + SIZE_DEVIATION**2)  # the deviation of a standard normal's size plus itself


@keras.saving.register_keras_serializable(package="keras_wgan")
class SharedByAssets(layers.Layer):
    """Sums features with weights that all assets share, times a gain of each asset.

    The weights start at zero, the gains at one. A few thousand days of one asset cannot tell the
    weights of its past from chance; those of all assets can.

    Args:
        assets: The number of gains.
        constraint: What training keeps the weights to, as for the layers of Keras.
        shrinkage: The loss of a weight of one; that of a gain of e is a tenth of it.
        gain_constraint: What training keeps the logarithms of the gains to.
    """

    def __init__(
        self,
        assets: int,
        constraint: str | keras.constraints.Constraint | None = None,
        shrinkage: float = SHRINKAGE,
        gain_constraint: keras.constraints.Constraint | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.assets = assets
        self.of_weights = keras.regularizers.L2(shrinkage)
        self.of_gains = keras.regularizers.L2(shrinkage / 10)
        self.constraint = keras.constraints.get(constraint)
        self.gain_constraint = keras.constraints.get(gain_constraint)

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds a weight for each feature, and a gain for each asset."""
        self.kernel = self.add_weight(
            shape=(input_shape[-1], 1),
            initializer="zeros",
            regularizer=self.of_weights,
            constraint=self.constraint,
            name="kernel",
        )
        self.log_gain = self.add_weight(
            shape=(self.assets,),
            initializer="zeros",
            regularizer=self.of_gains,
            constraint=self.gain_constraint,
            name="log_gain",
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Returns `(batch, days, assets)` of features of each asset, or of the market for all.

        Shaped `(batch, days, assets, features)` or `(batch, days, 1, features)`.
        """
        return ops.matmul(inputs, self.kernel)[..., 0] * ops.exp(self.log_gain)

    def of_each_asset(self) -> Tensor:
        """Returns the weights times the gains, `(assets, features)`."""
        return ops.exp(self.log_gain)[:, None] * self.kernel[:, 0]

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {
            "assets": self.assets,
            "constraint": keras.constraints.serialize(self.constraint),
            "shrinkage": float(self.of_weights.l2),
            "gain_constraint": keras.constraints.serialize(self.gain_constraint),
            "name": self.name,
        }


@keras.saving.register_keras_serializable(package="keras_wgan")
class AtMostOne(keras.constraints.Constraint):
    """Keeps gains whose logarithms are given at one or less."""

    def __call__(self, log_gain: Tensor) -> Tensor:
        """Returns logarithms of at most 0."""
        return ops.minimum(log_gain, 0.0)


@keras.saving.register_keras_serializable(package="keras_wgan")
class BoundedResponse(keras.constraints.Constraint):
    """Keeps what weights of averages can make of shocks of one, day after day, below a limit.

    The largest response is the sum of the weights' sizes times what each average becomes of
    shocks of one. Of a drift it must be below one for the drift to be known from returns: an error
    of the past days' shocks changes today's by no more than that share of itself.

    Args:
        half_lives: Days, one for each weight, as for `ShockMemory`.
        limit: The largest response.
    """

    def __init__(self, half_lives: Sequence[float], limit: float) -> None:
        self.half_lives, self.limit = [float(days) for days in half_lives], limit
        kept = kept_a_day(self.half_lives)
        self.gains = np.sqrt(1 - kept**2) / (1 - kept)

    def __call__(self, kernel: Tensor) -> Tensor:
        """Returns `(half-lives, 1)` weights, all made smaller alike where they are too large."""
        gains = ops.convert_to_tensor(self.gains.astype("float32"))[:, None]
        response = ops.sum(ops.abs(kernel) * gains)
        return kernel * (self.limit / ops.maximum(response, self.limit))

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
