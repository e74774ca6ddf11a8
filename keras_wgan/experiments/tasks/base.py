"""What must be known about samples to train on them, judge them and hand them out?"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
import pandas as pd

from keras_wgan.io.progress import silent
from keras_wgan.wgan_gp import WGANGP

SCORED = 1000  # generated samples behind a measurement during training


@dataclass(frozen=True)
class Source:
    """Where data comes from, as the user said it.

    Args:
        data: A name such as `"mnist"`, `"digits"`, `"bundled"` or `"yahoo"`, or the path of a file.
        ticker: Which prices, several with commas between; only for returns. Defaults to `None`,
            the S&P 500.
        start: First day, `"YYYY-MM-DD"`; only for returns. Defaults to `None`: 2000-01-01, or
            where a file begins.
        end: Last day; only for returns. Defaults to `None`: 2023-12-31, or where a file ends.
    """

    data: str
    ticker: str | None = None
    start: str | None = None
    end: str | None = None

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class TrainingData:
    """What a model trains on.

    Args:
        samples: `(n, *shape)` float32, on the scale of the generator's output.
        labels: `(n,)` whole numbers, or `None`.
        facts: What a run folder keeps of the data, ready for JSON; enough to bring samples back
            to their units without the data.
        history: The whole series of log returns under its dates, or a table with a column for each
            of several assets; only for returns.
    """

    samples: np.ndarray
    labels: np.ndarray | None
    facts: dict[str, Any]
    history: pd.Series | pd.DataFrame | None = None

    @property
    def assets(self) -> int:
        """How many assets' returns a sample holds a day; 1 for all else."""
        return self.history.shape[1] if isinstance(self.history, pd.DataFrame) else 1


@dataclass(frozen=True)
class Evaluation:
    """What was measured on generated samples.

    Args:
        metrics: Numbers by name, with what they depend on; ready for JSON.
        lines: The same for people, as printed.
        samples: What was measured, `(n, *shape)` in the units of the data.
    """

    metrics: dict[str, Any]
    lines: list[str]
    samples: np.ndarray


class Task(Protocol):
    """What an experiment does with its samples."""

    score: str  # the number in `logs` that a search makes small
    evaluated: int  # how many samples `evaluate` draws if nothing else is said
    suffixes: tuple[str, ...]  # of the files that `export` writes, the usual one first

    def load(self, source: Source) -> TrainingData:
        """Reads the data and brings it to the generator's scale."""

    def metric_callback(
        self, data: TrainingData, *, every: int, samples: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that logs `score`."""

    def sample_callback(
        self, data: TrainingData, folder: Path, *, every: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that saves pictures of samples."""

    def sample(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> np.ndarray:
        """Draws samples on the generator's scale, with labels as in the data where it has them."""

    def evaluate(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Draws samples and measures them against the data."""

    def draw(
        self, data: TrainingData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves the pictures of a run; returns where they are."""

    def report(
        self,
        data: TrainingData,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: dict[str, Any],
        folder: Path,
    ) -> list[Path]:
        """Writes pages that explain the run to people; returns where they are."""

    def export(
        self,
        batches: Iterable[np.ndarray],
        facts: dict[str, Any],
        path: Path,
        *,
        count: int,
        progress: Callable[[str], object] = silent,
    ) -> None:
        """Writes `count` samples, which come a few at a time, in the units of the data."""
