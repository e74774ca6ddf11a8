"""How does a model go through its epochs, watched, kept, and stopped where it must be?"""

import contextlib
import shlex
from typing import Any

import pandas as pd

from keras_wgan.backends import out_of_memory
from keras_wgan.callbacks.divergence import StopOnDivergence
from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.data import ReturnsData, TrainingData
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.errors import BatchTooLargeError
from keras_wgan.experiments.checkpoint import EpochCheckpoint
from keras_wgan.experiments.recipes import Recipe
from keras_wgan.experiments.run_folder import RunFolder
from keras_wgan.experiments.selection import MEASURED_IN_A_RUN, held_out_facts
from keras_wgan.experiments.tasks.base import SCORED
from keras_wgan.wgan_gp import WGANGP

SCORES_IN_A_RUN = 50  # at most so many measurements and pictures, so that a short epoch is not
PICTURES_IN_A_RUN = 15  # spent on watching


def fit(
    recipe: Recipe,
    model: WGANGP,
    data: TrainingData,
    batches: ShuffledBatches,
    run: RunFolder,
    *,
    held_out: "pd.Series[Any] | None" = None,
    verbose: Any,
) -> bool:
    """Trains a model, and leaves history, pictures and the model in the run folder.

    Args:
        recipe: Its settings say how long.
        model: A compiled model, new or loaded; it is trained in place, from the epoch that its
            count of batches says.
        data: What it is watched beside.
        batches: The same data in the order in which it trains.
        run: Where everything goes.
        held_out: Later returns, by which the run's weights are chosen among the epochs. Defaults
            to `None`, the run keeps the last weights.
        verbose: As for Keras' `fit`.

    Returns:
        Whether Ctrl-C or SIGTERM ended it.

    Raises:
        FloatingPointError: If training diverged.
        MemoryError: If a batch is too large for the memory.
    """
    epochs = recipe.settings.epochs
    batches.epoch = done = batches.epochs_done(model)
    history = run.read_history()
    history = history[history["epoch"] < done]  # a kill may have come between history and model
    checkpoint = EpochCheckpoint(run, model, history, choosing=held_out is not None)
    metric_callback = recipe.task.metric_callback(
        data, every=-(-epochs // SCORES_IN_A_RUN), samples=SCORED
    )
    scorers = [metric_callback]
    if held_out is not None:
        assert isinstance(data, ReturnsData)
        if verbose:
            print(f"Measuring the {len(held_out)} days to choose by (some 20 seconds) ...")
        scorers.append(held_out_facts(held_out, data, every=-(-epochs // MEASURED_IN_A_RUN)))
    for score in scorers:
        if isinstance(score, SampleScore) and checkpoint.rows:
            score.resume_from(checkpoint.rows[-1])
    sample_callback = recipe.task.sample_callback(
        data, run.samples_path, every=-(-epochs // PICTURES_IN_A_RUN)
    )
    diverging = StopOnDivergence()
    try:
        with GracefulInterrupt() as ctrl_c:
            model.fit(
                batches,
                shuffle=False,  # the batches shuffle themselves, from the seed
                epochs=epochs,
                initial_epoch=done,
                callbacks=[diverging, *scorers, checkpoint, sample_callback, ctrl_c],
                verbose=verbose,
            )
    except KeyboardInterrupt:
        checkpoint.stop()
        return True
    except Exception as error:
        if not out_of_memory(error):
            _tell_what_is_kept(error, checkpoint)
            raise
        each = max(recipe.settings.batch_size // (2 * model.device_count), 1)
        smaller = each * model.device_count
        short = BatchTooLargeError(
            "A step does not fit into memory. Train anew with smaller batches, such as "
            f"--batch-size {smaller}. Received: batch_size={recipe.settings.batch_size}"
        )
        _tell_what_is_kept(short, checkpoint)
        raise short from error
    checkpoint.finish()
    return False


def _tell_what_is_kept(error: Exception, checkpoint: EpochCheckpoint) -> None:
    """Saves the last whole epoch, and adds to an error what there is and how to go on."""
    with contextlib.suppress(Exception):  # must not hide the first error, as of a full disk
        checkpoint.recover()
    path = checkpoint.run.path
    if not checkpoint.run.model_path.exists():
        return
    kept = f"{path} keeps the model after {checkpoint.saved} whole epochs."
    if not isinstance(error, FloatingPointError | MemoryError):  # these would come again
        folder = shlex.quote(str(path))
        kept += f" Once the cause is gone, go on with: keras-wgan train --resume {folder}"
    error.add_note(kept)
