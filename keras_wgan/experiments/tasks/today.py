"""The paths of a model that continue its data from the state of the last day."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from keras_wgan.data import ReturnsData
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.regimes import VolatilityState
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.networks import MarketGenerator
from keras_wgan.wgan_gp import WGANGP

DRAWN = 2000


@dataclass(frozen=True, eq=False)
class FromToday:
    """Paths `(n, days, assets)` of log returns after the last day, and the state of that day.

    `past`, `(history, assets)`, is the noise that explains the days up to the last one.
    """

    paths: NDArray[Any]
    state: VolatilityState
    past: NDArray[Any]


def paths_from_today(data: ReturnsData, model: WGANGP, *, seed: int) -> FromToday | None:
    """Draws paths that continue the data; `None` for a model that cannot begin in a state.

    Also `None`, with a warning, where no noise of the model explains the latest returns.
    """
    try:
        MarketGenerator(model.generator)
    except (AttributeError, InvalidInputError):  # another network, or none
        return None
    facts = data.facts
    market = PathSimulator("today", model, facts.scaler, facts.frequency.periods_per_year)
    states = market.states()
    try:
        past = states.after(market.scaled(data.history))
    except InvalidInputError as error:
        warnings.warn(f"No scenarios from today's state: {error}", stacklevel=2)
        return None
    drawn = market.draw(DRAWN, market.days, seed, past)
    return FromToday(facts.scaler.inverse(drawn), states.state(past), past)
