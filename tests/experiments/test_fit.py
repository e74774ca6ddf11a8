"""A training runs through its epochs and keeps its weights however it ends."""

import contextlib
import dataclasses
import math
import signal

import keras
import numpy as np
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import fit as fit_module
from keras_wgan.experiments import training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import MEASURE
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.wgan_gp import WGANGP

from helpers import tiny_recipes
from helpers.tiny_recipes import RETURNS, SHORT

EARLY = Source("bundled", start="2015-01-01", end="2015-12-31")


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Offers the tiny recipes, and draws few pictures of them."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fit_module, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fit_module, "SCORED", 100)


def train(path, epochs=2, seed=1, recipe=RETURNS, source=SHORT, select_until=None):
    """Trains a tiny recipe into a new run folder."""
    recipe, run = recipe.with_settings({"epochs": epochs}), Run.create(path)
    return training.train(
        ExperimentSpec(recipe, source, seed, select_until=select_until), run, verbose=0
    )


class Stopping(keras.callbacks.Callback):
    """Raises an error in the second batch of an epoch, as Ctrl-C or a full disk would."""

    def __init__(self, epoch, error):
        super().__init__()
        self.at, self.error, self.epoch = epoch, error, None

    def on_epoch_begin(self, epoch, logs=None):
        """Notes which epoch it is."""
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Raises the error when it is time."""
        if (self.epoch, batch) == (self.at, 1):
            raise self.error


def stop(monkeypatch, epoch, error):
    """Makes the next training run stop in the middle of an epoch."""
    monkeypatch.setattr(Returns, "sample_callback", lambda *_, **__: Stopping(epoch, error))


@pytest.mark.slow
def test_ctrl_c_in_the_second_epoch_keeps_the_model_and_resume_finishes(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        stop(patched, epoch=1, error=KeyboardInterrupt())
        stopped = train(tmp_path / "run")
    assert (stopped.epochs, stopped.interrupted) == (1, True)
    assert stopped.run.history()["epoch"].tolist() == [0]
    assert np.isfinite(Run.open(tmp_path / "run").model().generate(3, seed=0)).all()
    outcome = training.resume(stopped.run, verbose=0)
    assert (outcome.epochs, outcome.interrupted) == (2, False)
    assert stopped.run.history()["epoch"].tolist() == [0, 1]


class Swallowing(Stopping):
    """Presses Ctrl-C in a place that swallows its exception, as Keras' conversion of logs does."""

    def on_train_batch_end(self, batch, logs=None):
        """Sends the signal when it is time."""
        if (self.epoch, batch) == (self.at, 1):
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)


def test_ctrl_c_stops_training_also_where_its_exception_is_swallowed(tmp_path, monkeypatch, capfd):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Returns, "sample_callback", lambda *_, **__: Swallowing(1, None))
    outcome = train(tmp_path / "run", epochs=4)
    assert (outcome.epochs, outcome.interrupted) == (1, True)
    assert "Stopping after this batch. Ctrl-C again stops at once." in capfd.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
def test_ctrl_c_in_the_first_epoch_keeps_a_model_that_resumes_from_the_beginning(
    tmp_path, monkeypatch
):
    with monkeypatch.context() as patched:
        stop(patched, epoch=0, error=KeyboardInterrupt())
        stopped = train(tmp_path / "run", epochs=1)
    assert (stopped.epochs, stopped.interrupted) == (0, True)
    with pytest.warns(UserWarning, match="losses.png was not drawn: no epoch is complete"):
        lines, files = training.evaluate(stopped.run, count=100, seed=0)
    assert lines[0].startswith("Log returns per day")
    assert "report.html" in {file.name for file in files}
    assert training.resume(stopped.run, verbose=0).epochs == 1
    assert stopped.run.history()["epoch"].tolist() == [0]


class AtTheLastBatch(keras.callbacks.Callback):
    """Does something after the last batch of the first epoch, before the epoch is recorded."""

    def __init__(self, act):
        super().__init__()
        self.act, self.done = act, False

    def on_train_batch_end(self, batch, logs=None):
        """Does it when it is time."""
        if batch + 1 == self.params["steps"] and not self.done:
            self.done = True
            self.act()


def press_twice():
    """Stops at once, as a second Ctrl-C does."""
    raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*was stopped before the losses were written")
