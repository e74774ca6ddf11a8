"""The numbers of a market generator of version 0.2 or before, in the order a day uses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.form_descriptions import GeneratorDescription, Numbers, describe_tail
from keras_wgan.networks.market import MarketGenerator
from keras_wgan.networks.shock_memory_form import RECENT, ShockMemoryForm


@dataclass(frozen=True, eq=False)
class ShockMemoryDescription(GeneratorDescription):
    """The numbers of a `market_generator`, in the order in which a day uses them.

    A row of the recent days holds the shocks of all assets, then their sizes; the memory holds
    the averages of the shocks, asset by asset, then those of the sizes.
    """

    form: ClassVar[str] = "shock-memory"
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


def describe_shock_memory(market: MarketGenerator, form: ShockMemoryForm) -> ShockMemoryDescription:
    """Describes a generator of one asset, or one of several from before version 0.3."""
    found = {layer.name: layer for layer in market.model.layers}
    pattern, hidden = found["recent_pattern"], found["hidden"]
    band, mixing = form.log_volatility, form.correlation
    return ShockMemoryDescription(
        assets=market.assets,
        history=market.history,
        half_lives=tuple(market.half_lives),
        recent=RECENT,
        correlation=np.eye(1) if mixing is None else numbers(mixing.factor()),
        pattern_kernel=numbers(pattern.kernel),
        pattern_bias=numbers(pattern.bias),
        hidden_kernel=numbers(hidden.kernel),
        hidden_bias=numbers(hidden.bias),
        volatility_from_memory=numbers(form.volatility_from_memory.kernel),
        volatility_from_days=numbers(form.volatility_from_days.kernel),
        volatility_from_hidden=numbers(found["volatility_from_hidden"].kernel),
        drift_from_memory=form.drift_from_memory(market.assets),
        drift_from_hidden=form.drift_from_hidden(market.assets),
        floor=numbers(band.floor),
        ceiling=numbers(band.ceiling),
        level=numbers(band.level),
        floor_sharpness=np.exp(numbers(band.log_sharpness)),
        ceiling_sharpness=band.CEILING_SHARPNESS,
        **vars(describe_tail(form.tail)),
        mean=numbers(market.mean.mean),
    )
