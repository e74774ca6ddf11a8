"""What is left of a run that stops anywhere? The state after its last whole epoch.

History and model in the run folder belong together: both are written at the same moments, the
history first, and the model's own count of batches says how many of its rows it has seen.
"""

import math
import time
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan.errors import DivergenceError
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.experiments.selection import MEASURE
from keras_wgan.wgan_gp import WGANGP

SECONDS_BETWEEN_SAVES = 60


class EpochCheckpoint(keras.callbacks.Callback):
    """Keeps the state after each whole epoch in memory, and at most once a minute on disk.

    A killed run goes on from the disk, and repeats what it had done since. Any other end, Ctrl-C
    or an error, leaves the last whole epoch. What an unfinished epoch did is never gone on from:
    it would see some samples twice.

    Args:
        run: Where history and model go.
        model: What is trained.
        history: The rows of the epochs done before.
        choosing: Whether `model.keras` is for the epoch with the lowest `val_facts_median`, and
            the last one goes to `last.keras`.
    """

    def __init__(
        self, run: RunFolder, model: WGANGP, history: pd.DataFrame, *, choosing: bool
    ) -> None:
        super().__init__()
        self.set_model(model)
        self.run, self.choosing = run, choosing
        self.rows: list[dict[Any, Any]] = history.to_dict("records")
        self.saved = len(self.rows)  # so many epochs are in the run folder
        self.saved_at = -math.inf
        scores = [row[MEASURE] for row in self.rows if MEASURE in row]
        self.best = min(filter(math.isfinite, scores), default=math.inf)
        self.best_unsaved = False
        self.state: list[np.ndarray] = []  # after the last whole epoch
        self.amid_epoch, self.amid_batch = False, False

    @property
    def history(self) -> pd.DataFrame:
        """One row for each whole epoch."""
        return pd.DataFrame(self.rows)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Remembers the state before the first epoch."""
        self.state = _state_of(self.model)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes that the model leaves the last whole epoch behind."""
        self.amid_epoch, self.amid_batch = True, True

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes that both networks' weights belong together again."""
        self.amid_batch = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remembers the epoch, and saves it if it is the best, or the last save is long ago."""
        state, numbers = _state_of(self.model), logs or {}
        if not all(np.isfinite(values).all() for values in state):
            raise DivergenceError(
                f"Training diverged in epoch {epoch + 1}: a weight is no number any more. Train "
                "anew with a smaller learning_rate."
            )
        self.rows.append({"epoch": epoch, **{name: numbers[name] for name in sorted(numbers)}})
        self.state, self.amid_epoch = state, False
        if (score := numbers.get(MEASURE, math.inf)) < self.best:
            self.best, self.best_unsaved = score, True
        if self.best_unsaved or time.monotonic() - self.saved_at >= SECONDS_BETWEEN_SAVES:
            self._save()
            self.saved_at = time.monotonic()

    def finish(self) -> None:
        """Saves what the end of training left unsaved."""
        if self.saved < len(self.rows):
            self._save()
        if self.choosing and not math.isfinite(self.best):
            self.run.save_model(self.model)  # nothing was measured: the last are as good as any

    def recover(self) -> None:
        """Puts back the last whole epoch after an error, and saves it."""
        if self.state:
            _put_back(self.model, self.state)
        if self.saved < len(self.rows):
            self._save()

    def stop(self) -> None:
        """Saves after Ctrl-C: the last whole epoch to go on from, and what there is to use."""
        ahead = self.amid_epoch and not self.amid_batch
        learned = _state_of(self.model) if ahead else []
        self.recover()
        if learned and not math.isfinite(self.best):
            self.run.save_last(self.model)
            _put_back(self.model, learned)
            self.run.save_model(self.model)
        elif not self.run.model_path.exists():
            self.run.save_model(self.model)

    def _save(self) -> None:
        self.run.write_history(self.history)
        if not self.choosing:
            self.run.save_model(self.model)
            self.run.last_path.unlink(missing_ok=True)  # of an epoch that Ctrl-C cut short
        else:
            if self.best_unsaved:
                self.run.save_model(self.model)
                self.best_unsaved = False
            self.run.save_last(self.model)
        self.saved = len(self.rows)


def _state_of(model: WGANGP) -> list[np.ndarray]:
    # Copies: TensorFlow and PyTorch would hand out the memory that training goes on in.
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in _variables(model)]


def _put_back(model: WGANGP, state: Sequence[np.ndarray]) -> None:
    for variable, values in zip(_variables(model), state, strict=True):
        variable.assign(values)


def _variables(model: WGANGP) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
