"""Which epoch's weights does a run keep? Those that do best on later days, which it never sees."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan.callbacks import StylizedFacts
from keras_wgan.data import scaler_from_config
from keras_wgan.recipes import Recipe
from keras_wgan.runs import RunFolder
from keras_wgan.subjects.subject import Source, TrainingData

GAP_DAYS = 60  # a window: volatility today still says something about volatility in two months
FEWEST_DAYS = 500  # two blocks of a year, or there is no sampling floor
MEASURED_IN_A_RUN = 20
WINDOWS = 1000  # generated for each measurement
SEED = 271_828  # of their noise: no leaderboard draws these paths again by chance
MEASURE = "val_facts_median"


@dataclass(frozen=True)
class Choice:
    """By which days a run's weights were chosen, and which they are.

    Example:
    ```python
    from keras_wgan.choosing import Choice

    choice = Choice("2015-12-31", "2012-03-29", "2015-12-31", days=946, epoch=40, score=1.3)
    assert Choice(**choice.to_config()) == choice
    ```

    Args:
        until: The last day that choosing may look at.
        first_day: The first day that it looks at, 60 trading days after the last of training.
        last_day: The last of them.
        days: How many they are.
        epoch: The epoch whose weights were kept, from 1, or `None` before the first measurement.
            Defaults to `None`.
        score: Its median of score over sampling floor. Defaults to `None`.
    """

    until: str
    first_day: str
    last_day: str
    days: int
    epoch: int | None = None
    score: float | None = None

    @classmethod
    def of(cls, held_out: "pd.Series[Any]", until: str) -> "Choice":
        """Returns a choice among no epochs yet, by dated returns up to a day."""
        first, last = (f"{day:%Y-%m-%d}" for day in held_out.index[[0, -1]])
        return cls(until, first, last, len(held_out))

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return asdict(self)

    def describe(self) -> str:
        """Returns for people which weights these are."""
        span = f"{self.first_day} to {self.last_day}"
        if self.epoch is None:
            return f"the last weights, since none could be measured on {span}"
        return (
            f"the weights of epoch {self.epoch}, chosen on {span} "
            f"(median of score over sampling floor {self.score:.2f})"
        )


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
    if recipe.kind != "returns" or data.assets > 1:
        made = "several assets" if recipe.kind == "returns" else recipe.kind
        raise ValueError(
            "Weights are chosen by the stylized facts of one asset's returns. Received: "
            f"{recipe.name}, which makes {made}. Train it without `--choose-until`."
        )
    assert isinstance(data.history, pd.Series)
    try:
        later = recipe.subject.load(replace(source, end=until)).history
    except ValueError as error:
        raise ValueError(f"The days up to {until} cannot be read: {error}") from error
    assert isinstance(later, pd.Series)
    left = later[later.index > data.history.index[-1]].iloc[GAP_DAYS:]
    if len(left) < FEWEST_DAYS:
        raise ValueError(
            f"Choosing needs at least {FEWEST_DAYS} days after the training and a gap of "
            f"{GAP_DAYS}, two years and a quarter. Received: {len(left)} of them from "
            f"{data.facts['last_day']} to {until}. End the training earlier with `--end`, choose "
            "until a later day, or bring data that goes on."
        )
    return left


def held_out_facts(held_out: "pd.Series[Any]", data: TrainingData, *, every: int) -> "HeldOutFacts":
    """Returns the callback that logs how far the model is from days that it does not train on."""
    return HeldOutFacts(
        held_out.to_numpy(),
        days=data.samples.shape[1],
        inverse=scaler_from_config(data.facts["scaler"]).inverse,
        samples=WINDOWS,
        every=every,
        seed=SEED,
    )


class HeldOutFacts(StylizedFacts):
    """Logs `val_facts_median` and `val_facts_composite`, and nothing else beside them."""

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


class KeepBest(keras.callbacks.Callback):
    """Saves the model as the run's own after each epoch that is closer than all before.

    Keras' `ModelCheckpoint` would write over the best model in place, so that a run killed at that
    moment had none, and would not say which epoch it was.

    Args:
        run: Where the model goes, and `choice` in `config.json`.
        choice: The days, and the best epoch of an earlier start.
    """

    def __init__(self, run: RunFolder, choice: Choice) -> None:
        super().__init__()
        self.run, self.choice = run, choice

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves, if the measured number is the lowest so far."""
        score = (logs or {}).get(MEASURE, math.inf)
        best = math.inf if self.choice.score is None else self.choice.score
        if score < best:
            self.choice = replace(self.choice, epoch=epoch + 1, score=float(score))
            self.run.save_model(self.model)
            self.run.write_config({**self.run.read_config(), "choice": self.choice.to_config()})
