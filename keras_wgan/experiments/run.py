"""A run: the folder that a training leaves, and everything that is read from it again."""

import copy
import functools
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from keras_wgan.data import Facts, ReturnsFacts, TrainingData
from keras_wgan.errors import (
    FileAccessError,
    InputNotFoundError,
    InvalidInputError,
    OutputExistsError,
)
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.history import read_history, refuse_missing_epochs
from keras_wgan.experiments.model_file import load_model_file, save_model_file
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run_summary import run_html
from keras_wgan.experiments.same_data import load_again
from keras_wgan.experiments.selection import MEASURE
from keras_wgan.io.files import (
    first_free,
    reading,
    remove_unfinished,
    write_atomically,
)
from keras_wgan.io.json import strict_json

if TYPE_CHECKING:
    from keras_wgan.market.simulator import PathSimulator
    from keras_wgan.wgan_gp import WGANGP


class Run:
    """A folder with `config.json`, `model.keras`, `history.csv`, `metrics.json` and `samples/`.

    Each file is whole: a new one replaces the old one only once it is written.

    Example:
    ```python
    from keras_wgan.experiments import Run

    run = Run.create("runs/mine")
    # After training: Run.open("runs/mine").model().generate(10, seed=1)
    ```

    Args:
        path: The folder. Use `Run.create` or `Run.open`, which check it.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.config_path = self.path / "config.json"
        self.model_path = self.path / "model.keras"  # with both optimizers
        # The model to resume from, where `model.keras` is another: weights are selected among the
        # epochs, or Ctrl-C came within an epoch, whose weights `model.keras` then has.
        self.last_path = self.path / "last.keras"
        self.history_path = self.path / "history.csv"
        self.metrics_path = self.path / "metrics.json"
        self.samples_path = self.path / "samples"  # pictures during the training

    @classmethod
    def create(cls, path: str | Path) -> "Run":
        """Makes the folder of a new run; refuses one that holds files.

        Args:
            path: The folder; missing parents are made.

        Returns:
            The empty run.

        Raises:
            FileExistsError: If there is a file, or a folder that holds something.
        """
        run = cls(path)
        if run._is_taken():
            raise OutputExistsError(
                f"`--out` must be a new or an empty folder, nothing is overwritten: {path} holds "
                f"files. Name another one, or continue that run: keras-wgan resume {path}"
            )
        try:
            run.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileAccessError(
                f"The run folder {path} cannot be made: {error.strerror or error}. Name another "
                "one with `--out`."
            ) from error
        return run

    @classmethod
    def next_free(cls, base: Path) -> "Run":
        """Makes the run `base`, or `base-2`, `base-3` ... where that is taken."""
        return cls.create(first_free(base, lambda path: cls(path)._is_taken()))

    @classmethod
    def open(cls, path: str | Path) -> "Run":
        """Opens the folder of a trained run, or a preset of the package.

        Args:
            path: The folder, or the name of a preset, such as `"sp500"`. A folder of that name
                comes first; `"preset:sp500"` is always the preset.

        Returns:
            The run.

        Raises:
            FileNotFoundError: If a file of a trained run is missing; it is named.
        """
        from keras_wgan.experiments.presets import find_preset  # a preset is a run itself

        if (preset := find_preset(path)) is not None:
            return preset
        run = cls(path)
        for needed in (run.config_path, run.model_path):
            with reading(needed):
                exists = needed.exists()
            if not exists:
                found = "it has no" if run.path.is_dir() else "there is no such folder, so no"
                hint = " It stopped before its first epoch was saved: delete it and train again."
                raise InputNotFoundError(
                    f"{path} is not a run folder of `keras-wgan train`: {found} {needed.name}."
                    + hint * run.config_path.exists()
                )
        return run

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """Returns a summary for notebooks."""
        return run_html(self)

    # ---- Reading -----------------------------------------------------------------------------

    @functools.cached_property
    def config(self) -> RunConfig:
        """The configuration, read once."""
        return RunConfig.read(self.config_path)

    @property
    def recipe(self) -> Recipe:
        """The recipe with the run's settings."""
        return self.config.experiment.recipe

    @property
    def facts(self) -> Facts:
        """The facts of the data that the run was trained on."""
        return self.config.facts

    def data(self) -> TrainingData:
        """Reads the run's data again; refuses other data, whose scale would not be the model's."""
        experiment = self.config.experiment
        return load_again(experiment.recipe, experiment.source, self.facts, self.path)

    def with_data_at(self, place: str | None) -> Self:
        """Returns the same run with its data read from another place, unless that is `None`."""
        if place is None:
            return self
        moved, experiment = copy.copy(self), self.config.experiment
        source = replace(experiment.source, data=place)
        moved.config = replace(
            self.config,
            experiment=replace(experiment, source=source),
            facts=replace(self.facts, source=place),
        )
        return moved

    def accepting(self, accept: Sequence[str]) -> Self:
        """Returns the same run with more kinds of unlikely findings in its prices accepted."""
        if not accept:
            return self
        other, experiment = copy.copy(self), self.config.experiment
        source = replace(experiment.source, accept=(*experiment.source.accept, *accept))
        other.config = replace(self.config, experiment=replace(experiment, source=source))
        return other

    def model(self) -> "WGANGP":
        """Reads the trained model; refuses a damaged file, or one that holds another model."""
        return load_model_file(self.model_path)

    def simulator(self) -> "PathSimulator":
        """Returns the trained model as a simulator of log returns a period, of any length.

        Raises:
            ValueError: If the run makes no returns, or its model cannot be read.
        """
        from keras_wgan.market.simulator import PathSimulator

        facts = self.facts
        if not isinstance(facts, ReturnsFacts):
            raise InvalidInputError(
                f"A simulator makes returns, and {self.path} makes {self.recipe.kind}. Use "
                "`run.model().generate`."
            )
        periods = facts.frequency.periods_per_year
        return PathSimulator(self.path.name, self.model(), facts.scaler, periods)

    def last_model(self) -> "WGANGP":
        """Reads the model to resume from."""
        return load_model_file(self.last_path if self.last_path.exists() else self.model_path)

    def history(self) -> pd.DataFrame:
        """Reads a table with a column `epoch`, from 0, and one for each logged number."""
        return read_history(self.history_path)

    def history_of(self, model: "WGANGP") -> pd.DataFrame:
        """Reads the history and refuses one that lacks an epoch that a model was trained for."""
        history = self.history()
        refuse_missing_epochs(history, self.epochs_of(model), self.history_path, self.config_path)
        return history

    def epochs_of(self, model: "WGANGP") -> int:
        """Returns the number of whole epochs that a model of the run was trained for."""
        import keras

        batches = keras.ops.convert_to_numpy(model.optimizer.iterations)
        return int(batches) // self.config.steps_per_epoch

    def selected_weights(self) -> str | None:
        """Returns in words which epoch's weights the run has, or `None` where it has the last."""
        if (selection := self.config.selection) is None:
            return None
        model = self.model()
        epoch, history = self.epochs_of(model), self.history_of(model).set_index("epoch")
        score = float(history[MEASURE].get(epoch - 1, math.inf)) if MEASURE in history else math.inf
        return selection.describe(epoch, score)

    # ---- Writing -----------------------------------------------------------------------------

    def write_config(self, config: RunConfig) -> None:
        """Writes `config.json`."""
        write_atomically(self.config_path, strict_json(config.to_config()))
        self.config = config

    def write_metrics(self, metrics: dict[str, Any]) -> None:
        """Writes `metrics.json`; `"inf"` stands for an infinity, which JSON does not know."""
        write_atomically(self.metrics_path, strict_json(metrics))

    def write_history(self, history: pd.DataFrame) -> None:
        """Writes `history.csv`."""
        write_atomically(self.history_path, history.to_csv(index=False).encode())

    def save_model(self, model: "WGANGP") -> None:
        """Writes `model.keras`."""
        save_model_file(model, self.model_path)

    def save_last(self, model: "WGANGP") -> None:
        """Writes `last.keras`, and `model.keras` where there is none yet."""
        save_model_file(model, self.last_path)
        if not self.model_path.exists():
            self.save_model(model)

    def remove_if_untrained(self) -> None:
        """Removes the files of a run without a model, so that its name is free again."""
        if not self.model_path.exists():
            self.config_path.unlink(missing_ok=True)
            self.history_path.unlink(missing_ok=True)
            if self.path.is_dir() and not any(self.path.iterdir()):
                self.path.rmdir()

    def sweep(self) -> None:
        """Removes the files that a killed process left unfinished."""
        remove_unfinished(self.path)
        remove_unfinished(self.samples_path)

    def next_free_file(self, name: str) -> Path:
        """Returns the path of a file in the folder: `name`, or `name-2` ... where that exists."""
        return first_free(self.path / name, Path.exists)

    def _is_taken(self) -> bool:
        with reading(self.path):
            return self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir()))
