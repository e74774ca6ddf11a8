"""The layers of a market generator of several assets that make a day's joint shocks."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_wgan._tensor import Tensor
from keras_wgan.networks.market_layers import CorrelatedShocks

MAX_SPREAD = 0.6  # of the logarithm of the common scale
MAX_POWER = 2.0  # of a tail: the square of a normal in the limit
NODES = np.linspace(-8.0, 8.0, 129)  # quadrature of a standard normal
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
