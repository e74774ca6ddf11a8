"""What does a training run leave on disk, and how is it read again?"""

import warnings
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import pandas as pd

from keras_wgan.data import Facts
from keras_wgan.data.price_checks import TO_THE_LAST_BIT
from keras_wgan.errors import InputNotFoundError, InvalidInputError, OutputExistsError
from keras_wgan.experiments.config import check_config, facts_of
from keras_wgan.io.console import without_start_up_notes
from keras_wgan.io.files import atomic_path, remove_unfinished, write_atomically
from keras_wgan.io.json import MAX_BYTES, read_object, strict_json

if TYPE_CHECKING:
    from keras_wgan.wgan_gp import WGANGP


class RunFolder:
    """A folder with `config.json`, `model.keras`, `history.csv`, `metrics.json`, `samples/`.

    Each file is written beside its place and moved there, so that it is whole or the old one.

    Args:
        path: The folder. Use `RunFolder.create` or `RunFolder.open`, which check it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> "RunFolder":
        """Makes a new run folder; refuses one that holds something already."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise OutputExistsError(
                f"`--out` must be a new or an empty folder, nothing is overwritten: {path} holds "
                "files. Name another one, or continue that run with `--resume`."
            )
        path.mkdir(parents=True, exist_ok=True)
        return cls(path)

    @classmethod
    def next_free(cls, base: Path) -> "RunFolder":
        """Makes `base`, or `base-2`, `base-3` ... where it is taken."""
        path, number = base, 1
        while path.exists() and (not path.is_dir() or any(path.iterdir())):
            number += 1
            path = base.with_name(f"{base.name}-{number}")
        return cls.create(path)

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Opens a run folder; says what is missing where it is none."""
        run = cls(path)
        for needed in (run.config_path, run.model_path):
            if not needed.exists():
                there = "it has no" if path.is_dir() else "there is no such folder, so no"
                hint = " It was stopped before its first epoch was saved: delete it and train anew."
                raise InputNotFoundError(
                    f"{path} is not a run folder of `keras-wgan train`: {there} {needed.name}."
                    + hint * run.config_path.exists()
                )
        return run

    @property
    def config_path(self) -> Path:
        """Recipe, settings, data and versions."""
        return self.path / "config.json"

    @property
    def model_path(self) -> Path:
        """The whole model, with both optimizers."""
        return self.path / "model.keras"

    @property
    def last_path(self) -> Path:
        """The model to go on from, where `model.keras` is another.

        That is where weights are chosen among epochs, and where Ctrl-C came amid an epoch: the
        unfinished epoch's weights are to use, those of the last whole one are to go on from.
        """
        return self.path / "last.keras"

    @property
    def history_path(self) -> Path:
        """One row an epoch."""
        return self.path / "history.csv"

    @property
    def metrics_path(self) -> Path:
        """What `evaluate` measured."""
        return self.path / "metrics.json"

    @property
    def samples_path(self) -> Path:
        """Pictures of samples while it trained."""
        return self.path / "samples"

    def write_config(self, config: dict[str, Any]) -> None:
        """Writes `config.json`."""
        write_atomically(self.config_path, strict_json(config))

    def read_config(self) -> dict[str, Any]:
        """Reads `config.json`; refuses one that was not written by `keras-wgan train`."""
        config = read_object(self.config_path)
        try:
            check_config(config)
        except ValueError as error:
            raise InvalidInputError(f"{self.config_path} {error}") from error
        return config

    @property
    def facts(self) -> Facts:
        """The facts of its data."""
        return facts_of(self.read_config())

    def write_metrics(self, metrics: dict[str, Any]) -> None:
        """Writes `metrics.json`; `"inf"` stands for an infinity, which JSON does not know."""
        write_atomically(self.metrics_path, strict_json(metrics))

    def write_history(self, history: pd.DataFrame) -> None:
        """Writes `history.csv`."""
        write_atomically(self.history_path, history.to_csv(index=False).encode())

    def read_history(self) -> pd.DataFrame:
        """Reads `history.csv`: a column `epoch`, from 0, and one for each logged number."""
        if not self.history_path.exists():
            return pd.DataFrame({"epoch": []})
        if (size := self.history_path.stat().st_size) > MAX_BYTES:
            raise InvalidInputError(f"{self.history_path} is damaged: it takes {size:,} bytes.")
        try:
            history = pd.read_csv(self.history_path, **TO_THE_LAST_BIT)
        except pd.errors.EmptyDataError:
            return pd.DataFrame({"epoch": []})
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise InvalidInputError(
                f"{self.history_path} is damaged: {shorten(str(error), 200)}"
            ) from error
        if "epoch" not in history:
            raise InvalidInputError(f"{self.history_path} is damaged: it has no column `epoch`.")
        for name, column in history.items():
            if len(history) and not pd.api.types.is_numeric_dtype(column):
                named = shorten(str(name), 80)
                raise InvalidInputError(
                    f"{self.history_path} is damaged: `{named}` is not all numbers."
                )
        # Keras' CSVLogger writes `val_` columns also where nothing was validated.
        empty = [name for name in history if history[name].isna().all()]
        return history.drop(columns=[name for name in empty if str(name).startswith("val_")])

    def save_model(self, model: "WGANGP") -> None:
        """Writes `model.keras`, whole or not at all."""
        self._save(model, self.model_path)

    def save_last(self, model: "WGANGP") -> None:
        """Writes `last.keras`, and `model.keras` where none was chosen yet."""
        self._save(model, self.last_path)
        if not self.model_path.exists():
            self.save_model(model)

    def load_model(self) -> "WGANGP":
        """Reads `model.keras`."""
        return self._load(self.model_path)

    def load_last(self) -> "WGANGP":
        """Reads the model of the last epoch, to go on from."""
        return self._load(self.last_path if self.last_path.exists() else self.model_path)

    def remove_if_untrained(self) -> None:
        """Removes what a run without a model left, so that its name is free again."""
        if not self.model_path.exists():
            self.config_path.unlink(missing_ok=True)
            self.history_path.unlink(missing_ok=True)
            if self.path.is_dir() and not any(self.path.iterdir()):
                self.path.rmdir()

    def sweep(self) -> None:
        """Removes the files that a killed process left unfinished."""
        remove_unfinished(self.path)
        remove_unfinished(self.samples_path)

    def _save(self, model: "WGANGP", path: Path) -> None:
        # Keras loads more than its backend to save.
        with atomic_path(path) as unfinished, without_start_up_notes():
            model.save(unfinished)

    def _load(self, path: Path) -> "WGANGP":
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
