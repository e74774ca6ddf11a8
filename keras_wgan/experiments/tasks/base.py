"""The task interface: the steps of an experiment that differ between the kinds of samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import keras
import numpy as np
import pandas as pd

from keras_wgan._sampling import Sampler
from keras_wgan.data import ImageData, ReturnsData, SeriesData, Source
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig
    from keras_wgan.experiments.tasks.today import FromToday

SCORED = 1000  # generated samples behind a measurement during training

Data = TypeVar("Data", ImageData, ReturnsData, SeriesData)


@dataclass(frozen=True)
class Evaluation:
    """Measurements of generated samples."""

    metrics: dict[str, Any]  # by name, with what they depend on; ready for JSON
    lines: list[str]  # the same as text, for the terminal
    samples: np.ndarray  # that were measured, `(n, *shape)` in the units of the data
    today: "FromToday | None" = None  # paths of returns that continue the data


class Task(Protocol[Data]):
    """The steps of an experiment on one kind of data."""

    score: str  # the number in `logs` that a search minimizes
    evaluated: int  # the default number of samples that `evaluate` draws
    suffixes: tuple[str, ...]  # of the files that samples are written to, the default one first

    def load(self, source: Source) -> Data:
        """Reads the data and brings it to the generator's scale."""

    def sampler(self, data: Data) -> Sampler | None:
        """Returns how samples are drawn, or `None` for `model.generate`."""

    def metric_callback(self, data: Data, *, every: int, samples: int) -> keras.callbacks.Callback:
        """Returns the callback that logs `score`."""

    def sample_callback(self, data: Data, folder: Path, *, every: int) -> keras.callbacks.Callback:
        """Returns the callback that saves pictures of samples."""

    def evaluate(self, data: Data, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Draws samples and measures them against the data."""

    def draw(
        self, data: Data, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves the pictures of a run; returns their paths."""

    def report(
        self,
        data: Data,
        model: WGANGP,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: "RunConfig",
        folder: Path,
    ) -> list[Path]:
        """Writes the report pages of a run; returns their paths."""
