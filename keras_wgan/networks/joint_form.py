"""The market generator of several assets: one market with its own volatility, and each asset's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan.networks._numbers import numbers
from keras_wgan.networks.invertibility import RAISING, BoundedResponse, moves_of
from keras_wgan.networks.joint_layers import (
    Bounded,
    MarketShocks,
    NewsScale,
    TwoSidedPower,
)
from keras_wgan.networks.market_layers import (
    DRIFTING,
    HALF_LIVES,
    Mean,
    ShockMemory,
    TwoSidedTail,
    VolatilityBand,
    from_zero,
    sizes_of,
)
from keras_wgan.networks.shared_weights import AtMostOne, SharedAndOwn, SharedByAssets
from keras_wgan.networks.shock_inversion import JointShocks

Array = NDArray[np.float64]

SIGNED = 4  # the half-lives, shortest first, of the averages with a sign that move volatility
# Where the logarithm of volatility begins to be bounded: 5.5 times that of an asset's usual day, as
# in the crises of stocks. From 12 times, as for one asset, training comes down too slowly.
CEILING = 1.7
# All assets share the weights of the past. Twenty tell them from chance, and theirs are hardly
# shrunk: at five times this, forecasts of stocks were a little worse. Those of fewer are shrunk
# more, by the square of what is missing: of five assets of constant volatility the furthest state
# was 68% off at a shrinkage of 1, and 22% at 4.
ENOUGH_ASSETS = 20
LEAST_SHRINKAGE, MOST_SHRINKAGE = 0.2, 4.0
# How much of a lasting error of the shocks the drifts pass on, at most; together less than one, so
# that the error fades. Without a bound it was .93 in wild days, and 1.25 in some stocks.
PASSED_ON, PASSED_ON_WHEN_VOLATILE = 0.2, 0.6
MAX_LOG_SHARE = 1.5  # of the market's volatility relative to that of other news: 4.5 times at most


class JointForm:
    """The layers of a market generator of several assets."""

    def __init__(self, found: Mapping[str, layers.Layer]) -> None:
        self.correlation: MarketShocks = found["shocks"]
        self.volatility_from_moves: SharedByAssets = found["volatility_from_moves"]
        self.volatility_from_trends: SharedByAssets = found["volatility_from_trends"]
        self.volatility_from_market: SharedByAssets = found["volatility_from_market"]
        self.volatility_from_news: SharedByAssets = found["volatility_from_news"]
        self.share_from_market: layers.Dense = found["share_from_market"]
        self.log_share: Bounded = found["log_share"]
        self.log_volatility: VolatilityBand = found["log_volatility"]
        self.drift: layers.Add = found["drift"]
        self.drift_from_shocks: SharedByAssets = found["drift_from_shocks"]
        self.drift_when_volatile: SharedByAssets = found["drift_when_volatile"]
        self.market_tail: TwoSidedTail = found["market_tail"]
        self.news: NewsScale = found["news"]
        self.tail: TwoSidedPower = found["tail"]
        self._day = _Day(self.news, self.market_tail, self.tail)

    def build(
        self, days: int, history: int, assets: int, present: Tensor | None = None
    ) -> keras.Model:
        """Returns a new generator of this form; `present` as for `joint_generator`."""
        return joint_generator(days, history, assets, present, type(self.drift_from_shocks))

    def state(self) -> list[Tensor]:
        """Returns log volatility and drift of each day and asset, and the market's log share."""
        return [self.log_volatility.output, self.drift.output, self.log_share.output]

    def shocks(self, noise: Array, log_share: float) -> Array:
        """Returns the shocks that noise `(n, assets)` makes at a relative market volatility."""
        normals, common, loadings = self.correlation(noise[None].astype("float32"))
        # A plain number takes the precision of the tensors, and one of NumPy would not.
        return numbers(self._day.shocks(normals, common, loadings, float(log_share)))[0]

    def inverse(self) -> JointShocks:
        """Returns what turns shocks back into noise."""
        return JointShocks(self.correlation, self.market_tail, self.news, self.tail)


@dataclass(frozen=True)
class _Day:
    """The layers that make a day's shocks of correlated normals, in the order of their use."""

    news: NewsScale
    market_tail: TwoSidedTail
    tail: TwoSidedPower

    def shocks(
        self, normals: Tensor, common: Tensor, loadings: Tensor, log_share: Tensor | float
    ) -> Tensor:
        """Returns shocks of what `MarketShocks` gives, at a relative volatility of the market."""
        shock, size = common[..., :1], common[..., 1:]
        news = self.news(normals - shock * loadings, size)
        moved = ops.exp(log_share) * self.market_tail(shock)
        return self.tail(news + moved * loadings)


