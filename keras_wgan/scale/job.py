"""A job: the scenarios of a run, of which each process makes some."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import ReturnsFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.preset_index import PREFIX
from keras_wgan.experiments.presets import Preset
from keras_wgan.experiments.risk import RiskRequest, wanted_scenarios
from keras_wgan.experiments.run import Run
from keras_wgan.io.files import reading
from keras_wgan.io.json import strict_json
from keras_wgan.market.scenarios import (
    AfterPrices,
    Anywhere,
    InRegime,
    ScenarioRequest,
    Scenarios,
    draw_scenarios,
)
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.scale.shards import Shard

Returns = NDArray[np.float32]
IN_TABLE = ("scenario", "day")  # columns besides those of the assets


@dataclass(frozen=True, eq=False)
class ScenarioJob:
    """Scenarios of a run that are made in shards; it can be pickled and sent to other processes.

    Scenario k depends on the run, the seed and k alone. Two processes get the same numbers to the
    last bit on the same kind of machine, with the same versions, backend and number of threads;
    otherwise they differ by rounding.

    Example:
    ```python
    from keras_wgan.experiments import GenerationRequest, Run
    from keras_wgan.scale import ScenarioJob, Shard, shard_table

    def tables(path):
        job = ScenarioJob.of(Run.open(path), GenerationRequest(1_000_000, seed=0))
        return [shard_table(job, shard) for shard in Shard.all(10)]
    ```

    Args:
        run: The run folder, where all processes find it, or a preset such as `preset:sp500`.
        model_checksum: The SHA-256 of its `model.keras`.
        request: The number, the days, the seed and the state in which all begin.
    """

    run: str
    model_checksum: str
    request: ScenarioRequest

    @classmethod
    def of(cls, run: Run, request: GenerationRequest) -> ScenarioJob:
        """Returns the job of a request.

        Args:
            run: A run of returns.
            request: The scenarios; with a seed, and without what needs all of them at once.

        Raises:
            ValueError: If the request cannot be made in shards.
        """
        _facts_of(run)
        seed = request.seed
        if request.yearly is not None:
            raise InvalidInputError(
                "`--yearly-mean` and `--yearly-volatility` need all scenarios at once, so they "
                "cannot be used with `--shard`. Scale the finished scenarios instead: "
                "keras_wgan.data.anchor"
            )
        if request.condition is not None:
            raise InvalidInputError("`--condition` is for images, which have no shards.")
        if seed is None:
            raise InvalidInputError(
                "`seed` must be given, so that all shards draw from the same one. Received: None"
            )
        days = request.days or int(run.model().generator.output_shape[1])
        return cls._of(run, ScenarioRequest(request.count, days, seed, request.start))

    @classmethod
    def of_risk(cls, run: Run, request: RiskRequest) -> ScenarioJob:
        """Returns the job of the scenarios that a portfolio is measured in.

        Args:
            run: A run of returns.
            request: The portfolio and the scenarios.
        """
        _facts_of(run)
        longest = request.settings.longest
        return cls._of(run, wanted_scenarios(run.simulator(), request, longest))

    @classmethod
    def _of(cls, run: Run, wanted: ScenarioRequest) -> ScenarioJob:
        place = f"{PREFIX}{run.name}" if isinstance(run, Preset) else str(run.path.absolute())
        return cls(place, checksum(run.model_path), wanted)

    @functools.cached_property
    def facts(self) -> ReturnsFacts:
        """The facts of the data that the scenarios continue."""
        facts, start = _facts_of(Run.open(self.run)), self.request.start
        return start.continued(facts) if isinstance(start, AfterPrices) else facts

    @functools.cached_property
    def columns(self) -> tuple[str, ...]:
        """The column of each asset in tables."""
        return tuple(f"{name}_return" if name in IN_TABLE else name for name in self.facts.tickers)

    @functools.cached_property
    def plan(self) -> dict[str, Any]:
        """What decides the scenarios, and what a reader of them needs, ready for JSON."""
        run = Run.open(self.run)
        facts, trained, request = self.facts, _facts_of(run), self.request
        dates = facts.frequency.dates_after(facts.last_moment, request.days)
        return {
            "model_checksum": self.model_checksum,
            "recipe": run.recipe.name,
            "seed": request.seed,
            "count": request.count,
            "days": request.days,
            "start": _start_entry(request),
            "trained_on": {"first_day": trained.earliest_day, "last_day": trained.last_day},
            "assets": {
                name: {"column": column, "start_price": price}
                for name, column, price in zip(
                    facts.tickers, self.columns, facts.last_prices, strict=True
                )
            },
            "start_moment": facts.last_moment,
            "dates": [each.isoformat() for each in dates],
        }

    @functools.cached_property
    def digest(self) -> str:
        """The SHA-256 of the plan."""
        return hashlib.sha256(strict_json(self.plan)).hexdigest()

    def log_returns(self, shard: Shard) -> Iterator[Returns]:
        """Yields `(some, days, assets)` log returns of a shard's scenarios, a few at a time."""
        numbers, scenarios = shard.scenarios(self.request.count), _scenarios(self)
        for batch in scenarios.between(numbers.start, numbers.stop):
            yield np.asarray(self.facts.scaler.inverse(batch), np.float32)

    def describe(self) -> list[str]:
        """Returns lines about the state in which paths begin, after some were made."""
        return _scenarios(self).describe()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScenarioJob) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, str]:
        return self.run, self.digest


def checksum(path: Path) -> str:
    """Returns the SHA-256 of a file."""
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.lru_cache(maxsize=2)
def _scenarios(job: ScenarioJob) -> Scenarios:
    """Returns the scenarios of a job, with a model that a process loads and compiles once."""
    run = Run.open(job.run)
    found = checksum(run.model_path)
    if found != job.model_checksum:
        raise InvalidInputError(
            f"{run.model_path} is not the model that these scenarios are made with: its SHA-256 "
            f"begins with {found[:8]}, not {job.model_checksum[:8]}. Bring back that model, or "
            "write to another folder."
        )
    facts = _facts_of(run)
    market = PathSimulator(
        run.path.name, run.model(), facts.scaler, facts.frequency.periods_per_year
    )
    return draw_scenarios(market, facts, job.request)


def _facts_of(run: Run) -> ReturnsFacts:
    if isinstance(run.facts, ReturnsFacts):
        return run.facts
    raise InvalidInputError(
        f"Shards are for scenarios of returns. Received: {run.path}, of the recipe "
        f"{run.recipe.name}. Write its samples to one file: keras-wgan generate {run.path}"
    )


def _start_entry(request: ScenarioRequest) -> dict[str, Any]:
    start = request.start
    if isinstance(start, InRegime):
        entry: dict[str, Any] = {"kind": "regime", "percentile": start.percentile}
        if start.portfolio is not None:
            entry["weights"] = dict(start.portfolio.weights)
        return entry
    if isinstance(start, AfterPrices):
        prices = hashlib.sha256(start.prices.to_csv().encode()).hexdigest()
        return {"kind": "after prices", "last_day": start.last_day, "prices_checksum": prices}
    assert isinstance(start, Anywhere)
    return {"kind": "any"}
