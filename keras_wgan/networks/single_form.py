"""The market generator of one asset: volatility from its falls, rises and trends, times a shock."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.invertibility import (
    LOWEST,
    RAISING,
    BoundedResponse,
    RaisingMoves,
    moves_of,
)
from keras_wgan.networks.market_layers import (
    HALF_LIVES,
    YESTERDAY,
    Mean,
    ShockMemory,
    TwoSidedTail,
    VolatilityBand,
    from_zero,
    sizes_of,
)
from keras_wgan.networks.shock_inversion import TailedShocks

Array = NDArray[np.float64]

MEMORY: tuple[float, ...] = (YESTERDAY, *HALF_LIVES)
SIGNED = len(MEMORY)  # falls and rises differ over all of them
TRENDS = slice(1, 5)  # the averages whose trends move volatility: half-lives of 1 to 20 days
PASSED_ON = 0.6  # of a lasting error of the shocks, by the drift, at most
DRIFTS = slice(0, 4)  # those that move the drift: yesterday and half-lives of 1 to 8 days


class SingleForm:
    """The layers of a market generator of one asset."""

    def __init__(self, found: Mapping[str, layers.Layer]) -> None:
        self.volatility_from_moves: layers.Dense = found["volatility_from_moves"]
        self.volatility_from_trends: layers.Dense = found["volatility_from_trends"]
        self.log_volatility: VolatilityBand = found["log_volatility"]
        self.drift: layers.Dense = found["drift"]
        self.tail: TwoSidedTail = found["tail"]

    def build(
        self, days: int, history: int, assets: int, present: Tensor | None = None
    ) -> keras.Model:
        """Returns a new generator of this form; `present` as for `single_generator`."""
        del assets
        return single_generator(days, history, present)

    def state(self) -> list[Tensor]:
        """Returns log volatility and drift of each day, and a market's log share of 0."""
        log_volatility = self.log_volatility.output
        return [log_volatility, self.drift.output, ops.zeros_like(log_volatility)]

    def shocks(self, noise: Array, log_share: float) -> Array:
        """Returns the shocks that noise `(n, 1)` makes; the market has no share of its own."""
        del log_share
        return numbers(self.tail(noise[None].astype("float32")))[0]

    def inverse(self) -> TailedShocks:
        """Returns what turns shocks back into noise."""
        return TailedShocks(np.eye(1), self.tail)


def single_generator(days: int, history: int, present: Tensor | None = None) -> keras.Model:
    """Returns an untrained generator of this form.

    Falls and rises raise volatility, except that yesterday's may take back a little of what the
    averages add, and so do trends, which are averages without their signs: time has an arrow.
    The drift is bounded, so that the state of a day can be found from the returns before it; the
    recipes set it from the data and do not train it (`keras_wgan.market.drift_start`).

    `present` is a second input `(history + days, 1)`, 0 on days that leave no trace.
    """
    noise = keras.Input((history + days, 1), name="noise")
    remember = ShockMemory(MEMORY, history, name="memory")
    seen = [noise, sizes_of(noise)]
    if present is not None:
        seen = [channels * present for channels in seen]
    averages, sizes = map(remember, seen)
    log_volatility = VolatilityBand(name="log_volatility")(
        from_zero(1, "volatility_from_moves", RaisingMoves(SIGNED, LOWEST))(
            moves_of(averages, sizes, SIGNED)
        )
        + from_zero(1, "volatility_from_trends", RAISING)(sizes_of(averages[..., TRENDS]))
    )
    drift = from_zero(1, "drift", BoundedResponse(MEMORY[DRIFTS], PASSED_ON))(averages[..., DRIFTS])
    shock = TwoSidedTail(name="tail")(noise[:, history:])
    moves = layers.Multiply(name="moves")([ops.exp(log_volatility), shock + drift])
    inputs = noise if present is None else [noise, present]
    return keras.Model(inputs, Mean(name="mean")(moves), name="market_generator")
