"""The numbers of a market generator of several assets, in the order a day uses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.form_descriptions import (
    GeneratorDescription,
    Numbers,
    TailDescription,
    describe_tail,
)
from keras_wgan.networks.invertibility import signed_weights
from keras_wgan.networks.joint_form import MAX_LOG_SHARE, SIGNED, JointForm
from keras_wgan.networks.market import MarketGenerator
from keras_wgan.networks.market_layers import DRIFTING


@dataclass(frozen=True, eq=False)
class JointDescription(GeneratorDescription):
    """The numbers of a `market_generator` of several assets.

    The averages of a day are those of the shocks of all assets, of their sizes, and of the market's
    shock, the size of all other news and the size of the market's shock.
    """

    form: ClassVar[str] = "joint"
    correlation: Numbers  # (assets, assets) triangular factor that mixes the noise
    direction: Numbers  # (assets,) of noise, along which the market's shock lies
    loadings: Numbers  # (assets,): what a market's shock of 1 moves each shock by
    signed: int  # half-lives, shortest first, of averages with a sign
    volatility_from_shocks: Numbers  # (assets, signed)
    volatility_from_trends: Numbers
    volatility_from_sizes: Numbers  # (assets, half-lives)
    volatility_from_common: Numbers  # (3 * half-lives, assets)
    volatility_from_market_trends: Numbers  # (signed, assets)
    market_share: Numbers  # (3 * half-lives,), zero for the news
    share_limit: float
    drifting: int
    drift_from_shocks: Numbers  # (assets, drifting)
    drift_when_volatile: Numbers  # times the hyperbolic tangent of log volatility
    floor: Numbers  # of log volatility; each of the following has a number for each asset
    ceiling: Numbers
    level: Numbers
    floor_sharpness: Numbers
    ceiling_sharpness: float
    market_tail: TailDescription
    spread: float  # of the common scale of all other news
    news_deviation: float
    powers: Numbers  # (2, assets): of losses and gains
    power_scales: Numbers
    power_mean: Numbers
    power_deviation: Numbers
    mean: Numbers


def describe_joint(market: MarketGenerator, form: JointForm) -> JointDescription:
    """Describes a generator of several assets."""
    band = form.log_volatility
    direction, loadings = form.correlation.direction()
    powers, scales = form.tail.sides()
    mean, deviation = form.tail.shape()
    count = len(market.half_lives)
    from_shocks, from_sizes = signed_weights(
        numbers(form.volatility_from_moves.of_each_asset()), SIGNED
    )
    from_market, from_market_size = signed_weights(
        numbers(form.volatility_from_market.of_each_asset()), SIGNED
    )
    from_news, from_trends = np.split(
        numbers(form.volatility_from_news.of_each_asset()), [count], axis=1
    )
    share, share_from_size = signed_weights(numbers(form.share_from_market.kernel)[:, 0], SIGNED)
    return JointDescription(
        assets=market.assets,
        history=market.history,
        half_lives=tuple(market.half_lives),
        correlation=numbers(form.correlation.factor()),
        direction=numbers(direction),
        loadings=numbers(loadings),
        signed=SIGNED,
        volatility_from_shocks=from_shocks,
        volatility_from_trends=numbers(form.volatility_from_trends.of_each_asset()),
        volatility_from_sizes=from_sizes,
        volatility_from_common=np.concatenate(
            [_for_all(from_market, count).T, from_news.T, from_market_size.T]
        ),
        volatility_from_market_trends=from_trends.T,
        market_share=np.concatenate([_for_all(share, count), np.zeros(count), share_from_size]),
        share_limit=MAX_LOG_SHARE,
        drifting=DRIFTING,
        drift_from_shocks=numbers(form.drift_from_shocks.of_each_asset()),
        drift_when_volatile=numbers(form.drift_when_volatile.of_each_asset()),
        floor=numbers(band.floor),
        ceiling=numbers(band.ceiling),
        level=numbers(band.level),
        floor_sharpness=np.exp(numbers(band.log_sharpness)),
        ceiling_sharpness=band.CEILING_SHARPNESS,
        market_tail=describe_tail(form.market_tail),
        spread=float(numbers(form.news.spread())),
        news_deviation=float(np.sqrt(numbers(form.news.variance()))),
        powers=np.stack([numbers(each) for each in powers]),
        power_scales=np.stack([numbers(each) for each in scales]),
        power_mean=numbers(mean),
        power_deviation=numbers(deviation),
        mean=numbers(market.mean.mean),
    )


def _for_all(weights: Numbers, count: int) -> Numbers:
    """Returns weights of the shortest half-lives as weights of all: zero for the longer ones."""
    missing = [(0, 0)] * (weights.ndim - 1) + [(0, count - weights.shape[-1])]
    return np.pad(weights, missing)
