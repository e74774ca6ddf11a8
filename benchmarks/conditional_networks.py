"""Networks of a conditional GAN of returns: a generator with an observed state, and its critic."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_wgan.market.baselines.multiscale_model import (
    KEEP,
    MIN_VOLATILITY,
    SATURATION,
    SCALES,
    SHARPNESS,
)
from keras_wgan.networks.market_layers import TwoSidedTail
from keras_wgan.networks.path_views import PathViews

STATE = 2 * SCALES + 1  # averages of returns, averages of their sizes, level of the last year
PERSISTENCE, SIZE = 0.9, 0.15  # of the hidden log volatility at the start
TAIL = 0.06


@keras.saving.register_keras_serializable(package="keras_wgan_benchmarks")
class MultiscaleReturns(layers.Layer):
    """The recursion of `FHS-multiscale`, times a hidden log volatility that no return shows."""

    def build(self, input_shape: Any) -> None:
        """Adds the weights of the averages, the persistence of the hidden part and its size."""
        self.weights_of_averages = self.add_weight((STATE,), "zeros", name="averages")
        self.persistence = self._number("persistence", float(np.arctanh(PERSISTENCE)))
        self.size = self._number("size", SIZE)

    def call(self, inputs: list[Any]) -> Any:
        """Returns `(batch, days)` returns of `(batch, days)` shocks, hidden noise, and states."""
        shocks, hidden_noise, state = inputs
        keep, weights = ops.convert_to_tensor(KEEP, "float32"), self.weights_of_averages
        rho, level = ops.tanh(self.persistence), state[:, -1]
        trend, activity = state[:, :SCALES], state[:, SCALES : 2 * SCALES]
        hidden, spread = self.size * hidden_noise[:, 0], ops.sqrt(1.0 - rho**2)
        moves = []
        # `ops.scan` would do, but on one backend it wants outputs shaped as what is carried.
        for day in range(shocks.shape[1]):
            raw = weights[0] + ops.matmul(trend, weights[1 : 1 + SCALES])
            raw = raw + ops.matmul(activity, weights[1 + SCALES :])
            floored = MIN_VOLATILITY + ops.softplus(SHARPNESS * (raw - MIN_VOLATILITY)) / SHARPNESS
            move = level * floored * ops.exp(hidden - self.size**2) * shocks[:, day]
            damped = (SATURATION * ops.arcsinh(move / SATURATION))[:, None]
            trend = trend * keep + (1.0 - keep) * damped
            activity = activity * keep + (1.0 - keep) * ops.abs(damped)
            hidden = rho * hidden + self.size * spread * hidden_noise[:, day + 1]
            moves.append(move)
        return ops.stack(moves, axis=1)

    def _number(self, name: str, value: float) -> Any:
        return self.add_weight((), keras.initializers.Constant(value), name=name)


def conditional_generator(days: int) -> keras.Model:
    """Returns a generator from `[noise, state]` to `(batch, days, 1)` standardized returns."""
    noise, state = keras.Input((2 * days + 1,)), keras.Input((STATE,))
    shocks = TwoSidedTail(weight=TAIL, name="tail")(noise[:, :days, None])[..., 0]
    returns = MultiscaleReturns(name="returns")([shocks, noise[:, days:], state])
    return keras.Model([noise, state], returns[..., None])


def conditional_critic(days: int) -> keras.Model:
    """Returns a critic of a future in units of the history and of its own past, given the state."""
    returns, state = keras.Input((days, 1)), keras.Input((STATE,))
    usual = ops.mean(state[:, SCALES : 2 * SCALES - 2], axis=1)[:, None, None]
    in_own_units = layers.Multiply()([returns, ops.reciprocal(usual)])
    features = layers.Concatenate()(
        [
            PathViews(name="views")(returns),
            PathViews(name="own_views")(in_own_units),
            layers.RepeatVector(days)(state),
        ]
    )
    for filters in (32, 48, 64):
        features = layers.Conv1D(filters, 5, strides=2, padding="same")(features)
        features = layers.LeakyReLU(negative_slope=0.2)(features)
    features = layers.Concatenate()([layers.Flatten()(features), state])
    features = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(64)(features))
    return keras.Model([returns, state], layers.Dense(1)(features))
