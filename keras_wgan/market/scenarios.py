"""Scenarios of a market simulator that begin in any state, in a regime, or after given prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import ReturnsFacts, log_returns
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.regime_calibration import (
    DAYS,
    reached_percentile,
    realized_volatility,
    usual_volatilities,
)
from keras_wgan.market.regimes import percentile_band
from keras_wgan.market.simulator import PathSimulator

MIN_PRICES = 61
ENOUGH_PRICES = 250  # fewer give a rough state


@dataclass(frozen=True)
class Anywhere:
    """Paths begin in any state of the market."""


@dataclass(frozen=True)
class InRegime:
    """Paths begin with a first day of a chosen volatility, a regime or a percentile."""

    percentile: str | float

    def __post_init__(self) -> None:
        percentile_band(self.percentile)


@dataclass(frozen=True, eq=False)
class AfterPrices:
    """Paths begin in the state after the last of some prices, a column for each asset."""

    prices: pd.DataFrame

    def __post_init__(self) -> None:
        if len(self.prices) < MIN_PRICES:
            raise InvalidInputError(
                f"`prices` must hold at least {MIN_PRICES} days to find the state of the market; "
                f"{ENOUGH_PRICES} or more are better. Received: {len(self.prices)} prices up to "
                f"{self.last_day}"
            )

    @property
    def last_day(self) -> str:
        """The day of the last prices, `"YYYY-MM-DD"`."""
        return str(pd.Timestamp(self.prices.index[-1]).date())


Start = Anywhere | InRegime | AfterPrices


@dataclass(frozen=True)
class ScenarioRequest:
    """A request for `count` paths of `days` days; a `seed` of None gives new ones each time."""

    count: int
    days: int
    seed: int | None
    start: Start = field(default_factory=Anywhere)


class Scenarios:
    """Paths in batches on the generator's scale, and facts of the data that they continue."""

    def __init__(self, facts: ReturnsFacts, batches: Iterator[NDArray[np.float32]]) -> None:
        self.facts, self.batches = facts, batches

    def describe(self) -> list[str]:
        """Returns lines about the state in which the paths begin, once all were drawn."""
        return []


def draw_scenarios(
    market: PathSimulator, facts: ReturnsFacts, request: ScenarioRequest
) -> Scenarios:
    """Returns the scenarios that were requested from a simulator trained on data of these facts."""
    count, days, seed, start = request.count, request.days, request.seed, request.start
    if isinstance(start, InRegime):
        return _RegimeScenarios(market, facts, request, start.percentile)
    if isinstance(start, AfterPrices):
        return _ScenariosAfter(market, facts, request, start)
    return Scenarios(facts, market.draw_batches(count, days, seed))


class _RegimeScenarios(Scenarios):
    def __init__(
        self,
        market: PathSimulator,
        facts: ReturnsFacts,
        request: ScenarioRequest,
        percentile: str | float,
    ) -> None:
        super().__init__(facts, self._measured(request))
        self.market, self.states, self.percentile = market, market.states(), percentile
        self.span = min(request.days, DAYS)
        self.first_days: list[NDArray[np.float64]] = []
        self.months: list[NDArray[np.float64]] = []

    def describe(self) -> list[str]:
        daily = float(np.median(np.concatenate(self.first_days)))
        start = self.states.at(daily)
        usual = usual_volatilities(self.market, self.span, seed=0)
        reached = reached_percentile(np.concatenate(self.months), usual)
        low, high = percentile_band(self.percentile)
        name = f"{self.percentile}, " if isinstance(self.percentile, str) else ""
        return [
            f"Starting volatility: {start} (median; requested: {name}percentiles {low:g} to "
            f"{high:g})",
            f"Volatility of the first {self.span} days: percentile {reached:.0f} among all paths "
            "(median)",
        ]

    def _measured(self, request: ScenarioRequest) -> Iterator[NDArray[np.float32]]:
        pasts = self._pasts(request)
        for batch in self.market.draw_batches(request.count, request.days, request.seed, pasts):
            returns = self.market.in_log_returns(batch)
            self.months.append(realized_volatility(returns[:, : self.span]))
            yield batch

    def _pasts(self, request: ScenarioRequest) -> Iterator[NDArray[np.float32]]:
        for pasts in self.states.draw_batches(request.count, self.percentile, request.seed):
            self.first_days.append(self.states.volatility(pasts))
            yield pasts


class _ScenariosAfter(Scenarios):
    def __init__(
        self,
        market: PathSimulator,
        facts: ReturnsFacts,
        request: ScenarioRequest,
        start: AfterPrices,
    ) -> None:
        states = market.states()
        past = states.after(market.scaled(log_returns(start.prices)))
        last_prices = tuple(start.prices.iloc[-1].tolist())
        super().__init__(
            replace(
                facts,
                last_day=start.last_day,
                last_time=f"{start.prices.index[-1]:%H:%M}" if facts.last_time else None,
                last_prices=last_prices,
            ),
            market.draw_batches(request.count, request.days, request.seed, past),
        )
        self.state, self.start = states.state(past), start

    def describe(self) -> list[str]:
        lines = [f"Starting volatility after {self.start.last_day}: {self.state}"]
        count = len(self.start.prices)
        if count <= ENOUGH_PRICES:
            lines.append(
                f"Only {count} prices were found; more than {ENOUGH_PRICES} give a better state."
            )
        return lines
