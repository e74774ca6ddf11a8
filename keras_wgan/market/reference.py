"""What are simulators held against? The real windows, their facts, and their sampling floor."""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.metrics.returns.copies import copy_rate
from keras_wgan.metrics.returns.facts import ReturnFacts, return_facts
from keras_wgan.metrics.returns.sampling_floor import sampling_floor
from keras_wgan.metrics.returns.scores import fact_scores
from keras_wgan.metrics.returns.stylized_facts import stylized_facts

REAL = "real"
FLOOR = "sampling floor"
# The columns of the project's main table, in its order; all other scores come after them.
FIRST_SCORES = (
    *("w1", "w5", "w20", "w60", "kurtosis", "hill_left", "acf_abs", "acf_square", "leverage"),
    *("var1_1d", "es1_1d", "drawdown", "volatility", "classifier", "composite", "copies"),
)

Progress = Callable[[str], object]


@dataclass(frozen=True, eq=False)
class MarketReference:
    """The real windows, and how far apart two samples of them would be.

    Args:
        windows: real log returns a day, `(windows, days)`, in the order of time.
        facts: what the real windows look like.
        floor: the sampling floor of every score that has one, by name.
    """

    windows: NDArray[np.float64]
    facts: ReturnFacts
    floor: Mapping[str, float]

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the scores that compare two markets, those with a floor and those without."""
        return tuple(
            dict.fromkeys([*FIRST_SCORES, *fact_scores(self.facts, self.facts), *self.floor])
        )

    @property
    def exploded(self) -> dict[str, float]:
        """The scores of paths that no float64 can hold; they copy nothing."""
        return {**dict.fromkeys(self.score_names, np.inf), "copies": 0.0}

    def score(self, paths: NDArray[np.float64], *, seed: int) -> dict[str, float]:
        """Returns the scores of `(n, days)` paths by name, the composite among them."""
        found = stylized_facts(self.windows, paths, floor=self.floor, seed=seed)
        return {**found.scores, "composite": found.composite}

    def score_simulator(
        self,
        simulator: Simulator,
        *,
        count: int,
        seeds: Sequence[int],
        copied_from: NDArray[np.float64] | None = None,
        progress: Progress = print,
    ) -> list[dict[str, float]]:
        """Draws `count` paths for each seed and scores them all.

        A simulator whose paths grow beyond float64 is infinitely far from the market.

        Args:
            simulator: what draws the paths.
            count: paths for each seed.
            seeds: of the paths, and of the scores that draw at random.
            copied_from: the windows that could have been copied, where these are not the real
                ones of the market_reference. Defaults to `None`.
            progress: called with one line at the end. Defaults to `print`.

        Returns:
            The scores of each seed, by name.
        """
        began = time.perf_counter()
        found = []
        for seed in seeds:
            try:
                paths = simulator.sample(count, self.facts.days, seed)
            except (OverflowError, FloatingPointError) as error:
                progress(f"{simulator.name}, seed {seed}: {error}")
                found.append(self.exploded)
                continue
            if not np.isfinite(paths).all():
                found.append(self.exploded)
                continue
            scores = self.score(paths, seed=seed)
            if copied_from is not None:
                scores["copies"] = copy_rate(copied_from, paths)
            found.append(scores)
        took = time.perf_counter() - began
        progress(f"{progress_line(simulator.name, found)}, {took:.0f} s")
        return found

    def table(self, by_seed: Mapping[str, Sequence[Mapping[str, float]]]) -> pd.DataFrame:
        """Returns means over the seeds, a row a simulator, below the real market and the floor."""
        rows: dict[str, Mapping[str, float]] = {
            REAL: fact_scores(self.facts, self.facts),
            FLOOR: {**self.floor, "composite": 1.0},
        }
        for name, found in by_seed.items():
            rows[name] = {key: _mean([scores[key] for scores in found]) for key in found[0]}
        table = pd.DataFrame.from_dict(rows, orient="index").astype(np.float64)
        first = [name for name in FIRST_SCORES if name in table]
        return table[first + [name for name in table if name not in first]]


def market_reference(
    history: NDArray[np.float64],
    days: int,
    *,
    floor: Mapping[str, float] | None,
    progress: Progress,
) -> MarketReference:
    """Measures all windows of a history; works out its sampling floor where there is none yet."""
    windows = windows_of(history, days)
    facts = return_facts(windows)
    if floor is None:
        progress(f"{FLOOR}: comparing histories drawn from the real one ...")
        floor = sampling_floor(history, days=days)
    return MarketReference(windows, facts, floor)


def windows_of(history: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Returns every window of `days` days, `(windows, days)`, a view that is not to be written."""
    days = whole_number("days", days, maximum=len(history))
    return np.lib.stride_tricks.sliding_window_view(history, days)


def progress_line(name: str, found: Sequence[Mapping[str, float]]) -> str:
    """Returns a simulator's name and its composite, the mean over its seeds."""
    return f"{name}: composite {_mean([scores['composite'] for scores in found]):.2f}"


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
