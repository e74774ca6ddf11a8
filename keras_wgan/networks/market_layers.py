"""The layers of a market generator: memory of shocks, bounded volatility, two-sided tails."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_wgan._tensor import Tensor

HALF_LIVES = (1, 3, 8, 20, 60, 150)  # days; averages this far apart decay much like a power law
# The loss of a weight of the past that is one. Without it five assets of constant volatility, whose
# past says nothing, were found at up to 2.3 times their volatility; 0 to .2 is what stocks need.
SHRINKAGE = 1.0
# An average of so short a half-life is yesterday's shock, to a thousandth.
YESTERDAY = 0.1
DRIFTING = 3  # the half-lives, shortest first, of the averages that move the drift
BLOCK = 64  # days that one matrix product covers; any horizon is a row of such blocks
MEAN_SIZE = math.sqrt(2 / math.pi)  # of a standard normal
SIZE_DEVIATION = math.sqrt(1 - 2 / math.pi)
FULL_TAIL = 0.45  # a Tukey-h of one half has no variance any more


@keras.saving.register_keras_serializable(package="keras_wgan")
class ShockMemory(layers.Layer):
    """Exponentially weighted averages of the days before today, one for each half-life.

    Each average has unit variance for white noise of unit variance. The first `history` days only
    fill the memory, so that every day of the output has a past, and the output is stationary.
    """

    def __init__(self, half_lives: Sequence[float], history: int, name: str | None = None) -> None:
        super().__init__(name=name)
        self.half_lives, self.history = [float(days) for days in half_lives], int(history)
        self.kept = kept_a_day(self.half_lives)

    def call(self, inputs: Tensor) -> Tensor:
        """Returns `(batch, days, channels * half-lives)` of `(batch, history + days, channels)`."""
        # Whole numbers where PyTorch, while it exports, would have tensors.
        channels, days = int(inputs.shape[2]), int(inputs.shape[1]) - self.history
        by_channel = _swapped(inputs, channels)
        # Over all days, with zeros for later ones: slicing the past would copy it.
        past = np.pad(self._fading(self.history), ((0, days), (0, 0)))
        state = ops.matmul(by_channel, _constant(past))
        parts = []
        for first in range(self.history, self.history + days, BLOCK):
            length = min(BLOCK, self.history + days - first)
            shocks = by_channel[:, :, first : first + length]
            seen = ops.concatenate([shocks, state], axis=2)
            parts.append(ops.matmul(seen, _constant(self._within(length))))
            state = ops.matmul(shocks, _constant(self._fading(length))) + state * _constant(
                self.kept**length
            )
        remembered = ops.reshape(
            ops.concatenate(parts, axis=2), (-1, channels, days, len(self.kept))
        )
        if channels > 1:
            remembered = ops.transpose(remembered, (0, 2, 1, 3))
        return ops.reshape(remembered, (-1, days, channels * len(self.kept)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"half_lives": self.half_lives, "history": self.history, "name": self.name}

    def _fading(self, length: int) -> np.ndarray:
        """Returns `(length, half-lives)`: the share of each day's shock left after the last day."""
        return np.sqrt(1 - self.kept**2) * self.kept ** np.arange(length)[::-1, None]

    def _within(self, length: int) -> np.ndarray:
        """Returns `(length + half-lives, length * half-lives)` weights of a block's averages.

        The first rows weigh the block's own days, the others the memory at its beginning.
        """
        age = np.arange(length)[None, :] - np.arange(length)[:, None] - 1
        weights = np.sqrt(1 - self.kept**2) * self.kept ** np.maximum(age, 0)[:, :, None]
        own = np.where(age[:, :, None] >= 0, weights, 0.0)
        left = np.eye(len(self.kept))[:, None, :] * self.kept ** np.arange(length)[:, None]
        return np.concatenate([own, left]).reshape(length + len(self.kept), -1)