@pytest.mark.parametrize("press", [lambda: signal.raise_signal(signal.SIGINT), press_twice])
def test_ctrl_c_after_the_last_batch_of_the_first_epoch_keeps_the_whole_epoch(
    press, tmp_path, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(Returns, "sample_callback", lambda *_, **__: AtTheLastBatch(press))
        stopped = train(tmp_path / "run", epochs=3)
    assert (stopped.epochs, stopped.interrupted) == (1, True)
    lines, _ = training.evaluate(stopped.run, count=100, seed=0)
    assert lines[0].startswith("Log returns per day")
    assert training.resume(stopped.run, epochs=2, verbose=0).epochs == 2
    assert stopped.run.history()["epoch"].tolist() == [0, 1]


def test_an_error_before_anything_was_learned_frees_the_folders_name(tmp_path, monkeypatch):
    stop(monkeypatch, epoch=0, error=OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        train(tmp_path / "run")
    assert not (tmp_path / "run").exists()


class Spoiling(keras.callbacks.Callback):
    """Spoils the model from the second batch of the third epoch on."""

    def __init__(self, spoil):
        super().__init__()
        self.spoil, self.epoch = spoil, 0

    def on_epoch_begin(self, epoch, logs=None):
        """Notes which epoch it is."""
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        """Does it when it is time."""
        if (self.epoch, batch) == (2, 1):
            self.spoil(self.model)


def spoil_with(value):
    """Returns what sets a weight of the critic."""

    def spoil(model):
        kernel = model.critic.layers[-1].kernel
        kernel.assign(np.full(kernel.shape, value, "float32"))

    return spoil


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (np.nan, r"epoch 3, batch 2: critic_loss is nan"),
        (np.inf, r"epoch 3, batch 2: .*gradient_norm is (inf|nan)"),
        (1e9, r"epoch 3, batch 2: the critic has exploded, its gradient_norm is \d\.\de\+\d\d "),
    ],
)
def test_a_critic_that_breaks_ends_training_with_the_cause_and_keeps_the_last_good_weights(
    tmp_path, monkeypatch, value, cause
):
    good = train(tmp_path / "good", epochs=2).run
    monkeypatch.setattr(Returns, "sample_callback", lambda *_, **__: Spoiling(spoil_with(value)))
    with pytest.raises(FloatingPointError, match=f"Training diverged in {cause}") as raised:
        train(tmp_path / "run", epochs=4)
    assert "smaller learning_rate" in str(raised.value)
    assert "keeps the model after 2 whole epochs" in raised.value.__notes__[0]
    run = Run.open(tmp_path / "run")
    assert run.history()["epoch"].tolist() == [0, 1]
    for one, other in zip(good.model().variables, run.model().variables, strict=True):
        one, other = (keras.ops.convert_to_numpy(variable) for variable in (one, other))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_a_weight_that_broke_in_the_last_batch_is_noticed_at_the_end_of_the_epoch(
    tmp_path, monkeypatch
):
    spoil = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: spoil_with(np.nan)(spoil.model) if epoch else None
    )
    monkeypatch.setattr(Returns, "metric_callback", lambda *_, **__: spoil)
    with pytest.raises(FloatingPointError, match="diverged in epoch 2: a weight is not finite"):
        train(tmp_path / "run", epochs=3)
    assert len(Run.open(tmp_path / "run").history()) == 1


def test_a_training_that_diverges_at_once_frees_the_folders_name(tmp_path):
    wild = RETURNS.with_settings({"learning_rate": 1e38})
    with pytest.raises(FloatingPointError, match=r"Training diverged in epoch 1.*learning_rate"):
        train(tmp_path / "run", recipe=wild)
    assert not (tmp_path / "run").exists()


def out_of_memory():
    """Returns what the backend raises where a step is too large, or its like."""
    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            return tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        case "jax":
            return RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 17179869184 bytes.")
        case "torch":
            import torch

            return torch.OutOfMemoryError("CUDA out of memory.")


def test_a_batch_too_large_for_the_memory_is_answered_with_a_smaller_one(tmp_path, monkeypatch):
    stop(monkeypatch, epoch=1, error=out_of_memory())
    with pytest.raises(MemoryError, match=r"such as --batch-size 32\. Received: batch_size=64"):
        train(tmp_path / "run")
    assert len(Run.open(tmp_path / "run").history()) == 1


def test_sigterm_stops_training_like_ctrl_c(tmp_path, monkeypatch):
    class Terminating(Stopping):
        def on_train_batch_end(self, batch, logs=None):
            if (self.epoch, batch) == (self.at, 1):
                signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(Returns, "sample_callback", lambda *_, **__: Terminating(1, None))
    outcome = train(tmp_path / "run", epochs=4)
    assert (outcome.epochs, outcome.interrupted) == (1, True)
    assert signal.getsignal(signal.SIGTERM) is before


def test_learning_rates_end_at_the_wanted_share_of_each(tmp_path):
    recipe = RETURNS.with_settings(
        {"epochs": 3, "critic_learning_rate": 4e-3, "final_rate": 0.1, "batch_size": 191}
    )
    model = train(tmp_path / "run", epochs=3, recipe=recipe).run.model()
    rates = [float(side.learning_rate) for side in model.optimizer.optimizers]
    assert rates == pytest.approx([1e-4, 4e-4])


