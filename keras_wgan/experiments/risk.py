"""The risk of a portfolio over the scenarios of one run or of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import Frequency, ReturnsFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.comparison_folder import Progress
from keras_wgan.experiments.generation import prices_to_continue
from keras_wgan.experiments.run import Run
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.market.risk.engine import (
    DEFAULT_SETTINGS,
    NO_STRESS,
    RiskAccumulator,
    refuse_too_few,
)
from keras_wgan.market.risk.outcomes import Outcomes
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress
from keras_wgan.market.scenarios import (
    AfterPrices,
    Anywhere,
    ScenarioRequest,
    Scenarios,
    Start,
    draw_scenarios,
)
from keras_wgan.market.simulator import PathSimulator

ANY_STATE = "Scenarios begin in any state of the market."


@dataclass(frozen=True)
class RiskRequest:
    """What is measured of a portfolio over the scenarios of runs.

    Example:
    ```python
    from keras_wgan.experiments import RiskRequest
    from keras_wgan.market import InRegime, Portfolio

    portfolio = Portfolio({"SPY": 0.6, "TLT": 0.4})
    request = RiskRequest(portfolio, count=20_000, start=InRegime("crisis"))
    assert request.settings.horizons == (1, 5, 20, 60)
    ```

    Args:
        portfolio: The portfolio.
        count: Scenarios of each run. Defaults to `10_000`.
        seed: The same seed gives the same scenarios; that of each further run is one higher.
            Defaults to `0`.
        settings: Horizons, levels and losses. Defaults to `RiskSettings()`.
        stress: Events and views that the scenarios are weighted by. Defaults to `Stress()`, none.
        start: The state in which paths begin; its volatility is that of the portfolio, unless the
            start names another. Defaults to any state.
    """

    portfolio: Portfolio
    count: int = 10_000
    seed: int = 0
    settings: RiskSettings = DEFAULT_SETTINGS
    stress: Stress = NO_STRESS
    start: Start = field(default_factory=Anywhere)


def measure_risk(
    runs: Sequence[Run], request: RiskRequest, *, progress: Progress = silent
) -> tuple[PortfolioRisk, list[str]]:
    """Draws scenarios of each run, and measures a portfolio in them.

    Runs of the same recipe, trained from several seeds, show how much the risk depends on the
    training. Only the outcomes of the portfolio are kept, not the scenarios.

    Example:
    ```python
    import tempfile
    from keras_wgan.data import Source
    from keras_wgan.experiments import ExperimentSpec, RiskRequest, Run, recipes
    from keras_wgan.experiments import measure_risk, train
    from keras_wgan.market import Portfolio

    recipe = recipes.get("sp500-classic").with_settings({"epochs": 1, "batch_size": 512})
    source = Source("bundled", start="2017-01-01", end="2018-12-31")
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(f"{folder}/run")
        train(ExperimentSpec(recipe, source, seed=1), run, verbose=0)
        risk, lines = measure_risk([run], RiskRequest(Portfolio({"^GSPC": 1.0}), count=1000))
        assert risk.table()["days"].unique().tolist() == [1, 5, 20, 60]
    ```

    Args:
        runs: Runs of the same assets.
        request: The portfolio and the scenarios.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The `PortfolioRisk`, and lines about the state in which the paths begin.

    Raises:
        ValueError: If the runs are not of the same returns, or a part of the request does not fit
            them.
    """
    tickers = assets_of(runs)
    names = _names(runs)
    refuse_too_few(request.count * len(runs), request.settings)
    request.portfolio.aligned(tickers)  # refused before anything is drawn
    year = frequency_of(runs).periods_per_year
    settings = replace(request.settings, periods_per_year=year)
    measured = RiskAccumulator(tickers, request.portfolio, settings, request.stress.named(tickers))
    outcomes: dict[str, Outcomes] = {}
    lines = [ANY_STATE] if request.start == Anywhere() else []
    for number, (name, run) in enumerate(zip(names, runs, strict=True)):
        # Runs of one recipe would turn the same noise into nearly the same scenarios.
        scenarios = scenarios_of(run, replace(request, seed=request.seed + number), measured.days)
        batches = with_progress(
            log_returns_of(scenarios), request.count, f"scenarios of {name}", progress
        )
        outcomes[name] = measured.accumulate(batches)
        prefix = f"{name}: " if len(runs) > 1 else ""
        lines += [prefix + line for line in scenarios.describe()]
    return measured.risk(outcomes), lines


def assets_of(runs: Sequence[Run]) -> tuple[str, ...]:
    """Returns the assets of runs of returns, which must be the same."""
    if not runs:
        raise InvalidInputError("`runs` must name one run or more. Received: none")
    facts = [_facts(run) for run in runs]
    for run, other in zip(runs[1:], facts[1:], strict=True):
        if (other.tickers, other.frequency) != (facts[0].tickers, facts[0].frequency):
            raise InvalidInputError(
                "All runs must be of the same assets, at the same frequency. Received: "
                f"{', '.join(facts[0].tickers)} in {runs[0].path}, {', '.join(other.tickers)} in "
                f"{run.path}"
            )
    return facts[0].tickers


def frequency_of(runs: Sequence[Run]) -> Frequency:
    """Returns how often the returns of the runs come."""
    return _facts(runs[0]).frequency


def after_prices(runs: Sequence[Run], name: str) -> AfterPrices:
    """Returns the start after a source of prices, `"data"` for that of the runs, for all runs."""
    assets_of(runs)
    starts = [AfterPrices(prices_to_continue(run, name)) for run in runs]
    for run, start in zip(runs[1:], starts[1:], strict=True):
        if start.last_day != starts[0].last_day:
            raise InvalidInputError(
                "All runs must continue the same prices. Received: those up to "
                f"{starts[0].last_day} in {runs[0].path}, up to {start.last_day} in {run.path}. "
                "Name a file with --after, or give runs of the same days."
            )
    return starts[0]


def _facts(run: Run) -> ReturnsFacts:
    if not isinstance(run.facts, ReturnsFacts):
        raise InvalidInputError(
            f"A portfolio needs returns. Received: {run.path}, of {run.recipe.kind}. Name a run of "
            "returns, such as of the recipe portfolio."
        )
    return run.facts


def _names(runs: Sequence[Run]) -> list[str]:
    names = [run.path.resolve().name for run in runs]
    if len(set(names)) == len(names):
        return names
    paths = [str(run.path) for run in runs]
    if len(set(paths)) < len(paths):
        raise InvalidInputError(f"Name each run once. Received: {', '.join(paths)}")
    return paths


def scenarios_of(run: Run, request: RiskRequest, longest: int) -> Scenarios:
    """Returns the scenarios of a run for horizons up to the longest one."""
    facts, market = _facts(run), run.simulator()
    return draw_scenarios(market, facts, wanted_scenarios(market, request, longest))


def wanted_scenarios(market: PathSimulator, request: RiskRequest, longest: int) -> ScenarioRequest:
    """Returns the scenarios that a request needs of a market, for horizons up to the longest."""
    # A network of a fixed length draws whole windows, of which the first days are taken.
    days = longest if market.has_state else max(longest, market.days)
    return ScenarioRequest(request.count, days, request.seed, _start_of_portfolio(request))


def _start_of_portfolio(request: RiskRequest) -> Start:
    """Returns the start whose volatility, where none is named, is that of the portfolio."""
    start = request.start
    if isinstance(start, Anywhere) or start.portfolio is not None:
        return start
    return replace(start, portfolio=request.portfolio)


def log_returns_of(scenarios: Scenarios) -> Iterator[NDArray[np.float64]]:
    """Yields the log returns of scenarios, a few at a time."""
    for batch in scenarios.batches:
        yield scenarios.facts.scaler.inverse(batch).astype(np.float64)
