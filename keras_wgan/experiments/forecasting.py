"""Forecasts from the last day of some prices: a portfolio's risk by several forecasters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import Frequency, ReturnsData, ReturnsFacts, Source
from keras_wgan.errors import InvalidInputError, OutputExistsError
from keras_wgan.experiments.comparison_folder import Progress, typed
from keras_wgan.experiments.preset_index import is_preset
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.same_data import refuse_other_prices
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.parquet import require_pyarrow
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.market import baselines
from keras_wgan.market.baselines.simulator import StatefulSimulator
from keras_wgan.market.risk.engine import DEFAULT_SETTINGS, RiskAccumulator, refuse_too_few
from keras_wgan.market.risk.outcomes import Outcomes
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.result import PortfolioRisk
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress
from keras_wgan.report.export.scenarios import SUFFIXES, write_scenarios

# What the tables of docs/backtest.md and docs/several_assets.md put first, of different kinds, so
# that their spread says something about the model and not about the draw.
USUAL = ("FHS-multiscale", "FHS-EGARCH", "EGARCH-skewt")
USUAL_OF_SEVERAL = ("joint FHS-GJR", "DCC-GJR-t", "t copula")
CHUNK = 1000  # paths that are drawn together, of which the k-th depends on seed and k alone

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
        _check_file(scenarios)
    data = Returns("z-score").load(request.source)
    facts = data.facts
    forecasters = [_forecaster(name, request.source, data) for name in _names(request, data)]
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


@dataclass(frozen=True, eq=False)
class _Forecaster:
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


def _names(request: ForecastRequest, data: ReturnsData) -> list[str]:
    known = {typed(name): name for name in (*baselines.FORECASTERS, *baselines.JOINT_BASELINES)}
    usual = USUAL if data.assets == 1 else USUAL_OF_SEVERAL
    names = [known.get(typed(name), name) for name in request.names or usual]
    if len(set(names)) < len(names):
        raise InvalidInputError(f"Name each forecaster once. Received: {', '.join(names)}")
    return names


def _forecaster(name: str, source: Source, data: ReturnsData) -> _Forecaster:
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
        return _Forecaster(name, market.fit(observed), observed, f"fitted to {days}")
    if Path(name).is_dir() or is_preset(name):
        return _of_run(name, source, data, observed)
    raise InvalidInputError(
        f"A forecaster of {'one asset' if one else 'several assets'} must be a baseline "
        f"({_with_state(suitable)}), a run folder, or a preset such as preset:sp500. "
        f"Received: {name}"
    )


def _of_run(name: str, source: Source, data: ReturnsData, observed: Array) -> _Forecaster:
    run = Run.open(name)
    facts = run.facts
    if not isinstance(facts, ReturnsFacts) or len(facts.tickers) != data.assets:
        made = ", ".join(facts.tickers) if isinstance(facts, ReturnsFacts) else "images"
        raise InvalidInputError(
            f"{name} must make returns of as many assets as the prices hold, "
            f"{', '.join(data.facts.tickers)}. Received: {made}"
        )
    refuse_other_prices(source.read().prices, facts, source)
    market = run.simulator()
    if not market.has_state:
        raise InvalidInputError(
            f"A forecaster must have a state, which the last days set. Received: {name}, of the "
            f"recipe {run.recipe.name}, whose windows continue nothing. Train the recipe sp500."
        )
    days = f"trained on {facts.first_day} to {facts.last_day}"
    return _Forecaster(run.path.resolve().name, market, observed, days)


def _with_state(names: Sequence[str]) -> str:
    found = [name for name in names if isinstance(baselines.get(name), StatefulSimulator)]
    return ", ".join(map(typed, found))


def _paths(forecaster: _Forecaster, request: ForecastRequest, days: int) -> Iterator[Array]:
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
        dates = facts.frequency.dates_after(facts.last_moment, returns.shape[1])
        prices = dict(zip(facts.tickers, facts.last_prices, strict=True))
        write_scenarios(path, returns, prices, dates)
    return outcomes


def _check_file(path: Path) -> None:
    if path.suffix not in SUFFIXES:
        raise InvalidInputError(
            f"`--scenarios` must end in {', '.join(SUFFIXES)}. Received: {path}"
        )
    if path.suffix == ".parquet":
        require_pyarrow()
    if path.exists():
        raise OutputExistsError(f"`--scenarios` must be a new file, nothing is overwritten: {path}")
