"""The numbers of a market generator of one asset, in the order a day uses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from keras import layers

from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.form_descriptions import (
    GeneratorDescription,
    Numbers,
    TailDescription,
    describe_tail,
)
from keras_wgan.networks.invertibility import signed_weights
from keras_wgan.networks.market import MarketGenerator
from keras_wgan.networks.single_form import DRIFTS, MEMORY, SIGNED, TRENDS, SingleForm


@dataclass(frozen=True, eq=False)
class SingleDescription(GeneratorDescription):
    """The numbers of a `market_generator` of one asset."""

    form: ClassVar[str] = "single"
    volatility_from_shocks: Numbers  # (half-lives,), as the next three
    volatility_from_sizes: Numbers
    volatility_from_trends: Numbers
    drift_from_shocks: Numbers
    floor: Numbers  # of log volatility; each of the following has one number
    ceiling: Numbers
    level: Numbers
    floor_sharpness: Numbers
    ceiling_sharpness: float
    tail: TailDescription
    mean: Numbers


def describe_single(market: MarketGenerator, form: SingleForm) -> SingleDescription:
    """Describes a generator of one asset."""
    band = form.log_volatility
    from_shocks, from_sizes = signed_weights(_weights(form.volatility_from_moves), SIGNED)
    return SingleDescription(
        assets=market.assets,
        history=market.history,
        half_lives=tuple(market.half_lives),
        volatility_from_shocks=from_shocks,
        volatility_from_trends=_placed(_weights(form.volatility_from_trends), TRENDS),
        volatility_from_sizes=from_sizes,
        drift_from_shocks=_placed(_weights(form.drift), DRIFTS),
        floor=numbers(band.floor),
        ceiling=numbers(band.ceiling),
        level=numbers(band.level),
        floor_sharpness=np.exp(numbers(band.log_sharpness)),
        ceiling_sharpness=band.CEILING_SHARPNESS,
        tail=describe_tail(form.tail),
        mean=numbers(market.mean.mean),
    )


def _weights(layer: layers.Dense) -> Numbers:
    return numbers(layer.kernel)[:, 0]


def _placed(weights: Numbers, place: slice) -> Numbers:
    """Returns weights of some averages as weights of all: zero for the others."""
    found = np.zeros(len(MEMORY))
    found[place] = weights
    return found
