"""The layers of a market generator of several assets: joint shocks and shared weights."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks.market_layers import SHRINKAGE, CorrelatedShocks

Array = NDArray[np.float64]

MAX_SPREAD = 0.6  # of the logarithm of the common scale
MAX_POWER = 2.0  # of a tail: the square of a normal in the limit
NODES = np.linspace(-8.0, 8.0, 129)  # quadrature of a standard normal
SIZE = math.sqrt(1 - 2 / math.pi)  # the deviation of a standard normal's size
SIDE = math.sqrt(1 + SIZE**2)  # of its size plus itself
DENSITY = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


@keras.saving.register_keras_serializable(package="keras_wgan")
class MarketShocks(CorrelatedShocks):
    """Mixes independent normals into correlated ones, and reads the whole market from them.

    The shock of the market is that of a portfolio of all assets. The length of the noise without it
    is the size of all other news of the day.
    """

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds the factor of the correlations, and the weights of the portfolio, equal at first."""
        super().build(input_shape)
        self.portfolio = self.add_weight(
            shape=(input_shape[-1],), initializer="ones", name="portfolio"
        )

    def call(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Returns correlated normals, the market's shock and the size of other news, and loadings.

        Shaped `(batch, days, assets)`, `(batch, days, 2)`, both standard normals, and
        `(1, 1, assets)`: what a market shock of 1 moves each correlated normal by.
        """
        direction, loadings = self.direction()
        market = ops.sum(inputs * direction, axis=-1, keepdims=True)
        squares = ops.sum(ops.square(inputs - market * direction), axis=-1, keepdims=True)
        common = ops.concatenate([market, size_of_news(squares, inputs.shape[-1] - 1)], axis=-1)
        return super().call(inputs), common, loadings[None, None]

    def direction(self) -> tuple[Tensor, Tensor]:
        """Returns the unit vector of noise that is the market's shock, and each asset's loading."""
        factor = self.factor()
        along = ops.sum(factor * self.portfolio[:, None], axis=0)
        along = along / ops.sqrt(ops.sum(ops.square(along)))
        return along, ops.sum(factor * along, axis=1)


@keras.saving.register_keras_serializable(package="keras_wgan")
class NewsScale(layers.Layer):
    """Multiplies the shocks besides the market's by one scale, so that extremes come together.

    The scale is a lognormal function of the length of these shocks. Their variance stays one.
    """

    def __init__(self, dimensions: int, spread: float = 0.15, name: str | None = None) -> None:
        super().__init__(name=name)
        self.dimensions, self.initial_spread = dimensions, spread

    def build(self, *input_shapes: Sequence[int | None]) -> None:
        """Adds the spread of the scale."""
        start = keras.initializers.Constant(-math.log(MAX_SPREAD / self.initial_spread - 1.0))
        self.logit = self.add_weight(shape=(), initializer=start, name="logit")

    def call(self, shocks: Tensor, size: Tensor) -> Tensor:
        """Returns `(batch, days, assets)` shocks times the scale of a size `(batch, days, 1)`."""
        return shocks * ops.exp(self.spread() * size) / ops.sqrt(self.variance())

    def variance(self) -> Tensor:
        """Returns the mean square of length times scale before it is divided by it.

        Of a normal g, E[exp(2 a g) (c + b g)^3].
        """
        spread, (center, slope) = self.spread(), cube_root(self.dimensions)
        moved = center + 2 * spread * slope
        return ops.exp(2 * spread**2) * (moved**3 + 3 * moved * slope**2)

    def spread(self) -> Tensor:
        """Returns the standard deviation of the scale's logarithm."""
        return MAX_SPREAD * ops.sigmoid(self.logit)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"dimensions": self.dimensions, "spread": self.initial_spread, "name": self.name}


