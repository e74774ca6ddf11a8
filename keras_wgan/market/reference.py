"""The references that simulators are scored against: real windows, their facts, sampling floor."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.metrics.returns.copies import copy_rate
from keras_wgan.metrics.returns.facts import ReturnFacts, return_facts
from keras_wgan.metrics.returns.families import LevelReference
from keras_wgan.metrics.returns.matched_scores import sampling_floors
from keras_wgan.metrics.returns.scores import fact_scores
from keras_wgan.metrics.returns.stylized_facts import stylized_facts

REAL = "real"
FLOOR = "sampling floor"
# The first columns of a leaderboard of one asset; all other scores come after them.
FIRST_SCORES = (
    *("w1", "w5", "w20", "w60", "kurtosis", "hill_left", "acf_abs", "acf_square", "leverage"),
    *("var1_1d", "es1_1d", "drawdown", "volatility", "classifier"),
    *("composite", "families", "families_median", "level", "copies"),
)

Progress = Callable[[str], object]


@dataclass(frozen=True, eq=False)
class Scoring:
    """How simulators are scored on a leaderboard.

    Example:
    ```python
    from keras_wgan.market import Scoring

    assert Scoring(days=30).seeds == (0, 1, 2)
    ```

    Args:
        days: Days in a window. Defaults to `60`.
        count: Paths of each simulator and seed. Defaults to `6000`.
        seeds: Seeds of the paths; a score is the mean over all. Defaults to `(0, 1, 2)`.
        floor: Result of `keras_wgan.metrics.sampling_floor` for the real returns, which takes a
            while to compute. Defaults to `None`, computed with the leaderboard.
        matched_floor: Result of `keras_wgan.metrics.family_floor` for the same returns. Defaults to
            `None`, computed with the leaderboard.
        trained_on: Scores that are also part of a model's training loss; tables mark them.
            Defaults to `()`.

    Raises:
        ValueError: If there is no seed, or a number is no whole number of at least 1.
    """

    days: int = 60
    count: int = 6000
    seeds: Sequence[int] = (0, 1, 2)
    floor: Mapping[str, float] | None = None
    matched_floor: Mapping[str, float] | None = None
    trained_on: Sequence[str] = ()

    def __post_init__(self) -> None:
        whole_number("days", self.days)
        whole_number("count", self.count)
        if not len(self.seeds):
            raise InvalidInputError(
                "`seeds` must hold at least one seed. Received: none. Try (0, 1, 2)."
            )


DEFAULT_SCORING = Scoring()


@dataclass(frozen=True, eq=False)
class Reference(ABC):
    """Real windows that simulators are scored against, of one asset or of several.

    Args:
        windows: `(windows, days)` real daily log returns in the order of time, or
            `(windows, days, assets)`.
    """

    windows: NDArray[np.float64]

    @property
    @abstractmethod
    def score_names(self) -> tuple[str, ...]:
        """Names of the scores that compare two markets, those with a floor and those without."""

    @property
    @abstractmethod
    def real(self) -> dict[str, float]:
        """Values of the real windows whose scores are differences from these."""

    @property
    @abstractmethod
    def exploded(self) -> dict[str, float]:
        """The scores of paths that exceed float64; they copy nothing."""

    @abstractmethod
    def score(self, paths: NDArray[np.float64], *, seed: int) -> dict[str, float]:
        """Returns the scores of paths by name, the composite among them."""

    @abstractmethod
    def copies(self, past: NDArray[np.float64], paths: NDArray[np.float64]) -> float:
        """Returns the share of paths that nearly copy a window of the past."""

    @abstractmethod
    def fixed_rows(self) -> dict[str, Mapping[str, float]]:
        """Returns the rows of the real market and of the sampling floor."""

    def score_simulator(
        self,
        simulator: Simulator,
        scoring: Scoring,
        *,
        copied_from: NDArray[np.float64] | None = None,
        progress: Progress = print,
    ) -> list[dict[str, float]]:
        """Returns the scores of a simulator for each seed; infinite where its paths explode.

        Copies are counted against the windows `copied_from` where these are not the real ones.
        """
        began = time.perf_counter()
        found = []
        for seed in scoring.seeds:
            try:
                paths = simulator.sample(scoring.count, self.windows.shape[1], seed)
            except (OverflowError, FloatingPointError) as error:
                progress(f"{simulator.name}, seed {seed}: {error}")
                found.append(self.exploded)
                continue
            if not np.isfinite(paths).all():
                found.append(self.exploded)
                continue
            scores = self.score(paths, seed=seed)
            if copied_from is not None:
                scores["copies"] = self.copies(copied_from, paths)
            found.append(scores)
        took = time.perf_counter() - began
        progress(f"{progress_line(simulator.name, found)}, {took:.0f} s")
        return found

    def table(self, by_seed: Mapping[str, Sequence[Mapping[str, float]]]) -> pd.DataFrame:
        """Returns means over the seeds: rows for the real market, the floor and each simulator."""
        rows = self.fixed_rows()
        for name, found in by_seed.items():
            rows[name] = {key: _mean([scores[key] for scores in found]) for key in found[0]}
        table = pd.DataFrame.from_dict(rows, orient="index").astype(np.float64)
        first = [name for name in FIRST_SCORES if name in table]
        return table[first + [name for name in table if name not in first]]


@dataclass(frozen=True, eq=False)
class MarketReference(Reference):
    """Real windows of one asset, and how far apart two samples of them would be.

    Args:
        windows: `(windows, days)` real daily log returns in the order of time.
        facts: Facts of the real windows.
        floor: The sampling floor of every score that has one, by name.
        matched_floor: The same of the scores after the level is matched.
    """

    facts: ReturnFacts
    floor: Mapping[str, float]
    matched_floor: Mapping[str, float]

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the scores, those with a floor and those without."""
        return tuple(
            dict.fromkeys([*FIRST_SCORES, *fact_scores(self.facts, self.facts), *self.floor])
        )

    @property
    def real(self) -> dict[str, float]:
        """Excess kurtosis and left tail index of the real windows."""
        return {"kurtosis": self.facts.kurtosis[1], "hill_left": self.facts.hill_left}

    @property
    def exploded(self) -> dict[str, float]:
        """The scores of paths that exceed float64."""
        exploded = LevelReference(self.windows, self.facts, self.matched_floor).exploded()
        return {
            **dict.fromkeys(self.score_names, np.inf),
            "families": exploded.mean,
            "families_median": exploded.median,
            "copies": 0.0,
        }

    def score(self, paths: NDArray[np.float64], *, seed: int) -> dict[str, float]:
        """Returns the scores of `(n, days)` paths by name."""
        found = stylized_facts(self.windows, paths, floor=self.floor, seed=seed)
        matched = LevelReference(self.windows, self.facts, self.matched_floor)
        families = matched.score(paths, seed=seed)
        return {
            **found.scores,
            "composite": found.composite,
            "families": families.mean,
            "families_median": families.median,
            "level": families.level,
        }

    def copies(self, past: NDArray[np.float64], paths: NDArray[np.float64]) -> float:
        """Returns the share of paths that nearly copy a window of the past."""
        return copy_rate(past, paths)

    def fixed_rows(self) -> dict[str, Mapping[str, float]]:
        """Returns the rows of the real market and of the sampling floor."""
        return {
            REAL: fact_scores(self.facts, self.facts),
            FLOOR: {
                **self.floor,
                **dict.fromkeys(("composite", "families", "families_median"), 1.0),
                "level": self.matched_floor["level"],
            },
        }