@keras.saving.register_keras_serializable(package="keras_wgan")
class VolatilityBand(layers.Layer):
    """Log volatility around a level, between a soft floor and a soft ceiling, all learned.

    Markets calm down but never stop, and a crisis does not compound without end. How sharp the
    floor is is learned too: a soft one makes calm days much alike and crises rare and extreme.
    """

    FLOOR_SHARPNESS = 1.5  # of the floor's softplus at the start; smaller is softer
    CEILING_SHARPNESS = 3.0  # of the ceiling's: the slope falls from 0.9 to 0.1 over 1.5

    def __init__(
        self,
        floor: float = -1.2,
        ceiling: float = 2.5,
        level: float = -0.35,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self.initial = {"floor": floor, "ceiling": ceiling, "level": level}

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds a floor, a ceiling, a level and the floor's sharpness for each asset."""
        self.floor, self.ceiling, self.level = (
            _each_asset(self, name, input_shape[-1], value) for name, value in self.initial.items()
        )
        self.log_sharpness = _each_asset(
            self, "log_sharpness", input_shape[-1], math.log(self.FLOOR_SHARPNESS)
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Returns log volatilities, shaped as the inputs `(batch, days, assets)`."""
        sharpness = ops.exp(self.log_sharpness)
        raised = (
            self.floor + ops.softplus(sharpness * (inputs + self.level - self.floor)) / sharpness
        )
        room = self.ceiling - raised
        return self.ceiling - ops.softplus(self.CEILING_SHARPNESS * room) / self.CEILING_SHARPNESS

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {**self.initial, "name": self.name}


@keras.saving.register_keras_serializable(package="keras_wgan")
class TwoSidedTail(layers.Layer):
    """Turns normal shocks into shocks with a tail of its own on each side, mean 0, variance 1.

    A Tukey-h transform, `s z exp(h z^2 / 2)`, with a scale `s` and a weight `h` for losses and
    others for gains. `h` is also the reciprocal of the tail index, so 0.1 has nine finite moments.

    Reference:
        Tukey (1977), Exploratory Data Analysis; Hoaglin (1985) for g-and-h distributions.
    """

    def __init__(self, weight: float = 0.04, name: str | None = None) -> None:
        super().__init__(name=name)
        self.weight = weight

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds two tail weights and a skew for each asset."""
        initial = -math.log(FULL_TAIL / self.weight - 1.0)
        self.left, self.right = (
            _each_asset(self, name, input_shape[-1], initial) for name in ("left", "right")
        )
        self.skew = _each_asset(self, "skew", input_shape[-1], 0.0)

    def call(self, inputs: Tensor) -> Tensor:
        """Returns shocks, shaped as the standard normals `(batch, days, assets)`."""
        (left, right), (losses, gains), mean, deviation = self.shape()
        below = inputs < 0.0
        stretch = ops.exp(ops.where(below, left, right) * ops.square(inputs) / 2.0)
        return (inputs * ops.where(below, losses, gains) * stretch - mean) / deviation

    def shape(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor], Tensor, Tensor]:
        """Returns both weights, both scales, and the transform's mean and standard deviation."""
        left, right = (FULL_TAIL * ops.sigmoid(side) for side in (self.left, self.right))
        losses, gains = ops.exp(-self.skew), ops.exp(self.skew)
        # E[z exp(h z^2 / 2); z > 0] = 1 / ((1 - h) sqrt(2 pi)), E[z^2 exp(h z^2)] = (1 - 2h)^-1.5.
        mean = (gains / (1 - right) - losses / (1 - left)) / math.sqrt(2 * math.pi)
        square = losses**2 * (1 - 2 * left) ** -1.5 + gains**2 * (1 - 2 * right) ** -1.5
        return (left, right), (losses, gains), mean, ops.sqrt(square / 2.0 - mean**2)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        return {"weight": self.weight, "name": self.name}


@keras.saving.register_keras_serializable(package="keras_wgan")
class Mean(layers.Layer):
    """Adds each asset's mean return, which starts at zero."""

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds a mean for each asset."""
        self.mean = _each_asset(self, "mean", input_shape[-1], 0.0)

    def call(self, inputs: Tensor) -> Tensor:
        """Returns the inputs plus the mean."""
        return inputs + self.mean


@keras.saving.register_keras_serializable(package="keras_wgan")
class CorrelatedShocks(layers.Layer):
    """Mixes independent normals into correlated ones; each stays a standard normal."""

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Adds the numbers below the diagonal of a triangular factor, zero at first."""
        assets = input_shape[-1]
        self.below = self.add_weight(shape=(assets, assets), initializer="zeros", name="below")

    def call(self, inputs: Tensor) -> Tensor:
        """Returns correlated normals, shaped as the independent ones `(batch, days, assets)`."""
        return ops.matmul(inputs, ops.transpose(self.factor()))

    def factor(self) -> Tensor:
        """Returns the triangular factor L of the correlations L L^T, rows of length one."""
        rows = ops.tril(self.below, k=-1) + ops.eye(self.below.shape[0])
        return rows / ops.sqrt(ops.sum(ops.square(rows), axis=1, keepdims=True))


def sizes_of(shocks: Tensor) -> Tensor:
    """Returns the sizes of standard normals, scaled to mean 0 and variance 1."""
    return (ops.abs(shocks) - MEAN_SIZE) / SIZE_DEVIATION


def kept_a_day(half_lives: Sequence[float]) -> np.ndarray:
    """Returns the share of a shock that is left in each average a day later."""
    return 2.0 ** (-1.0 / np.array(half_lives))


def from_zero(
    units: int,
    name: str,
    constraint: str | keras.constraints.Constraint | None = None,
    shrinkage: float = SHRINKAGE,
) -> layers.Layer:
    """Returns a dense layer whose weights start at zero, so that training finds what it adds.

    They are shrunk, and `constraint` is what training keeps them to.
    """
    return layers.Dense(
        units,
        use_bias=False,
        kernel_initializer="zeros",
        kernel_regularizer=keras.regularizers.L2(shrinkage),
        kernel_constraint=constraint,
        name=name,
    )


def _each_asset(layer: layers.Layer, name: str, assets: Any, value: float) -> keras.Variable:
    initializer = keras.initializers.Constant(value)
    return layer.add_weight(shape=(assets,), initializer=initializer, name=name)


def _swapped(inputs: Tensor, channels: int) -> Tensor:
    """Returns `(batch, channels, days)`; of one channel without a copy."""
    if channels == 1:
        return ops.reshape(inputs, (-1, 1, inputs.shape[1]))
    return ops.transpose(inputs, (0, 2, 1))


def _constant(values: np.ndarray) -> Tensor:
    return ops.convert_to_tensor(values.astype("float32"))
