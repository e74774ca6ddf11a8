"""The selection of a run's weights by later days, which training never sees."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.data import ReturnsData, Source, TrainingData
from keras_wgan.data.splits import Split
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipe import Recipe

GAP_DAYS = Split.gap_days  # the gap before the test years too
MIN_DAYS = 500  # two blocks of a year, or there is no sampling floor
MEASURED_IN_A_RUN = 20
WINDOWS = 1000  # generated for each measurement
SEED = 271_828  # of their noise: no leaderboard draws these paths again by chance
MEASURE = "val_facts_median"


@dataclass(frozen=True)
class HeldOutSelection:
    """The held-out days by which a run's weights are selected.

    The model itself says which epoch's weights it has, by the batches that it has seen.
    """

    first_day: str
    last_day: str
    days: int

    @classmethod
    def of(cls, held_out: "pd.Series[Any]") -> "HeldOutSelection":
        """Returns the selection by dated returns."""
        first, last = (f"{day:%Y-%m-%d}" for day in held_out.index[[0, -1]])
        return cls(first, last, len(held_out))

    def describe(self, epoch: int, score: float) -> str:
        """Returns the words for the weights of an epoch, from 1, and its measured median ratio."""
        span = f"{self.first_day} to {self.last_day}"
        if not math.isfinite(score):
            return f"the weights of epoch {epoch}, since none could be measured on {span}"
        return (
            f"the weights of epoch {epoch}, selected on {span} "
            f"(median of score over sampling floor {score:.2f})"
        )


def days_after(recipe: Recipe, source: Source, data: TrainingData, until: str) -> "pd.Series[Any]":
    """Returns the dated log returns from 60 trading days after the training until a day."""
    if not isinstance(data, ReturnsData) or data.assets > 1:
        made = "several assets" if recipe.kind == "returns" else recipe.kind
        raise InvalidInputError(
            "Weights are selected by the stylized facts of one asset's returns. Received: "
            f"{recipe.name}, which makes {made}. Train it without `--select-until`."
        )
    try:
        longer = recipe.task.load(replace(source, end=until))
    except ValueError as error:
        raise InvalidInputError(f"The days up to {until} cannot be read: {error}") from error
    assert isinstance(longer, ReturnsData)
    later = longer.history.iloc[:, 0]
    left = later[later.index > data.history.index[-1]].iloc[GAP_DAYS:]
    if len(left) < MIN_DAYS:
        raise InvalidInputError(
            f"A selection needs at least {MIN_DAYS} days after the training and a gap of "
            f"{GAP_DAYS}, two years and a quarter. Received: {len(left)} of them from "
            f"{data.facts.last_day} to {until}. End the training earlier with `--end`, select "
            "until a later day, or bring data that reaches further."
        )
    return left


class HeldOutFacts(StylizedFacts):
    """Logs as `val_facts_median` and `val_facts_composite` how far the model is from later days."""

    def __init__(self, held_out: "pd.Series[Any]", data: ReturnsData, *, every: int) -> None:
        super().__init__(
            held_out.to_numpy(),
            days=data.samples.shape[1],
            inverse=data.facts.scaler.inverse,
            samples=WINDOWS,
            every=every,
            seed=SEED,
            name="val_facts",
        )
        self.names = (MEASURE, "val_facts_composite")
        self.latest = dict.fromkeys(self.names, math.inf)

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns both numbers."""
        found = super().measure_returns(returns)
        return {name: found[name] for name in self.names}
