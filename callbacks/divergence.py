"""A callback that stops training when a loss is not finite or the critic explodes."""

import math
from typing import Any

import keras

from keras_wgan._epoch_means import LOGGED
from keras_wgan.errors import DivergenceError

# The penalty holds the critic's slope near 1. At a million the penalty is 1e12, and next
# to it float32, with its 7 digits, no longer holds the gap that the critic measures.
MAX_SLOPE = 1e6


class StopOnDivergence(keras.callbacks.Callback):
    """Ends training with an error that names the cause, after the batch where it appears.

    Keras' `TerminateOnNaN` would end the epoch as if it were complete, with pictures and scores
    of a broken model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes which epoch it is, for the message."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Raises `FloatingPointError` if a loss is not finite or the critic's slope exploded."""
        means = {name: float(value) for name, value in (logs or {}).items() if name in LOGGED}
        wrong = [f"{name} is {mean}" for name, mean in means.items() if not math.isfinite(mean)]
        if not wrong and (slope := means.get("gradient_norm", 0.0)) > MAX_SLOPE:
            wrong = [f"the critic has exploded, its gradient_norm is {slope:.1e} instead of near 1"]
        if wrong:
            raise DivergenceError(
                f"Training diverged in epoch {self.epoch + 1}, batch {batch + 1}: "
                f"{', '.join(wrong)}. Train again with a smaller learning_rate."
            )
