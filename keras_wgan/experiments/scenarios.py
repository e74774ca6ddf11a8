"""Which scenarios begin in a chosen state? What `generate` adds for a market simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import Facts, ReturnsFacts, Source, load_price_table, load_prices, log_returns
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.market.regime_calibration import (
    DAYS,
    reached_percentile,
    realized_volatility,
    usual_volatilities,
)
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.market.states import VolatilityState, percentile_band

OWN = "data"  # what `--after` calls the prices that the run was trained on
OPTIONS = "`--regime`, `--volatility-percentile` and `--after`"
MIN_PRICES = 61
WANTED = 250  # observed days; with fewer the state is a rough one


@dataclass(frozen=True)
class Scenarios:
    """Samples, a few at a time, and what is to be said of them.

    Args:
        batches: `(some, *shape)` on the scale of the generator.
        facts: Of the data that they continue: its scaler, last day and last prices.
        lines: Returns in which state they begin, for people, once all batches were taken.
        labels: `(n,)` the label of each sample of a conditional model. Defaults to `None`.
    """

    batches: Iterator[NDArray[np.float32]]
    facts: Facts
    lines: Callable[[], list[str]] = list
    labels: NDArray[Any] | None = None


def scenarios_in_regime(
    market: PathSimulator,
    facts: ReturnsFacts,
    percentile: str | float,
    *,
    count: int,
    days: int,
    seed: int | None,
) -> Scenarios:
    """Draws paths whose first day has a chosen volatility, and checks their first month.

    Args:
        market: A trained market simulator.
        facts: Of the data that it was trained on.
        percentile: Of the first day's volatility, or the name of a regime.
        count: How many paths.
        days: How long.
        seed: Fixes them, or `None` for new ones each time.

    Returns:
        The paths, where they begin, and which volatility their first days reach.
    """
    low, high = percentile_band(percentile)
    states, span = market.states(), min(days, DAYS)
    first_days, months = list[NDArray[np.float64]](), list[NDArray[np.float64]]()

    def pasts() -> Iterator[NDArray[np.float32]]:
        for some in market.past_batches(count, percentile, seed):
            first_days.append(states.volatility(some))
            yield some

    def batches() -> Iterator[NDArray[np.float32]]:
        for batch in market.draw_batches(count, days, seed, pasts()):
            months.append(realized_volatility(market.in_log_returns(batch)[:, :span]))
            yield batch

    def lines() -> list[str]:
        daily = float(np.median(np.concatenate(first_days)))
        start = VolatilityState(daily, float(states.percentile(daily)))
        usual = usual_volatilities(market, span, seed=0)
        reached = reached_percentile(np.concatenate(months), usual)
        asked = f"percentiles {low:g} to {high:g}"
        asked = f"{percentile}, {asked}" if isinstance(percentile, str) else asked
        return [
            f"Starting volatility: {start} (median; asked for {asked})",
            f"First {span} days: their volatility reaches percentile {reached:.0f} of all such "
            "spells (median)",
        ]

    return Scenarios(batches(), facts, lines)


def scenarios_after(
    market: PathSimulator,
    facts: ReturnsFacts,
    prices: pd.DataFrame,
    *,
    count: int,
    days: int,
    seed: int | None,
) -> Scenarios:
    """Draws paths that go on from the last day of some prices.

    Args:
        market: A trained market simulator.
        facts: Of the data that it was trained on.
        prices: Prices under their dates, a column for each asset.
        count: How many paths.
        days: How long.
        seed: Fixes them, or `None` for new ones each time.

    Returns:
        The paths, where they begin, and the day and the price they go on from.
    """
    day = str(pd.Timestamp(prices.index[-1]).date())
    if len(prices) < MIN_PRICES:
        raise InvalidInputError(
            f"`--after` needs at least {MIN_PRICES} prices to find the state of the market, and "
            f"wants {WANTED} or more. Received: {len(prices)} prices up to {day}"
        )
    past = market.past_of(log_returns(prices))
    state = market.states().state(past)
    lines = [f"Starting volatility after {day}: {state}"]
    if len(prices) <= WANTED:
        lines.append(f"Only {len(prices)} prices were there; {WANTED} or more place it better.")
    facts = replace(facts, last_day=day, last_prices=tuple(prices.iloc[-1].tolist()))
    return Scenarios(market.draw_batches(count, days, seed, past), facts, lambda: lines)


def prices_to_resume_from(after: str, source: Source, facts: ReturnsFacts) -> pd.DataFrame:
    """Reads the prices that `--after` names: all there are, of the run's own tickers.

    Args:
        after: `"data"`, the run's own prices up to the last day that it was trained on,
            `"bundled"`, `"yahoo"`, or the path of a file.
        source: Where the run's own prices come from.
        facts: Of the data that the run was trained on.

    Returns:
        A table with a column for each asset.
    """
    last = facts.last_day if after == OWN else None
    after = source.data if after == OWN else after
    if len(source.tickers) > 1:
        return load_price_table(source.tickers, None, last, after)
    (ticker,) = source.tickers
    return load_prices(ticker, None, last, after).to_frame(ticker)


def market_of(run: RunFolder, config: dict[str, Any], facts: ReturnsFacts) -> PathSimulator:
    """Opens a run as a market simulator; refuses one that cannot begin in a chosen state.

    Args:
        run: A run folder.
        config: What it keeps.
        facts: Of its data.

    Returns:
        Its model with the face of a simulator.

    Raises:
        ValueError: If it makes windows of a fixed length.
    """
    model = run.load_model()
    if not {"memory", "log_volatility"} <= {layer.name for layer in model.generator.layers}:
        raise InvalidInputError(
            f"{OPTIONS} need a market simulator, as the recipe sp500 trains one. "
            f"Received: {run.path}, of the recipe {config['recipe']}"
        )
    return PathSimulator(run.path.name, model, facts.scaler)