def test_the_model_is_saved_while_training_continues(tmp_path, monkeypatch):
    seen = []
    run = Run.create(tmp_path / "new")
    look = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: seen.append(run.model_path.exists())
    )
    original = WGANGP.fit

    def fit(self, *args, callbacks, **arguments):
        return original(self, *args, callbacks=[*callbacks, look], **arguments)

    monkeypatch.setattr(WGANGP, "fit", fit)
    training.train(ExperimentSpec(RETURNS, SHORT, 1), run, verbose=0)
    assert seen == [False, True]


class Scripted(keras.callbacks.Callback):
    """Logs given numbers, and keeps each epoch's weights."""

    def __init__(self, scores):
        super().__init__()
        self.scores, self.weights = scores, {}

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's number into the logs, as `HeldOutFacts` does."""
        logs[MEASURE] = self.scores[epoch]
        self.weights[epoch + 1] = self.model.get_weights()


def choose(monkeypatch, path, scores):
    """Trains with `--select-until`, each epoch measuring a given number."""
    scripted = Scripted(scores)
    monkeypatch.setattr(fit_module, "HeldOutFacts", lambda *_, **__: scripted)
    outcome = train(path, epochs=len(scores), source=EARLY, select_until="2018-12-31")
    return outcome.run, scripted


def same(model, weights):
    """Says whether a model has these weights, to the last bit."""
    return all(map(np.array_equal, model.get_weights(), weights))


def test_a_run_that_chooses_keeps_the_best_epoch_to_use_and_the_last_to_resume_from(
    tmp_path, monkeypatch
):
    run, scripted = choose(monkeypatch, tmp_path / "run", [math.inf, 2.0, 1.5, 3.0])
    assert same(run.model(), scripted.weights[3])
    assert same(run.last_model(), scripted.weights[4])
    assert run.selected_weights().startswith(
        "the weights of epoch 3, selected on 2016-03-31 to 2018-12-31"
    )
    assert "floor 1.50)" in run.selected_weights()


@pytest.mark.slow
@pytest.mark.parametrize(("later", "kept"), [([1.75, 1.75], 2), ([1.75, 1.25], 4)])
def test_resuming_starts_at_the_last_weights_and_keeps_the_older_best(
    tmp_path, monkeypatch, later, kept
):
    scores = [2.0, 1.5, *later]
    whole, scripted = choose(monkeypatch, tmp_path / "whole", scores)
    run, _ = choose(monkeypatch, tmp_path / "parts", scores[:2])
    monkeypatch.setattr(fit_module, "HeldOutFacts", lambda *_, **__: Scripted(scores))
    training.resume(run, epochs=4, verbose=0)
    for found, weights in ((run.last_model(), 4), (run.model(), kept)):
        for one, other in zip(found.get_weights(), scripted.weights[weights], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
    assert run.selected_weights() == whole.selected_weights()
    assert f"the weights of epoch {kept}," in run.selected_weights()


def test_resuming_is_refused_where_the_days_to_choose_by_have_changed(tmp_path, monkeypatch):
    run, _ = choose(monkeypatch, tmp_path / "run", [2.0, 1.5])
    # As if data had grown since.
    selection = dataclasses.replace(run.config.selection, last_day="2018-06-29", days=560)
    run.write_config(dataclasses.replace(run.config, selection=selection))
    with pytest.raises(ValueError, match="scores on other days do not compare.*there were 560"):
        training.resume(run, epochs=4, verbose=0)


@pytest.mark.slow
def test_a_resumed_run_forgets_the_leaderboards_of_its_old_weights(tmp_path):
    run = train(tmp_path / "run", epochs=1).run
    for suffix in ("json", "md", "png"):
        (run.path / f"leaderboard.{suffix}").touch()
    training.resume(run, epochs=2, verbose=0)
    assert not list(run.path.glob("leaderboard*"))


def test_where_nothing_could_be_measured_the_last_weights_are_kept(tmp_path, monkeypatch):
    run, scripted = choose(monkeypatch, tmp_path / "run", [math.inf, math.inf])
    assert same(run.model(), scripted.weights[2])
    assert run.selected_weights().startswith("the weights of epoch 2, since none could be measured")


def test_too_few_later_days_free_the_folders_name(tmp_path):
    with pytest.raises(ValueError, match="A selection needs at least 500 days"):
        train(tmp_path / "run", source=EARLY, select_until="2016-12-31")
    assert not (tmp_path / "run").exists()


def test_a_run_that_does_not_choose_has_one_model(tmp_path):
    run = train(tmp_path / "run", epochs=1).run
    assert run.config.selection is None and not run.last_path.exists()
