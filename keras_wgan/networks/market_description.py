"""Market generators as plain numbers, for programs that run them without Keras."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.floats import short_floats
from keras_wgan.networks.market import RECENT, MarketGenerator

Numbers = NDArray[np.float64]


class GeneratorDescription(Protocol):
    """The sizes and weights of a market generator, and the name of the program that runs them.

    A further form of the generator is a further class, returned by `describe_generator`, and a
    program of the same name in `keras_wgan/report/browser/`.
    """

    form: ClassVar[str]

    @property
    def assets(self) -> int:
        """Number of assets."""

    @property
    def history(self) -> int:
        """Days of noise before a path."""

    def to_config(self) -> dict[str, Any]:
        """Returns all of it, ready for JSON."""


@dataclass(frozen=True, eq=False)
class ShockMemoryDescription:
    """The numbers of a `market_generator`, in the order in which a day uses them.

    A row of the recent days holds the shocks of all assets, then their sizes; the memory holds
    the averages of the shocks, asset by asset, then those of the sizes.
    """

    form: ClassVar[str] = "shock-memory"
    assets: int
    history: int
    half_lives: tuple[float, ...]  # days
    recent: int  # days that are seen one by one
    correlation: Numbers  # (assets, assets) triangular factor that mixes the noise
    pattern_kernel: Numbers  # (recent, 2 * assets, hidden), the oldest day first
    pattern_bias: Numbers
    hidden_kernel: Numbers  # (hidden + memory, hidden)
    hidden_bias: Numbers
    volatility_from_memory: Numbers  # (memory, assets)
    volatility_from_days: Numbers  # (recent, 2 * assets, assets)
    volatility_from_hidden: Numbers  # (hidden, assets)
    drift_from_memory: Numbers
    drift_from_hidden: Numbers
    floor: Numbers  # of log volatility; each of the following has a number for each asset
    ceiling: Numbers
    level: Numbers
    floor_sharpness: Numbers
    ceiling_sharpness: float
    tail_weights: Numbers  # (2, assets): of losses and gains
    tail_scales: Numbers
    tail_mean: Numbers
    tail_deviation: Numbers
    mean: Numbers

    def to_config(self) -> dict[str, Any]:
        """Returns all of it, ready for JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"form": self.form} | {
            name: short_floats(value) if isinstance(value, np.ndarray) else value
            for name, value in values.items()
        }


def describe_generator(generator: keras.Model) -> GeneratorDescription | None:
    """Describes a market generator, or returns `None` for a network that only Keras can run."""
    try:
        market = MarketGenerator(generator)
    except InvalidInputError:
        return None
    return _describe_shock_memory(market)


def _describe_shock_memory(market: MarketGenerator) -> ShockMemoryDescription:
    layers = {layer.name: layer for layer in market.model.layers}
    pattern, hidden = layers["recent_pattern"], layers["hidden"]
    band, mixing = market.log_volatility, market.correlation
    weights, scales, tail_mean, tail_deviation = market.tail.shape()
    return ShockMemoryDescription(
        assets=market.assets,
        history=market.history,
        half_lives=tuple(market.half_lives),
        recent=RECENT,
        correlation=np.eye(1) if mixing is None else _numbers(mixing.factor()),
        pattern_kernel=_numbers(pattern.kernel),
        pattern_bias=_numbers(pattern.bias),
        hidden_kernel=_numbers(hidden.kernel),
        hidden_bias=_numbers(hidden.bias),
        volatility_from_memory=_numbers(market.volatility_from_memory.kernel),
        volatility_from_days=_numbers(market.volatility_from_days.kernel),
        volatility_from_hidden=_numbers(layers["volatility_from_hidden"].kernel),
        drift_from_memory=market.drift_from_memory(),
        drift_from_hidden=market.drift_from_hidden(),
        floor=_numbers(band.floor),
        ceiling=_numbers(band.ceiling),
        level=_numbers(band.level),
        floor_sharpness=np.exp(_numbers(band.log_sharpness)),
        ceiling_sharpness=band.CEILING_SHARPNESS,
        tail_weights=np.stack([_numbers(each) for each in weights]),
        tail_scales=np.stack([_numbers(each) for each in scales]),
        tail_mean=_numbers(tail_mean),
        tail_deviation=_numbers(tail_deviation),
        mean=_numbers(market.mean.mean),
    )


def _numbers(tensor: object) -> Numbers:
    return np.asarray(ops.convert_to_numpy(tensor), np.float64)
