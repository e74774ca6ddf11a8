"""Generation of samples of a trained run into a file."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data import ImageFacts, ReturnsFacts, SeriesFacts, inspect_prices
from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.output_file import refuse_output
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.same_data import refuse_other_prices
from keras_wgan.experiments.tasks.images import export_images
from keras_wgan.experiments.tasks.labels import asked_labels
from keras_wgan.experiments.tasks.returns_export import export_returns
from keras_wgan.io.progress import silent, with_progress
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.weights import read_portfolio
from keras_wgan.market.scenarios import Anywhere, ScenarioRequest, Start, draw_scenarios
from keras_wgan.report.export.series import write_windows

OWN = "data"  # the name of the prices that the run was trained on


@dataclass(frozen=True)
class YearlyMoments:
    """Mean and volatility of a year to which generated returns are rescaled.

    Example:
    ```python
    from keras_wgan.experiments import YearlyMoments

    assert YearlyMoments(mean=0.0252).per_period()["mean"] == 0.0001
    ```

    Args:
        mean: The mean log return of a year. Defaults to `None`, that of the model.
        volatility: The volatility of a year. Defaults to `None`, that of the model.
    """

    mean: float | None = None
    volatility: float | None = None

    def per_period(self, periods_per_year: float = TRADING_DAYS) -> dict[str, float | None]:
        """Returns mean and volatility of one return; by default, of one of 252 days a year."""
        mean = None if self.mean is None else self.mean / periods_per_year
        root = math.sqrt(periods_per_year)
        return {
            "mean": mean,
            "volatility": None if self.volatility is None else self.volatility / root,
        }


@dataclass(frozen=True)
class GenerationRequest:
    """Samples to generate from a run.

    Args:
        count: Number of samples.
        seed: The same seed gives the same samples; `None` gives new ones each time.
        days: Length of paths of returns. Defaults to `None`, as trained.
        start: The state in which paths of returns begin. Defaults to any state.
        yearly: Mean and volatility that the returns of one asset are rescaled to. Defaults to
            `None`, those of the model.
        condition: The label of all samples of a conditional model. Defaults to `None`, every
            label in turn.
    """

    count: int
    seed: int | None
    days: int | None = None
    start: Start = field(default_factory=Anywhere)
    yearly: YearlyMoments | None = None
    condition: int | None = None


def generate(
    run: Run,
    request: GenerationRequest,
    out: Path,
    *,
    progress: Callable[[str], object] = silent,
) -> list[str]:
    """Writes samples of a run's model to a file in the units of its data, completely or not at all.

    Only a few samples are in memory at a time. Returns also pass through an unnamed file next to
    `out`, which takes 4 bytes for each.

    Example:
    ```python
    import tempfile
    from pathlib import Path
    from keras_wgan.experiments import GenerationRequest, Run, generate

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scenarios.csv")
        generate(Run.open("preset:sp500"), GenerationRequest(10, seed=1), path)
        assert len(path.read_text().splitlines()) == 1 + 10 * 60
    ```

    Args:
        run: An existing run.
        request: The samples to generate.
        out: The file; its suffix chooses the format.
        progress: Called every few seconds with a line about the progress. Defaults to a function
            that does nothing.

    Returns:
        Lines about the state in which paths begin, none if none was chosen; of series, about what
        the file holds.

    Raises:
        FileExistsError: If there is a file at `out`.
        OSError: If `out` cannot be written.
        ValueError: If a part of the request does not fit the run.
    """
    refuse_output("--out", out, run.recipe.task.suffixes, " for this run")
    facts = run.facts
    if isinstance(facts, ReturnsFacts):
        return _generate_returns(run, facts, request, out, progress)
    _refuse_parts_of_returns(run, request)
    if isinstance(facts, SeriesFacts):
        return _generate_series(run, facts, request, out, progress)
    _generate_images(run, facts, request, out, progress)
    return []


def prices_to_continue(run: Run, name: str) -> pd.DataFrame:
    """Returns all prices of the run's tickers from a source: `"data"` ends with its training."""
    facts, source = run.facts, run.config.experiment.source
    if not isinstance(facts, ReturnsFacts):
        raise InvalidInputError(
            f"`--after` is for returns. Received: {run.path}, of {run.recipe.kind}"
        )
    last = facts.last_day if name == OWN else None
    origin = replace(source, data=source.data if name == OWN else name)
    named = None if source.ticker is None and origin.own_file else facts.tickers
    reading = inspect_prices(named, None, last, origin.data, origin.price_format, origin.accept)
    prices = reading.prices.set_axis(pd.Index(facts.tickers), axis=1)
    refuse_other_prices(prices, reading.frequency, facts, origin)
    return prices