def joint_generator(
    days: int,
    history: int,
    assets: int,
    present: Tensor | None = None,
    drift_from_shocks: type[SharedByAssets] = SharedAndOwn,
) -> keras.Model:
    """Returns an untrained generator of this form.

    Every day has the shock of the market, the shocks of the assets and the size of all news but the
    market's. Each asset's volatility sees the averages of its own shocks and of both others. The
    market's own volatility relative to the rest, its share, sees those of the market's shocks
    alone: when it rises, all correlations do.

    Falls, rises and sizes only ever raise what their own scale divides
    (`keras_wgan.networks.invertibility` has the reason). Where rises lowered it, the share of the
    market ran into its bounds in a long rally. And where the size of other news lowered it, assets
    whose volatility was found a little too high for years, so that their news seemed small, raised
    the share for as long: averages of 150 days amplify what lasts 21 times.

    Falls and rises differ over the shortest half-lives only: falls raise a volatility for weeks,
    and what a few thousand days show of the sign of a year's mean shock is mostly chance. Trends,
    which are averages without their signs, raise it too: time has an arrow.

    The drift of wild days has weights of its own, since moves come back then that are kept in calm
    times: without them, stocks of 1990 to 2009 rose and fell too far in wild months. Both drifts
    are bounded: where moves came back almost whole, the shocks behind returns could not be found.
    An asset whose returns are autocorrelated has weights of its own next to them, which are set
    before training (`keras_wgan.market.own_drifts`). Older runs have none.

    `present` is a second input `(history + days, 1)`, 0 on days that leave no trace.

    Reference:
        LeBaron (1992), Some Relations between Volatility and Serial Correlations in Stock Market
        Returns, for a drift that depends on volatility.
    """
    missing = max(ENOUGH_ASSETS / assets, 1.0)
    shrinkage = min(LEAST_SHRINKAGE * missing**2, MOST_SHRINKAGE)
    shared = partial(SharedByAssets, assets, shrinkage=shrinkage)
    noise = keras.Input((history + days, assets), name="noise")
    shocks, common, loadings = MarketShocks(name="shocks")(noise)
    remember = ShockMemory(HALF_LIVES, history, name="memory")
    each = layers.Reshape((days, assets, len(HALF_LIVES)), name="of_each_asset")
    seen = [shocks, sizes_of(shocks), ops.concatenate([common, sizes_of(common[..., :1])], axis=-1)]
    if present is not None:
        seen = [channels * present for channels in seen]
    averages, sizes, common_averages = map(remember, seen)
    averages = each(averages)
    moves = moves_of(averages, each(sizes), SIGNED)
    averages = averages[..., :SIGNED]
    market, news, market_size = ops.split(common_averages, 3, axis=-1)
    market_moves = moves_of(market, market_size, SIGNED)
    others = ops.concatenate([news, sizes_of(market[..., :SIGNED])], axis=-1)
    log_volatility = VolatilityBand(ceiling=CEILING, name="log_volatility")(
        shared(RAISING, name="volatility_from_moves")(moves)
        + shared(RAISING, name="volatility_from_trends")(sizes_of(averages))
        + shared(RAISING, name="volatility_from_market")(market_moves[:, :, None])
        + shared(RAISING, name="volatility_from_news")(others[:, :, None])
    )
    log_share = Bounded(MAX_LOG_SHARE, name="log_share")(
        from_zero(1, "share_from_market", RAISING, shrinkage)(market_moves)
    )
    short = averages[..., :DRIFTING]
    drifting = HALF_LIVES[:DRIFTING]
    drift = layers.Add(name="drift")(
        [
            drift_from_shocks(
                assets,
                BoundedResponse(drifting, PASSED_ON),
                shrinkage,
                AtMostOne(),
                name="drift_from_shocks",
            )(short),
            SharedByAssets(
                assets,
                BoundedResponse(drifting, PASSED_ON_WHEN_VOLATILE),
                shrinkage,
                AtMostOne(),
                name="drift_when_volatile",
            )(short * ops.tanh(log_volatility)[..., None]),
        ]
    )
    day = _Day(
        NewsScale(assets - 1, name="news"),
        TwoSidedTail(name="market_tail"),
        TwoSidedPower(name="tail"),
    )
    made = day.shocks(shocks[:, history:], common[:, history:], loadings, log_share)
    moves = layers.Multiply(name="moves")([ops.exp(log_volatility), made + drift])
    inputs = noise if present is None else [noise, present]
    return keras.Model(inputs, Mean(name="mean")(moves), name="market_generator")
