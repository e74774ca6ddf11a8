"""The weights of the past that the assets of a market generator share, and those of each one."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from keras_wgan._tensor import Tensor
from keras_wgan.networks.market_layers import SHRINKAGE


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
class SharedAndOwn(SharedByAssets):
    """Sums features with weights that assets share, and with further weights of each asset alone.

    Those of each asset start at zero and are not trained: they are set from the data, as the
    autocorrelation of an asset's returns is.
    """

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds the shared weights and gains, and a weight of each asset for each feature."""
        super().build(input_shape)
        self.own = self.add_weight(
            shape=(self.assets, input_shape[-1]), initializer="zeros", trainable=False, name="own"
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Returns `(batch, days, assets)` of features `(batch, days, assets, features)`."""
        return super().call(inputs) + ops.sum(inputs * self.own, axis=-1)

    def of_each_asset(self) -> Tensor:
        """Returns the weights times the gains plus the asset's own, `(assets, features)`."""
        return super().of_each_asset() + self.own


@keras.saving.register_keras_serializable(package="keras_wgan")
class AtMostOne(keras.constraints.Constraint):
    """Keeps gains whose logarithms are given at one or less."""

    def __call__(self, log_gain: Tensor) -> Tensor:
        """Returns logarithms of at most 0."""
        return ops.minimum(log_gain, 0.0)
