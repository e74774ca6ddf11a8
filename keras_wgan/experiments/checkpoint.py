"""The checkpoint of a run: the state after its last whole epoch, in memory and on disk.

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
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import MEASURE
from keras_wgan.wgan_gp import WGANGP

SECONDS_BETWEEN_SAVES = 60


class EpochCheckpoint(keras.callbacks.Callback):
    """Keeps the state after each whole epoch in memory, and saves it at most once a minute.

    A killed run resumes from the disk and repeats the epochs since the last save. Any other end,
    such as Ctrl-C or an error, leaves the last whole epoch. A run never resumes from within an
    epoch, because it would see some samples twice.
    """

    def __init__(self, run: Run, model: WGANGP, history: pd.DataFrame, *, selecting: bool) -> None:
        super().__init__()
        self.set_model(model)
        # When selecting, `model.keras` is the epoch with the lowest `val_facts_median`, and the
        # last one is in `last.keras`.
        self.run, self.selecting = run, selecting
        self.rows: list[dict[Any, Any]] = history.to_dict("records")  # of the epochs done
        self.saved = len(self.rows)  # epochs in the run folder
        self.saved_at = -math.inf
        scores = [row[MEASURE] for row in self.rows if MEASURE in row]
        self.best = min(filter(math.isfinite, scores), default=math.inf)
        self.best_unsaved = False
        self.state: list[np.ndarray] = []  # after the last whole epoch
        self.within_epoch, self.within_batch = False, False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Remembers the state before the first epoch."""
        self.state = _state_of(self.model)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes that the model is ahead of the last whole epoch."""
        self.within_epoch, self.within_batch = True, True

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes that both networks' weights belong together again."""
        self.within_batch = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remembers the epoch, and saves it if it is the best or the last save is long ago."""
        state, numbers = _state_of(self.model), logs or {}
        if not _finite(state):
            raise DivergenceError(
                f"Training diverged in epoch {epoch + 1}: a weight is not finite. Train again with "
                "a smaller learning_rate."
            )
        self.rows.append({"epoch": epoch, **{name: numbers[name] for name in sorted(numbers)}})
        self.state, self.within_epoch = state, False
        if (score := numbers.get(MEASURE, math.inf)) < self.best:
            self.best, self.best_unsaved = score, True
        if self.best_unsaved or time.monotonic() - self.saved_at >= SECONDS_BETWEEN_SAVES:
            self._save()
            self.saved_at = time.monotonic()

    def finish(self) -> None:
        """Saves at the end of training."""
        self._save_rest()
        if self.selecting and not math.isfinite(self.best):
            self.run.save_model(self.model)  # nothing was measured: the last are as good as any

    def recover(self) -> None:
        """Restores the last whole epoch after an error, and saves it."""
        if self.state:
            _restore(self.model, self.state)
        self._save_rest()

    def stop(self) -> None:
        """Saves after Ctrl-C: the last whole epoch to resume from, the newest weights to use."""
        ahead = self.within_epoch and not self.within_batch
        newest = _state_of(self.model) if ahead else []
        if not _finite(newest):
            newest = []
        elif newest and self.run.epochs_of(self.model) > len(self.rows):
            # A second Ctrl-C came while the epoch was measured: it is whole, without its numbers.
            self.rows.append({"epoch": len(self.rows)})
            self.state, newest = newest, []
        self.recover()
        if newest and not math.isfinite(self.best):
            self.run.save_last(self.model)
            _restore(self.model, newest)
            self.run.save_model(self.model)
        elif not self.run.model_path.exists():
            self.run.save_model(self.model)

    def _save_rest(self) -> None:
        if self.saved < len(self.rows):
            self._save()

    def _save(self) -> None:
        self.run.write_history(pd.DataFrame(self.rows))
        if self.selecting:
            if self.best_unsaved:
                self.run.save_model(self.model)
                self.best_unsaved = False
            self.run.save_last(self.model)
        else:
            self.run.save_model(self.model)
            self.run.last_path.unlink(missing_ok=True)  # of an epoch that Ctrl-C cut short
        self.saved = len(self.rows)


def _state_of(model: WGANGP) -> list[np.ndarray]:
    # Copies: TensorFlow and PyTorch would hand out the memory that training continues to change.
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in _variables(model)]


def _finite(state: Sequence[np.ndarray]) -> bool:
    return all(np.isfinite(values).all() for values in state)


def _restore(model: WGANGP, state: Sequence[np.ndarray]) -> None:
    for variable, values in zip(_variables(model), state, strict=True):
        variable.assign(values)


def _variables(model: WGANGP) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
