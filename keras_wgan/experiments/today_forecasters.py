"""The forecasters from the last day of some prices by name: baselines, runs and presets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import ReturnsData, ReturnsFacts, Source
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.comparison_folder import typed
from keras_wgan.experiments.preset_index import is_preset
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.same_data import refuse_other_prices
from keras_wgan.market import baselines
from keras_wgan.market.baselines.simulator import StatefulSimulator

# What the tables of docs/backtest.md and docs/several_assets.md put first, of different kinds, so
# that their spread says something about the model and not about the draw.
USUAL = ("FHS-multiscale", "FHS-EGARCH", "EGARCH-skewt")
USUAL_OF_SEVERAL = ("joint FHS-GJR", "DCC-GJR-t", "t copula")
CHUNK = 1000  # paths that are drawn together, of which the k-th depends on seed and k alone

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TodayForecaster:
    """A model of the assets, their returns up to the last day, and words about its fit."""

    name: str
    market: StatefulSimulator
    observed: Array  # (days, assets), or (days,) of one
    fitted: str

    def paths(self, days: int, seed: int) -> Array:
        """Returns a chunk of `(CHUNK, days, assets)` paths after the last day."""
        found = self.market.sample_after(self.observed, CHUNK, days, seed)
        return found[..., np.newaxis] if found.ndim == 2 else found

    def expected(self, weights: Array, periods_per_year: float) -> str:
        """Returns the volatility of the portfolio's next return, from many draws of it."""
        first = self.paths(1, seed=0)[:, 0]
        day = float((np.expm1(first) @ weights).std())
        return f"next volatility about {math.sqrt(periods_per_year) * day:.1%} a year"


def find_forecasters(
    names: Sequence[str], source: Source, data: ReturnsData
) -> list[TodayForecaster]:
    """Returns the named forecasters of these data, fitted; without names three usual ones."""
    known = {typed(name): name for name in (*baselines.FORECASTERS, *baselines.JOINT_BASELINES)}
    usual = USUAL if data.assets == 1 else USUAL_OF_SEVERAL
    asked = [known.get(typed(name), name) for name in names or usual]
    if len(set(asked)) < len(asked):
        raise InvalidInputError(f"Name each forecaster once. Received: {', '.join(asked)}")
    return [_forecaster(name, source, data) for name in asked]


def _forecaster(name: str, source: Source, data: ReturnsData) -> TodayForecaster:
    one, facts = data.assets == 1, data.facts
    returns = data.history.to_numpy(np.float64)
    observed = returns[:, 0] if one else returns
    suitable = baselines.FORECASTERS if one else baselines.JOINT_BASELINES
    if name in suitable:
        market = baselines.get(name)
        if not isinstance(market, StatefulSimulator):
            raise InvalidInputError(
                f"A forecaster must have a state, which the last days set. Received: {name}. "
                f"Those with one are {_with_state(suitable)}."
            )
        days = f"{facts.returns:,} returns of {facts.first_day} to {facts.last_day}"
        return TodayForecaster(name, market.fit(observed), observed, f"fitted to {days}")
    if Path(name).is_dir() or is_preset(name):
        return _of_run(name, source, data, observed)
    raise InvalidInputError(
        f"A forecaster of {'one asset' if one else 'several assets'} must be a baseline "
        f"({_with_state(suitable)}), a run folder, or a preset such as preset:sp500. "
        f"Received: {name}"
    )


def _of_run(name: str, source: Source, data: ReturnsData, observed: Array) -> TodayForecaster:
    run = Run.open(name)
    facts = run.facts
    if not isinstance(facts, ReturnsFacts) or len(facts.tickers) != data.assets:
        made = ", ".join(facts.tickers) if isinstance(facts, ReturnsFacts) else run.recipe.kind
        raise InvalidInputError(
            f"{name} must make returns of as many assets as the prices hold, "
            f"{', '.join(data.facts.tickers)}. Received: {made}"
        )
    reading = source.read()
    refuse_other_prices(reading.prices, reading.frequency, facts, source)
    market = run.simulator()
    if not market.has_state:
        raise InvalidInputError(
            f"A forecaster must have a state, which the last days set. Received: {name}, of the "
            f"recipe {run.recipe.name}, whose windows continue nothing. Train the recipe sp500."
        )
    days = f"trained on {facts.earliest_day} to {facts.last_day}"
    return TodayForecaster(run.path.resolve().name, market, observed, days)


def _with_state(names: Sequence[str]) -> str:
    found = [name for name in names if isinstance(baselines.get(name), StatefulSimulator)]
    return ", ".join(map(typed, found))
