"""Which epoch's weights does a run keep? Those that do best on later days, which it never sees."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.data import ReturnsData, ReturnsFacts, Source, TrainingData
from keras_wgan.data.splits import Split
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.io.dates import day_of

GAP_DAYS = Split.gap_days  # the gap before the test years too
MIN_DAYS = 500  # two blocks of a year, or there is no sampling floor
MEASURED_IN_A_RUN = 20
WINDOWS = 1000  # generated for each measurement
SEED = 271_828  # of their noise: no leaderboard draws these paths again by chance
MEASURE = "val_facts_median"


@dataclass(frozen=True)
class HeldOutSelection:
    """By which days a run's weights are chosen.

    Which epoch's they are says the model itself, by the batches that it has seen.

    Example:
    ```python
    from keras_wgan.experiments import HeldOutSelection

    choice = HeldOutSelection("2015-12-31", "2012-03-29", "2015-12-31", days=946)
    assert choice.describe(40, 1.3).startswith("the weights of epoch 40, chosen on 2012-03-29")
    ```

    Args:
        until: The last day that choosing may look at.
        first_day: The first day that it looks at, 60 trading days after the last of training.
        last_day: The last of them.
        days: How many they are.
    """

    until: str
    first_day: str
    last_day: str
    days: int

    @classmethod
    def of(cls, held_out: "pd.Series[Any]", until: str) -> "HeldOutSelection":
        """Returns the choice by dated returns up to a day."""
        first, last = (f"{day:%Y-%m-%d}" for day in held_out.index[[0, -1]])
        return cls(f"{day_of('until', until):%Y-%m-%d}", first, last, len(held_out))

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "HeldOutSelection":
        """Returns the choice that `to_config` wrote."""
        return cls(**{field.name: config[field.name] for field in fields(cls)})

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return asdict(self)

    def describe(self, epoch: int, score: float) -> str:
        """Returns for people which weights these are.

        Args:
            epoch: Whose weights they are, from 1.
            score: What the epoch measured, the median of score over sampling floor.

        Returns:
            Words that follow "it has".
        """
        span = f"{self.first_day} to {self.last_day}"
        if not math.isfinite(score):
            return f"the weights of epoch {epoch}, since none could be measured on {span}"
        return (
            f"the weights of epoch {epoch}, chosen on {span} "
            f"(median of score over sampling floor {score:.2f})"
        )


def chosen_weights(run: RunFolder) -> str | None:
    """Returns for people which weights a run's model has, or None where none were chosen."""
    config = run.read_config()
    if "choice" not in config:
        return None
    assert isinstance(run.facts, ReturnsFacts)
    batches = -(-run.facts.windows // config["settings"]["batch_size"])
    epoch = int(run.load_model().optimizer.iterations) // batches
    history = run.read_history().set_index("epoch")
    score = float(history[MEASURE].get(epoch - 1, math.inf)) if MEASURE in history else math.inf
    return HeldOutSelection.from_config(config["choice"]).describe(epoch, score)


def days_after(recipe: Recipe, source: Source, data: TrainingData, until: str) -> "pd.Series[Any]":
    """Returns the log returns after a gap of 60 days behind the last day of training.

    Args:
        recipe: What is trained.
        source: Where its data comes from, which must hold the later days too.
        data: What it trains on.
        until: The last day to return.

    Returns:
        Log returns a day under their dates.

    Raises:
        ValueError: If the samples are no returns of one asset, or fewer than 500 days are left.
    """
    if not isinstance(data, ReturnsData) or data.assets > 1:
        made = "several assets" if recipe.kind == "returns" else recipe.kind
        raise InvalidInputError(
            "Weights are chosen by the stylized facts of one asset's returns. Received: "
            f"{recipe.name}, which makes {made}. Train it without `--select-until`."
        )
    try:
        found = recipe.task.load(replace(source, end=until))
    except ValueError as error:
        raise InvalidInputError(f"The days up to {until} cannot be read: {error}") from error
    assert isinstance(found, ReturnsData)
    later = found.history.iloc[:, 0]
    left = later[later.index > data.history.index[-1]].iloc[GAP_DAYS:]
    if len(left) < MIN_DAYS:
        raise InvalidInputError(
            f"Choosing needs at least {MIN_DAYS} days after the training and a gap of "
            f"{GAP_DAYS}, two years and a quarter. Received: {len(left)} of them from "
            f"{data.facts.last_day} to {until}. End the training earlier with `--end`, choose "
            "until a later day, or bring data that goes on."
        )
    return left


def held_out_facts(held_out: "pd.Series[Any]", data: ReturnsData, *, every: int) -> "HeldOutFacts":
    """Returns the callback that logs how far the model is from days that it does not train on."""
    return HeldOutFacts(
        held_out.to_numpy(),
        days=data.samples.shape[1],
        inverse=data.facts.scaler.inverse,
        samples=WINDOWS,
        every=every,
        seed=SEED,
    )


class HeldOutFacts(StylizedFacts):
    """Logs `val_facts_median` and `val_facts_composite`."""

    def __init__(
        self,
        returns: np.ndarray,
        *,
        days: int,
        inverse: Callable[[np.ndarray], np.ndarray],
        samples: int,
        every: int,
        seed: int,
    ) -> None:
        super().__init__(
            returns, days=days, inverse=inverse, samples=samples, every=every, seed=seed
        )
        self.names = (MEASURE, "val_facts_composite")
        self.latest = dict.fromkeys(self.names, math.inf)

    def measure_returns(self, returns: np.ndarray) -> dict[str, float]:
        """Returns both numbers."""
        found = super().measure_returns(returns)
        return {name: found[name.removeprefix("val_")] for name in self.names}
