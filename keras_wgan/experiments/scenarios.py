"""Which scenarios begin in a chosen state? What `generate` adds for a market simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import load_price_table, load_prices, log_returns
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
MIN_PRICES = 61
WANTED = 250  # observed days; with fewer the state is a rough one


@dataclass(frozen=True)
class Scenarios:
    """Samples, a few at a time, and what is to be said of them.

    Args:
        batches: `(some, *shape)` on the scale of the generator.
        lines: Returns in which state they begin, for people, once all batches were taken.
        facts: What the export must know beside the run's own facts, such as the last day and price.
    """

    batches: Iterator[NDArray[np.float32]]
    lines: Callable[[], list[str]] = list
    facts: dict[str, Any] = field(default_factory=dict)


def scenarios_in_regime(
    market: PathSimulator, percentile: str | float, *, count: int, days: int, seed: int | None
) -> Scenarios:
    """Draws paths whose first day has a chosen volatility, and checks their first month.

    Args:
        market: A trained market simulator.
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

    return Scenarios(batches(), lines)


def scenarios_after(
    market: PathSimulator,
    prices: pd.Series | pd.DataFrame,
    *,
    count: int,
    days: int,
    seed: int | None,
) -> Scenarios:
    """Draws paths that go on from the last day of some prices.

    Args:
        market: A trained market simulator.
        prices: `(days,)` prices under their dates, or a table of several assets.
        count: How many paths.
        days: How long.
        seed: Fixes them, or `None` for new ones each time.

    Returns:
        The paths, where they begin, and the day and the price they go on from.
    """
    last = prices.iloc[-1]
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
    closes = (
        {"last_prices": last.tolist()}
        if isinstance(prices, pd.DataFrame)
        else {"last_price": float(prices.iloc[-1])}
    )
    batches = market.draw_batches(count, days, seed, past)
    return Scenarios(batches, lambda: lines, {"last_day": day, **closes})


def prices_to_resume_from(after: str, config: dict[str, Any]) -> pd.Series | pd.DataFrame:
    """Reads the prices that `--after` names: all there are, of the run's own tickers.

    Args:
        after: `"data"`, the run's own prices up to the last day that it was trained on,
            `"bundled"`, `"yahoo"`, or the path of a file.
        config: What the run folder keeps.

    Returns:
        `(days,)` prices, or a table with a column for each of several assets.
    """
    source, facts = config["source"], config["data"]
    last = facts["last_day"] if after == OWN else None
    after = source["data"] if after == OWN else after
    tickers = [name.strip() for name in (source["ticker"] or "^GSPC").split(",")]
    if len(tickers) > 1:
        return load_price_table(tickers, None, last, after)
    return load_prices(tickers[0], None, last, after)


def market_of(run: RunFolder, config: dict[str, Any]) -> PathSimulator:
    """Opens a run as a market simulator; refuses one that cannot begin in a chosen state.

    Args:
        run: A run folder.
        config: What it keeps.

    Returns:
        Its model with the face of a simulator.

    Raises:
        ValueError: If it makes images, or windows of a fixed length.
    """
    options = "`--regime`, `--volatility-percentile` and `--after`"
    if config["kind"] != "returns":
        raise InvalidInputError(
            f"{options} are for returns. Received: {run.path}, which makes {config['kind']}"
        )
    model = run.load_model()
    if not {"memory", "log_volatility"} <= {layer.name for layer in model.generator.layers}:
        raise InvalidInputError(
            f"{options} need a market simulator, as the recipe sp500 trains one. "
            f"Received: {run.path}, of the recipe {config['recipe']}"
        )
    return PathSimulator(run.path.name, model, config["data"])
