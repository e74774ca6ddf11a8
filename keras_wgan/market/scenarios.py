"""Scenarios of a market simulator that begin in any state, in a regime, or after given prices."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import ReturnsFacts, log_returns
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.noise_check import fault_of_shocks
from keras_wgan.market.regime_calibration import (
    DAYS,
    reached_percentile,
    realized_volatility,
    usual_volatilities,
)
from keras_wgan.market.regimes import VolatilityState, percentile_band
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.scenario_stream import (
    DESCRIBED,
    OnePast,
    RegimePasts,
    ScenarioStream,
    states_of,
)
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.market.states import InitialStates

MIN_PRICES = 61
ENOUGH_PRICES = 250  # fewer give a rough state


@dataclass(frozen=True)
class Anywhere:
    """Paths begin in any state of the market.

    Example:
    ```python
    from keras_wgan.market import Anywhere

    assert Anywhere() == Anywhere()
    ```
    """


@dataclass(frozen=True)
class InRegime:
    """Paths begin with a first day of a chosen volatility, a regime or a percentile.

    Example:
    ```python
    from keras_wgan.market import InRegime

    crisis, high = InRegime("crisis"), InRegime(90.0)
    ```

    Args:
        percentile: `"calm"`, `"normal"`, `"crisis"`, or a percentile from 0 to 100.
        portfolio: The portfolio whose volatility it is. Defaults to `None`, equal weights.

    Raises:
        ValueError: If there is no such regime or percentile.
    """

    percentile: str | float
    portfolio: Portfolio | None = None

    def __post_init__(self) -> None:
        percentile_band(self.percentile)


@dataclass(frozen=True, eq=False)
class AfterPrices:
    """Paths begin in the state after the last of some prices.

    Example:
    ```python
    from keras_wgan.data import load_price_table
    from keras_wgan.market import AfterPrices

    start = AfterPrices(load_price_table(["^GSPC"], start="2017-01-01", source="bundled"))
    assert start.last_day == "2018-12-31"
    ```

    Args:
        prices: Prices under their dates, a column for each asset of the model, at least 61 days.
        portfolio: The portfolio whose volatility is said to be that of the state; the scenarios do
            not depend on it. Defaults to `None`, equal weights.

    Raises:
        ValueError: If there are fewer days.
    """

    prices: pd.DataFrame
    portfolio: Portfolio | None = None

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

    def continued(self, facts: ReturnsFacts) -> ReturnsFacts:
        """Returns facts of data that ends with these prices."""
        return replace(
            facts,
            last_day=self.last_day,
            last_time=f"{self.prices.index[-1]:%H:%M}" if facts.last_time else None,
            last_prices=tuple(self.prices.iloc[-1].tolist()),
        )


Start = Anywhere | InRegime | AfterPrices


@dataclass(frozen=True)
class ScenarioRequest:
    """A request for `count` paths of `days` days; a `seed` of None gives new ones each time.

    Path k of a seed is the same for any count, and up to rounding on any backend. `first` is the
    number of the first path, so that several processes can share the work.
    """

    count: int
    days: int
    seed: int | None
    start: Start = field(default_factory=Anywhere)
    first: int = 0

    @property
    def known_seed(self) -> int:
        """The seed, or a new one."""
        if self.seed is not None:
            return self.seed
        return int(np.random.SeedSequence().generate_state(1)[0]) >> 1


class Scenarios:
    """Paths in batches on the generator's scale, and facts of the data that they continue.

    Path k is the same however many others are drawn, here or by another process.
    """

    def __init__(
        self, facts: ReturnsFacts, stream: ScenarioStream, request: ScenarioRequest
    ) -> None:
        self.facts, self.stream, self.request = facts, stream, request

    @functools.cached_property
    def batches(self) -> Iterator[NDArray[np.float32]]:
        """The paths that were requested."""
        first = self.request.first
        return self.between(first, first + self.request.count)

    def between(self, first: int, last: int) -> Iterator[NDArray[np.float32]]:
        """Yields the paths with the numbers from `first` to before `last`."""
        return self.stream.between(first, last)

    def describe(self) -> list[str]:
        """Returns lines about the state in which the paths begin, once all were drawn."""
        return []


def draw_scenarios(
    market: PathSimulator, facts: ReturnsFacts, request: ScenarioRequest
) -> Scenarios:
    """Returns the scenarios that were requested from a simulator trained on data of these facts."""
    seed, start = request.known_seed, request.start
    if isinstance(start, InRegime):
        pasts = RegimePasts(market, start.percentile, seed, _weights(start, facts))
        stream = ScenarioStream(market, request.days, seed, pasts)
        return _RegimeScenarios(facts, stream, request, pasts)
    if isinstance(start, AfterPrices):
        states = states_of(market, _weights(start, facts))
        past = states.after(market.scaled(log_returns(start.prices)))
        stream = ScenarioStream(market, request.days, seed, OnePast(past))
        state = states.state(past)
        doubts = _doubts(states, past[-(len(start.prices) - 1) :], facts)
        return _ScenariosAfter(start.continued(facts), stream, request, state, doubts)
    return Scenarios(facts, ScenarioStream(market, request.days, seed), request)


def _weights(start: InRegime | AfterPrices, facts: ReturnsFacts) -> NDArray[np.float64] | None:
    if start.portfolio is None or len(facts.tickers) == 1:
        return None  # the volatility of one asset is its own, whatever its weight
    return start.portfolio.aligned(facts.tickers)


def _doubts(states: InitialStates, noise: NDArray[np.float32], facts: ReturnsFacts) -> list[str]:
    """Returns a line for each thing that the noise behind prices says against a state."""
    fault, other = fault_of_shocks(states.shocks(noise)), states.other_correlation(noise)
    lines = [] if fault is None else [f"This state is doubtful: {fault}. Train the model longer."]
    if other is not None:
        first, second = (facts.tickers[number] for number in other.pair)
        lines.append(
            f"The shocks of {first} and {second} have a correlation of {other.observed:.2f} in "
            f"the last {len(noise)} days, and of {other.model:.2f} in the model."
        )
    return lines


class _RegimeScenarios(Scenarios):
    def __init__(
        self,
        facts: ReturnsFacts,
        stream: ScenarioStream,
        request: ScenarioRequest,
        pasts: RegimePasts,
    ) -> None:
        super().__init__(facts, stream, request)
        self.pasts, self.span = pasts, min(request.days, DAYS)
        self.months: list[float] = []  # volatilities of the first paths

    def between(self, first: int, last: int) -> Iterator[NDArray[np.float32]]:
        for batch in self.stream.between(first, last):
            if len(self.months) < DESCRIBED:
                returns = self.stream.market.in_log_returns(batch[:, : self.span])
                self.months += realized_volatility(returns, self.pasts.weights).tolist()
            yield batch

    def describe(self) -> list[str]:
        if not self.months:
            return []
        state = self.pasts.states.at(float(np.median(self.pasts.reached)))
        weights = self.pasts.weights
        usual = usual_volatilities(self.stream.market, self.span, seed=0, weights=weights)
        reached = reached_percentile(np.array(self.months), usual)
        percentile = self.pasts.percentile
        low, high = percentile_band(percentile)
        name = f"{percentile}, " if isinstance(percentile, str) else ""
        return [
            f"Starting volatility: {state} (median; requested: {name}percentiles {low:g} to "
            f"{high:g})",
            f"Volatility of the first {self.span} days: percentile {reached:.0f} among all paths "
            "(median)",
        ]


class _ScenariosAfter(Scenarios):
    def __init__(
        self,
        facts: ReturnsFacts,
        stream: ScenarioStream,
        request: ScenarioRequest,
        state: VolatilityState,
        doubts: list[str],
    ) -> None:
        super().__init__(facts, stream, request)
        self.state, self.doubts = state, doubts

    def describe(self) -> list[str]:
        lines = [f"Starting volatility after {self.facts.last_day}: {self.state}", *self.doubts]
        assert isinstance(self.request.start, AfterPrices)
        count = len(self.request.start.prices)
        if count <= ENOUGH_PRICES:
            lines.append(
                f"Only {count} prices were found; more than {ENOUGH_PRICES} give a better state."
            )
        return lines