def market_reference(
    history: NDArray[np.float64], scoring: Scoring, *, progress: Progress
) -> MarketReference:
    """Measures all windows of a history, and computes the sampling floors that are not given."""
    windows = windows_of(history, scoring.days)
    facts = return_facts(windows)
    floor, matched_floor = scoring.floor, scoring.matched_floor
    if floor is None or matched_floor is None:
        progress(f"{FLOOR}: comparing histories drawn from the real one ...")
        raw, matched = sampling_floors(history, days=scoring.days)
        floor, matched_floor = floor or raw, matched_floor or matched
    return MarketReference(windows, facts, floor, matched_floor)


def windows_of(history: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Returns every window, `(windows, days)` or `(windows, days, assets)`, as a read-only view."""
    days = whole_number("days", days, maximum=len(history))
    windows = np.lib.stride_tricks.sliding_window_view(history, days, axis=0)
    return windows if history.ndim == 1 else np.moveaxis(windows, -1, 1)


def progress_line(name: str, found: Sequence[Mapping[str, float]]) -> str:
    """Returns a line with a simulator's composite and families, the means over its seeds."""
    shown = [score for score in ("composite", "families") if score in found[0]]
    means = (f"{score} {_mean([scores[score] for scores in found]):.2f}" for score in shown)
    return f"{name}: {', '.join(means)}"


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
