"""Forecasts from the last day of some prices: a portfolio's risk by several forecasters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import Frequency, ReturnsFacts, Source
from keras_wgan.experiments.comparison_folder import Progress
from keras_wgan.experiments.output_file import refuse_output
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.experiments.tasks.returns_export import write_continuation
from keras_wgan.experiments.today_forecasters import CHUNK, TodayForecaster, find_forecasters
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.market.risk.engine import DEFAULT_SETTINGS, RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.outcomes import Outcomes
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress
from keras_wgan.report.export.scenarios import SUFFIXES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ForecastRequest:
    """A forecast of a portfolio from the last day of its prices.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import ForecastRequest

    request = ForecastRequest(Source("prices.csv"), ("FHS-multiscale", "GARCH-t"), count=5000)
    assert request.settings.horizons == (1, 5, 20, 60)
    ```

    Args:
        source: The source of the prices, of one asset or of several.
        names: Names of baselines with a state, which are fitted to all days, of run folders, or of
            presets. Empty for three usual ones.
        portfolio: The weights. Defaults to `None`, equal weights.
        count: Paths of each forecaster. Defaults to `10_000`.
        seed: The same seed gives the same paths. Defaults to `0`.
        settings: Horizons, levels and losses. Defaults to `RiskSettings()`.
    """

    source: Source
    names: tuple[str, ...] = ()
    portfolio: Portfolio | None = None
    count: int = 10_000
    seed: int = 0
    settings: RiskSettings = DEFAULT_SETTINGS


@dataclass(frozen=True, eq=False)
class Forecast:
    """The risk from the last day on, and what it rests on.

    Args:
        risk: The risk over the paths of all forecasters.
        lines: What was read, and what each forecaster was fitted to and expects.
        frequency: How often the returns come.
    """

    risk: PortfolioRisk
    lines: tuple[str, ...]
    frequency: Frequency


def forecast(
    request: ForecastRequest,
    *,
    scenarios: Path | None = None,
    progress: Progress = silent,
) -> Forecast:
    """Fits forecasters to prices, and measures a portfolio in their paths after the last day.

    Example:
    ```python
    from keras_wgan.data import Source
    from keras_wgan.experiments import ForecastRequest, forecast

    source = Source("bundled", start="2014-01-01")
    found = forecast(ForecastRequest(source, ("FHS-EGARCH", "GARCH-t"), count=1000))
    table = found.risk.table().set_index(["days", "measure", "level"])
    assert -0.2 < table.loc[(20, "VaR", 0.01), "value"] < -0.05  # late in 2018
    assert found.lines[-1].startswith("GARCH-t: fitted to ")
    ```

    Args:
        request: The prices, the forecasters and the portfolio.
        scenarios: A new .csv, .npz or .parquet file for the paths of the first forecaster. Defaults
            to `None`, no file.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        The `Forecast`. The paths of all forecasters count as one set, and the spread of its risk is
        that of the models.

    Raises:
        ValueError: If a name is unknown, a forecaster has no state or is of other assets, or the
            prices do not fit.
        FileExistsError: If there is a file at `scenarios`.
    """
    if scenarios is not None:
        refuse_output("--scenarios", scenarios, SUFFIXES)
    data = Returns("z-score").load(request.source)
    facts = data.facts
    forecasters = find_forecasters(request.names, request.source, data)
    refuse_too_few(request.count * len(forecasters), request.settings)
    portfolio = request.portfolio or Portfolio.equal(facts.tickers)
    year = facts.frequency.periods_per_year
    settings = replace(request.settings, periods_per_year=year)
    measured = RiskAccumulator(facts.tickers, portfolio, settings, Stress())
    weights = portfolio.aligned(facts.tickers)
    outcomes, lines = {}, [data.reading]
    for number, each in enumerate(forecasters):
        chunks = with_progress(
            _paths(each, request, measured.days), request.count, f"paths of {each.name}", progress
        )
        if scenarios is not None and number == 0:
            outcomes[each.name] = _measured_and_written(measured, chunks, facts, scenarios)
        else:
            outcomes[each.name] = measured.accumulate(chunks)
        lines.append(f"{each.name}: {each.fitted}; {each.expected(weights, year)}")
    return Forecast(measured.risk(outcomes), tuple(lines), facts.frequency)


def _paths(forecaster: TodayForecaster, request: ForecastRequest, days: int) -> Iterator[Array]:
    seeds = np.random.SeedSequence(request.seed)
    for first in range(0, request.count, CHUNK):
        (seed,) = seeds.spawn(1)[0].generate_state(1)
        yield forecaster.paths(days, int(seed))[: request.count - first]


def _measured_and_written(
    measured: RiskAccumulator, chunks: Iterator[Array], facts: ReturnsFacts, path: Path
) -> Outcomes:
    """Measures paths, and writes them to a file on the way."""
    with ArrayOnDisk(path.parent) as returns:

        def kept() -> Iterator[Array]:
            for chunk in chunks:
                returns.append(chunk.astype(np.float32))
                yield chunk

        outcomes = measured.accumulate(kept())
        write_continuation(path, returns, facts)
    return outcomes
