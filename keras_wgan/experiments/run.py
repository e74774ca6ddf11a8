"""A run: the folder that a training leaves, and everything that is read from it again."""

import copy
import functools
import math
import warnings
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
from keras_wgan.experiments.history import read_history
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run_summary import run_html
from keras_wgan.experiments.same_data import load_as_trained
from keras_wgan.experiments.selection import MEASURE
from keras_wgan.io.console import without_start_up_noise
from keras_wgan.io.files import (
    atomic_path,
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
        source, facts = self.config.experiment.source, self.facts
        if isinstance(facts, ReturnsFacts):
            return load_as_trained(self.recipe, source, facts)
        then, data = facts.to_config(), self.recipe.task.load(source)
        now = data.facts.to_config()
        changed = [name for name in now if now[name] != then[name]]
        if changed:
            raise InvalidInputError(
                f"The data of {self.path} is not what it was trained on: {', '.join(changed)} "
                f"differ ({then[changed[0]]} then, {now[changed[0]]} now). Bring back the old data "
                f"at {source.data}, or train again. `generate` needs no data."
            )
        return data

    def with_data_at(self, place: str) -> Self:
        """Returns the same run with its data read from another place."""
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
        return _load(self.model_path)

    def simulator(self) -> "PathSimulator":
        """Returns the trained model as a simulator of log returns a period, of any length.

        Raises:
            ValueError: If the run makes images, or its model cannot be read.
        """
        from keras_wgan.market.simulator import PathSimulator

        facts = self.facts
        if not isinstance(facts, ReturnsFacts):
            raise InvalidInputError(
                f"A simulator makes returns, and {self.path} makes images. Use "
                "`run.model().generate`."
            )
        periods = facts.frequency.periods_per_year
        return PathSimulator(self.path.name, self.model(), facts.scaler, periods)

    def last_model(self) -> "WGANGP":
        """Reads the model to resume from."""
        return _load(self.last_path if self.last_path.exists() else self.model_path)

    def history(self) -> pd.DataFrame:
        """Reads a table with a column `epoch`, from 0, and one for each logged number."""
        return read_history(self.history_path)

    def history_of(self, model: "WGANGP") -> pd.DataFrame:
        """Reads the history and refuses one that lacks an epoch that a model was trained for."""
        history, done = self.history(), self.epochs_of(model)
        missing = sorted(set(range(done)) - set(history["epoch"]))
        if missing or history["epoch"].duplicated().any():
            kept = f"only {done - len(missing)}" if missing else "more than"
            raise InvalidInputError(
                f"{self.history_path} is damaged: the model was trained for {done} epochs, and the "
                f"file has {kept} of them. Bring back the whole file, or train again: "
                f"keras-wgan train --config {self.config_path}"
            )
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
        _save(model, self.model_path)

    def save_last(self, model: "WGANGP") -> None:
        """Writes `last.keras`, and `model.keras` where there is none yet."""
        _save(model, self.last_path)
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


def _save(model: "WGANGP", path: Path) -> None:
    # Keras loads more than its backend to save.
    with atomic_path(path) as unfinished, without_start_up_noise():
        model.save(unfinished)


def _load(path: Path) -> "WGANGP":
    import keras

    import keras_wgan.wgan_gp  # registers the class with Keras

    with warnings.catch_warnings():
        # The critic's layers were warned about when it was built.
        warnings.filterwarnings("ignore", "The critic", UserWarning)
        try:
            model = keras.saving.load_model(path)
        except Exception as error:  # a damaged archive fails in as many ways as it has parts
            # Keras puts each layer's whole config before the cause.
            cause = str(error).rpartition("Exception encountered: ")[2]
            raise InvalidInputError(f"{path} cannot be read: {cause}") from error
    if not isinstance(model, keras_wgan.wgan_gp.WGANGP):
        raise InvalidInputError(
            f"{path} was not written by `keras-wgan train`: it holds a "
            f"{type(model).__name__}, not a WGANGP. Bring back the run's own file."
        )
    return model
