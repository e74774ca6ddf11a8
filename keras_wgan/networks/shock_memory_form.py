"""The market generator of runs up to version 0.2, of one asset or several, which open as before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.market_layers import (
    DRIFTING,
    HALF_LIVES,
    SHRINKAGE,
    CorrelatedShocks,
    Mean,
    ShockMemory,
    TwoSidedTail,
    VolatilityBand,
    from_zero,
    sizes_of,
)
from keras_wgan.networks.shock_inversion import TailedShocks

Array = NDArray[np.float64]

RECENT = 20  # days whose shocks are also seen one by one
HIDDEN = 24


class ShockMemoryForm:
    """The layers of a market generator of a run up to version 0.2."""

    def __init__(self, found: Mapping[str, layers.Layer]) -> None:
        self._layers = found
        self.correlation: CorrelatedShocks | None = found.get("shocks")
        self.volatility_from_memory: layers.Dense = found["volatility_from_memory"]
        self.volatility_from_days: layers.Conv1D = found["volatility_from_days"]
        self.log_volatility: VolatilityBand = found["log_volatility"]
        self.drift: layers.Layer = found["drift"]
        self.tail: TwoSidedTail = found["tail"]
        self._drifts_from_all = isinstance(self.drift, layers.Add)

    def build(
        self, days: int, history: int, assets: int, present: Tensor | None = None
    ) -> keras.Model:
        """Returns a new generator of this form; `present` as for `shock_memory_generator`."""
        drift_of = _drift_of_version_0_1 if self._drifts_from_all else _drift
        return shock_memory_generator(days, history, assets, drift_of, present)

    def state(self) -> list[Tensor]:
        """Returns log volatility and drift of each day and asset, and a market's log share of 0."""
        log_volatility = self.log_volatility.output
        return [log_volatility, self.drift.output, ops.zeros_like(log_volatility[..., :1])]

    def shocks(self, noise: Array, log_share: float) -> Array:
        """Returns the shocks that noise `(n, assets)` makes; the market has no share of its own."""
        del log_share
        mixed = noise[None].astype("float32")
        mixed = mixed if self.correlation is None else self.correlation(mixed)
        return numbers(self.tail(mixed))[0]

    def inverse(self) -> TailedShocks:
        """Returns what turns shocks back into noise."""
        mixing = np.eye(1) if self.correlation is None else numbers(self.correlation.factor())
        return TailedShocks(mixing, self.tail)

    def drift_from_memory(self, assets: int) -> Array:
        """Returns `(averages, assets)` weights of all averages, of shocks and sizes, in the drift.

        Those that the drift does not see weigh zero.
        """
        if self._drifts_from_all:
            return numbers(self._layers["drift_from_memory"].kernel)
        found = np.zeros((2, assets, len(HALF_LIVES), assets))
        found[0, :, :DRIFTING] = numbers(self.drift.kernel).reshape(assets, DRIFTING, assets)
        return found.reshape(-1, assets)

    def drift_from_hidden(self, assets: int) -> Array:
        """Returns `(hidden, assets)` weights of the hidden units in the drift."""
        if self._drifts_from_all:
            return numbers(self._layers["drift_from_hidden"].kernel)
        return np.zeros((HIDDEN, assets))


DriftOf = Callable[[Tensor, Tensor, Tensor], Tensor]  # of averages, memory and hidden units


def shock_memory_generator(
    days: int,
    history: int,
    assets: int,
    drift_of: DriftOf | None = None,
    present: Tensor | None = None,
) -> keras.Model:
    """Returns an untrained generator of this form, by default with the drift of version 0.2.

    Its volatility also saw the pattern of the last days, through two layers, and rises could lower
    it: the state of today then depended on the noise assumed before the first day.

    `present` is a second input `(history + days, 1)`, 0 on days that leave no trace: neither their
    shocks nor their sizes are remembered.
    """
    noise = keras.Input((history + days, assets), name="noise")
    shocks = CorrelatedShocks(name="shocks")(noise) if assets > 1 else noise
    sizes = sizes_of(shocks)
    today = shocks[:, history:]
    if present is not None:
        shocks, sizes = shocks * present, sizes * present
    # Concatenated only after averaging: interleaving two years of both would be slow.
    remember = ShockMemory(HALF_LIVES, history, name="memory")
    averages = remember(shocks)
    memory = layers.Concatenate(name="memories")([averages, remember(sizes)])
    recent = layers.Concatenate(name="recent")(
        [each[:, history - RECENT : -1] for each in (shocks, sizes)]
    )
    pattern = layers.Conv1D(HIDDEN, RECENT, activation="tanh", name="recent_pattern")(recent)
    hidden = layers.Dense(HIDDEN, activation="tanh", name="hidden")(
        layers.Concatenate(name="pattern_and_memory")([pattern, memory])
    )
    log_volatility = VolatilityBand(name="log_volatility")(
        from_zero(assets, "volatility_from_memory")(memory)
        + layers.Conv1D(
            assets,
            RECENT,
            use_bias=False,
            kernel_initializer="zeros",
            kernel_regularizer=keras.regularizers.L2(SHRINKAGE),
            name="volatility_from_days",
        )(recent)
        + from_zero(assets, "volatility_from_hidden")(hidden)
    )
    drift = (drift_of or _drift)(averages, memory, hidden)
    shock = TwoSidedTail(name="tail")(today)
    moves = layers.Multiply(name="moves")([ops.exp(log_volatility), shock + drift])
    returns = Mean(name="mean")(moves)
    inputs = noise if present is None else [noise, present]
    return keras.Model(inputs, returns, name="market_generator")


def _drift(averages: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
    """Returns the drift from the short averages of each asset's shocks."""
    del memory, hidden
    days, scales = averages.shape[1], len(HALF_LIVES)
    assets = averages.shape[2] // scales
    by_scale = layers.Reshape((days, assets, scales), name="by_half_life")(averages)
    short = layers.Reshape((days, assets * DRIFTING), name="short_averages")(
        by_scale[..., :DRIFTING]
    )
    return from_zero(assets, "drift")(short)


def _drift_of_version_0_1(averages: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
    """Returns the drift of older runs, from all averages and the hidden units."""
    assets = averages.shape[2] // len(HALF_LIVES)
    return layers.Add(name="drift")(
        [
            from_zero(assets, "drift_from_memory")(memory),
            from_zero(assets, "drift_from_hidden")(hidden),
        ]
    )
