"""The epochs of a training, with its measurements, pictures and checkpoints."""

import contextlib
import shlex
from typing import Any

import keras
import pandas as pd

from keras_wgan.backends import out_of_memory
from keras_wgan.backends.description import describe_backend
from keras_wgan.callbacks.divergence import StopOnDivergence
from keras_wgan.callbacks.interrupt import GracefulInterrupt
from keras_wgan.callbacks.progress import RunProgress
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.data import ReturnsData, TrainingData
from keras_wgan.data.price_words import counted
from keras_wgan.errors import BatchTooLargeError
from keras_wgan.experiments.checkpoint import EpochCheckpoint
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import MEASURE, MEASURED_IN_A_RUN, HeldOutFacts
from keras_wgan.experiments.tasks.base import SCORED
from keras_wgan.io.progress import shows_bar
from keras_wgan.networks.construction import computing_precision
from keras_wgan.wgan_gp import WGANGP

# The most measurements and pictures of a training, so that short epochs are not spent on them.
SCORES_IN_A_RUN = 50
PICTURES_IN_A_RUN = 15


def fit(
    run: Run,
    model: WGANGP,
    data: TrainingData,
    *,
    held_out: "pd.Series[Any] | None" = None,
    verbose: Any,
) -> bool:
    """Trains a run's model in place, and leaves history, pictures and model in its folder.

    The model's own count of batches says with which epoch it begins. `held_out` are later returns
    by which the run's weights are selected among the epochs. Returns whether Ctrl-C or SIGTERM
    ended the training.
    """
    recipe, epochs, done = run.recipe, run.recipe.settings.epochs, run.epochs_of(model)
    batches = recipe.batches(data, run.config.experiment.seed, done, run.config.devices)
    history = run.history_of(model)
    history = history[history["epoch"] < done]  # a kill may have come between history and model
    checkpoint = EpochCheckpoint(run, model, history, selecting=held_out is not None)
    metrics = _metric_callbacks(run, data, held_out, verbose)
    for metric in metrics:
        if isinstance(metric, SampleScore) and checkpoint.rows:
            metric.resume_from(checkpoint.rows[-1])
    pictures = recipe.task.sample_callback(
        data, run.samples_path, every=-(-epochs // PICTURES_IN_A_RUN)
    )
    progress = []
    if verbose:
        scores = [MEASURE] if held_out is not None else [recipe.task.score]
        progress = [RunProgress(scores, bar=shows_bar(verbose))]
        print(f"{describe_backend(model.device_count)}, {computing_precision(model.generator)}")
    try:
        with GracefulInterrupt() as interrupt:
            model.fit(
                batches,
                shuffle=False,  # the batches shuffle themselves, from the seed
                epochs=epochs,
                initial_epoch=done,
                callbacks=[
                    StopOnDivergence(),
                    *metrics,
                    checkpoint,
                    pictures,
                    *progress,
                    interrupt,
                ],
                verbose=0,
            )
    except KeyboardInterrupt:
        checkpoint.stop()
        return True
    except Exception as error:
        for each in progress:
            each.close()
        if not out_of_memory(error):
            _note_what_is_saved(error, checkpoint)
            raise
        too_large = _too_large(recipe.settings.batch_size, model.device_count)
        _note_what_is_saved(too_large, checkpoint)
        raise too_large from error
    checkpoint.finish()
    return False


def _metric_callbacks(
    run: Run, data: TrainingData, held_out: "pd.Series[Any] | None", verbose: Any
) -> list[keras.callbacks.Callback]:
    epochs, task = run.recipe.settings.epochs, run.recipe.task
    metrics = [task.metric_callback(data, every=-(-epochs // SCORES_IN_A_RUN), samples=SCORED)]
    if held_out is not None:
        assert isinstance(data, ReturnsData)
        if verbose:
            print(f"Measuring the {len(held_out)} held-out days (some 20 seconds) ...")
        metrics.append(HeldOutFacts(held_out, data, every=-(-epochs // MEASURED_IN_A_RUN)))
    return metrics


def _too_large(batch_size: int, devices: int) -> BatchTooLargeError:
    smaller = devices * max(batch_size // (2 * devices), 1)
    return BatchTooLargeError(
        "A step does not fit into memory. Train again with smaller batches, such as "
        f"--batch-size {smaller}. Received: batch_size={batch_size}"
    )


def _note_what_is_saved(error: Exception, checkpoint: EpochCheckpoint) -> None:
    """Saves the last whole epoch, and adds to an error what there is and how to resume."""
    with contextlib.suppress(Exception):  # must not hide the first error, as of a full disk
        checkpoint.recover()
    path = checkpoint.run.path
    if not checkpoint.run.model_path.exists():
        return
    saved = f"{path} keeps the model after {counted(checkpoint.saved, 'whole epoch')}."
    if not isinstance(error, FloatingPointError | MemoryError):  # these would come again
        saved += f" Once the cause is gone, resume it: keras-wgan resume {shlex.quote(str(path))}"
    error.add_note(saved)
