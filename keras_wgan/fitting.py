"""How does a model go through its epochs, watched, saved, and stopped where it must be?"""

import math
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan.choosing import MEASURED_IN_A_RUN, Choice, KeepBest, held_out_facts
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.recipes import Recipe
from keras_wgan.runs import RunFolder
from keras_wgan.settings import Settings
from keras_wgan.stopping import StopOnCtrlC
from keras_wgan.subjects.subject import SCORED, TrainingData
from keras_wgan.wgan_gp import WGANGP

SCORES_IN_A_RUN = 50  # at most so many measurements and pictures, so that a short epoch is not
PICTURES_IN_A_RUN = 15  # spent on watching
SECONDS_BETWEEN_SAVES = 60


def fit(
    recipe: Recipe,
    model: WGANGP,
    data: TrainingData,
    run: RunFolder,
    *,
    seed: int,
    first_epoch: int,
    held_out: "pd.Series[Any] | None" = None,
    verbose: Any,
) -> bool:
    """Trains a model, and leaves history, pictures and the model in the run folder.

    Args:
        recipe: Its settings say how long, and in which batches.
        model: A compiled model; it is trained in place.
        data: What it trains on.
        run: Where everything goes.
        seed: Fixes the order of the data.
        first_epoch: How many epochs are done already.
        held_out: Later returns, by which the run's weights are chosen among the epochs; the config
            then holds a `Choice`. Defaults to `None`, the run keeps the last weights.
        verbose: As for Keras' `fit`.

    Returns:
        Whether Ctrl-C ended it.

    Raises:
        FloatingPointError: If training diverged.
    """
    epochs = recipe.settings.epochs
    batches = ShuffledBatches(
        data.samples,
        data.labels if recipe.condition == "label" else None,
        batch_size=recipe.settings.batch_size,
        seed=seed,
        first_epoch=first_epoch,
    )
    subject = recipe.subject
    history = keras.callbacks.CSVLogger(run.history_path, append=first_epoch > 0)
    choosing, save = [], run.save_model
    if held_out is not None:
        facts = held_out_facts(held_out, data, every=-(-epochs // MEASURED_IN_A_RUN))
        keeper = KeepBest(run, Choice(**run.read_config()["choice"]))
        choosing, save = [facts, keeper], run.save_last
    callbacks = [
        *choosing,
        subject.scorer(data, every=-(-epochs // SCORES_IN_A_RUN), samples=SCORED),
        subject.painter(data, run.samples_path, every=-(-epochs // PICTURES_IN_A_RUN)),
        history,
        *([CosineRates(recipe.settings)] if recipe.settings.final_rate < 1 else []),
        _SaveNowAndThen(save),
        keras.callbacks.TerminateOnNaN(),
    ]
    interrupted = False
    try:
        with StopOnCtrlC() as ctrl_c:
            model.fit(
                batches,
                shuffle=False,  # the batches shuffle themselves, from the seed
                epochs=epochs,
                initial_epoch=first_epoch,
                callbacks=[*callbacks, ctrl_c],
                verbose=verbose,
            )
    except KeyboardInterrupt:
        interrupted = True
    finally:
        history.on_train_end()  # Keras calls it only where training ends by itself
    save(model)
    if held_out is not None and keeper.choice.epoch is None:
        run.save_model(model)  # nothing was measured: the last weights are as good as any
    _refuse_divergence(run)
    return interrupted


class CosineRates(keras.callbacks.Callback):
    """Lowers both learning rates along half a cosine, by the epoch alone, so a resumed run agrees.

    Args:
        settings: The recipe's numbers: both rates, how many epochs, and the share left at the end.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets both rates for the epoch."""
        settings = self.settings
        done = epoch / max(settings.epochs - 1, 1)
        share = settings.final_rate + (1 - settings.final_rate) * (1 + math.cos(math.pi * done)) / 2
        self.model.optimizer.generator.learning_rate = share * settings.learning_rate
        self.model.optimizer.critic.learning_rate = share * settings.critic_rate


class _SaveNowAndThen(keras.callbacks.Callback):
    """Saves the model after an epoch, at most once a minute: a killed run loses no more."""

    def __init__(self, save: Callable[[WGANGP], None]) -> None:
        super().__init__()
        self.save, self.saved_at = save, -math.inf

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves, if the last time is long enough ago."""
        if time.monotonic() - self.saved_at >= SECONDS_BETWEEN_SAVES:
            self.save(self.model)
            self.saved_at = time.monotonic()


def _refuse_divergence(run: RunFolder) -> None:
    history = run.read_history()
    if len(history) and not np.isfinite(history["loss"].iloc[-1]):
        raise FloatingPointError(
            f"Training diverged: a loss in epoch {len(history)} is no number any more. "
            f"Train anew with a smaller learning_rate; what there is stays in {run.path}."
        )