@keras.saving.register_keras_serializable(package="keras_wgan")
class TwoSidedPower(layers.Layer):
    """Gives each asset's shocks a power of its own on each side, mean 0 and variance 1 of normals.

    `s sinh(p arcsinh(x))`, with a power `p` of 1 to 2 and a scale `s` for losses and others for
    gains. Beyond a few deviations it grows as a power, so shocks whose tails are already heavy keep
    their moments, unlike with a Tukey-h transform.

    Reference:
        Jones and Pewsey (2009), Sinh-arcsinh Distributions.
    """

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds two powers and a skew for each asset."""
        assets, start = input_shape[-1], keras.initializers.Constant(-2.0)
        self.left, self.right = (
            self.add_weight(shape=(assets,), initializer=start, name=name)
            for name in ("left", "right")
        )
        self.skew = self.add_weight(shape=(assets,), initializer="zeros", name="skew")

    def call(self, inputs: Tensor) -> Tensor:
        """Returns shocks, shaped as the inputs `(batch, days, assets)`."""
        mean, deviation = self.shape()
        return (self._power(inputs) - mean) / deviation

    def shape(self) -> tuple[Tensor, Tensor]:
        """Returns the transform's mean and standard deviation, of normals."""
        nodes = ops.convert_to_tensor(NODES.astype("float32"))[:, None]
        density = ops.convert_to_tensor(DENSITY.astype("float32"))[:, None]
        moved = self._power(nodes)  # by node and asset
        mean = ops.sum(density * moved, axis=0)
        return mean, ops.sqrt(ops.sum(density * ops.square(moved - mean), axis=0))

    def sides(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Returns both powers and both scales, of losses and of gains."""
        powers = tuple(
            1.0 + (MAX_POWER - 1.0) * ops.sigmoid(side) for side in (self.left, self.right)
        )
        return powers, (ops.exp(-self.skew), ops.exp(self.skew))

    def _power(self, inputs: Tensor) -> Tensor:
        (left, right), (losses, gains) = self.sides()
        below = inputs < 0.0
        # In full: `ops.arcsinh` and `ops.sinh` cannot be exported to ONNX from PyTorch.
        size = ops.log(ops.abs(inputs) + ops.sqrt(ops.square(inputs) + 1.0))
        angle = ops.where(below, -left, right) * size
        return ops.where(below, losses, gains) * (ops.exp(angle) - ops.exp(-angle)) / 2.0


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
        kept = 2.0 ** (-1.0 / np.array(self.half_lives))
        self.gains = np.sqrt(1 - kept**2) / (1 - kept)

    def __call__(self, kernel: Tensor) -> Tensor:
        """Returns `(half-lives, 1)` weights, all made smaller alike where they are too large."""
        gains = ops.convert_to_tensor(self.gains.astype("float32"))[:, None]
        response = ops.sum(ops.abs(kernel) * gains)
        return kernel * (self.limit / ops.maximum(response, self.limit))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"half_lives": self.half_lives, "limit": self.limit}


@keras.saving.register_keras_serializable(package="keras_wgan")
class Bounded(layers.Layer):
    """Bounds the logarithm of a relative volatility, nearly the identity around zero."""

    def __init__(self, limit: float, name: str | None = None) -> None:
        super().__init__(name=name)
        self.limit = limit

    def call(self, inputs: Tensor) -> Tensor:
        """Returns numbers between -limit and limit, shaped as the inputs."""
        return self.limit * ops.tanh(inputs / self.limit)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"limit": self.limit, "name": self.name}


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
    signs, both = averages[..., :signed], SIZE * sizes[..., :signed]
    return ops.concatenate(
        [(both - signs) / SIDE, (both + signs) / SIDE, sizes[..., signed:]], axis=-1
    )


def signed_weights(weights: Array, signed: int) -> tuple[Array, Array]:
    """Returns weights of `moves_of` as those of averages and of sizes, the arguments."""
    falls, rises, longest = np.split(weights, [signed, 2 * signed], axis=-1)
    sizes = np.concatenate([SIZE * (rises + falls) / SIDE, longest], axis=-1)
    return (rises - falls) / SIDE, sizes


def size_of_news(squares: Tensor, dimensions: int) -> Tensor:
    """Returns a chi-squared number's rank as a standard normal.

    Reference:
        Wilson and Hilferty (1931): the cube root of a chi-squared number is nearly normal.
    """
    center, slope = cube_root(dimensions)
    # At a length of exactly zero the root would have no slope. As a power it cannot be exported to
    # ONNX from JAX for any number of paths.
    return (ops.exp(ops.log(squares / dimensions + 1e-9) / 3) - center) / slope


def cube_root(dimensions: int) -> tuple[float, float]:
    """Returns mean and standard deviation of the cube root of a mean of squares."""
    return 1 - 2 / (9 * dimensions), math.sqrt(2 / (9 * dimensions))