def portfolio_of(run: Run, weights: str) -> Portfolio:
    """Returns the portfolio of a run's assets that a user writes as `equal`, a list or a file."""
    if not isinstance(run.facts, ReturnsFacts):
        raise InvalidInputError(
            f"`--weights` is for returns. Received: {run.path}, of {run.recipe.kind}"
        )
    return read_portfolio(weights, run.facts.tickers)


def _generate_returns(
    run: Run,
    facts: ReturnsFacts,
    request: GenerationRequest,
    out: Path,
    progress: Callable[[str], object],
) -> list[str]:
    if request.condition is not None:
        _refuse_condition(run)
    if request.yearly is not None and len(facts.tickers) > 1:
        _refuse(run, "`--yearly-mean` and `--yearly-volatility`", "the returns of one asset")
    market = run.simulator()
    days = request.days or market.days
    wanted = ScenarioRequest(request.count, days, request.seed, request.start)
    scenarios = draw_scenarios(market, facts, wanted)
    batches = with_progress(scenarios.batches, request.count, "samples made", progress)
    year = facts.frequency.periods_per_year
    anchor = None if request.yearly is None else request.yearly.per_period(year)
    export_returns(batches, scenarios.facts, out, anchor=anchor, progress=progress)
    return scenarios.describe()


def _generate_images(
    run: Run,
    facts: ImageFacts,
    request: GenerationRequest,
    out: Path,
    progress: Callable[[str], object],
) -> None:
    if request.condition is not None and facts.classes is None:
        _refuse_condition(run)
    labels = None
    if facts.classes is not None:
        labels = asked_labels(request.condition, facts.classes, request.count)
    drawn = run.model().generate_batches(request.count, condition=labels, seed=request.seed)
    batches = with_progress(drawn, request.count, "samples made", progress)
    export_images(batches, out, count=request.count, labels=labels)


def _generate_series(
    run: Run,
    facts: SeriesFacts,
    request: GenerationRequest,
    out: Path,
    progress: Callable[[str], object],
) -> list[str]:
    if request.condition is not None:
        _refuse_condition(run)
    drawn = run.model().generate_batches(request.count, seed=request.seed)
    batches = with_progress(drawn, request.count, "windows made", progress)
    windows = (facts.scaler.inverse(np.asarray(batch, np.float64)) for batch in batches)
    write_windows(out, windows, facts.columns, count=request.count)
    return [
        "Values are decimal, and may lie a little outside the real range: whole numbers and bounds "
        "such as 0 are not kept. Round or clip them where that matters."
    ]


def _refuse_parts_of_returns(run: Run, request: GenerationRequest) -> None:
    if request.days is not None:
        _refuse(run, "`--days`", "returns")
    if request.start != Anywhere():
        _refuse(run, "`--regime`, `--volatility-percentile` and `--after`", "returns")
    if request.yearly is not None:
        _refuse(run, "`--yearly-mean` and `--yearly-volatility`", "the returns of one asset")


def _refuse_condition(run: Run) -> None:
    _refuse(run, "`--condition`", "runs of a conditional recipe, such as mnist-conditional")


def _refuse(run: Run, option: str, purpose: str) -> None:
    raise InvalidInputError(
        f"{option} is only for {purpose}. Received: {run.path}, of the recipe {run.recipe.name}. "
        "Leave it out."
    )
