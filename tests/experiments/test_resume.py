"""A resumed run ends exactly like an uninterrupted one.

Bit for bit on TensorFlow with determinism on, to 1e-6 of the largest weight on the others.
"""

import os
import shutil

import numpy as np
import pandas as pd
import pytest

from keras_wgan.experiments import checkpoint as checkpoint_module
from keras_wgan.experiments import fit as fit_module
from keras_wgan.experiments import training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns

from helpers import tiny_recipes
from helpers.resuming import KillAt, agree, deterministic, same_state
from helpers.tiny_recipes import RETURNS, SHORT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def determinism():
    """Turns TensorFlow's determinism on for these tests."""
    with deterministic():
        yield


RECIPE = RETURNS.with_settings(
    {"epochs": 3, "final_rate": 0.2, "ema_momentum": 0.9, "critic_steps": 2}
)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Offers the tiny recipes, measures every second epoch, and saves every one."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fit_module, "SCORES_IN_A_RUN", 2)
    monkeypatch.setattr(fit_module, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fit_module, "SCORED", 100)
    monkeypatch.setattr(checkpoint_module, "SECONDS_BETWEEN_SAVES", 0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Returns a run that never stopped."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fit_module, "SCORES_IN_A_RUN", 2)
        patched.setattr(fit_module, "SCORED", 100)
        return train(tmp_path_factory.mktemp("whole") / "run")


def train(path):
    """Trains the recipe from its beginning."""
    run = Run.create(path)
    training.train(ExperimentSpec(RECIPE, SHORT, 1), run, verbose=0)
    return run


def ends_like(run, whole):
    """Asserts that a run ended as another: model, history, and no other file."""
    one, other = whole.history(), run.history()
    assert list(one) == list(other)
    agree(one.to_numpy(), other.to_numpy())
    same_state(whole.model(), run.model())
    names = ["config.json", "history.csv", "model.keras", "samples"]
    assert sorted(file.name for file in run.path.iterdir()) == names


class EndAt(KillAt):
    """Raises an error at a batch of an epoch, or at its end."""

    def __init__(self, epoch, batch, error):
        super().__init__(epoch, batch)
        self.error = error

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == self.at:
            raise self.error

    def on_epoch_end(self, epoch, logs=None):
        if (epoch, None) == self.at:
            raise self.error


def full_disk():
    """Returns what a write raises where there is no room."""
    return OSError(28, "No space left on device")


def wrong():
    """Returns what a callback with a mistake in it may raise."""
    return RuntimeError("a callback that is wrong")


ENDS = {  # the epoch, the batch or None for the epoch's end, what happens, seconds between saves
    "Ctrl-C within the first epoch": (0, 1, KeyboardInterrupt, 0),
    "Ctrl-C within a later one": (2, 0, KeyboardInterrupt, 3600),
    "an error long after a save": (2, 1, wrong, 3600),
    "an error after a whole epoch": (1, None, full_disk, 3600),
}


@pytest.mark.parametrize(("epoch", "batch", "error", "seconds"), ENDS.values(), ids=ENDS)
def test_a_run_that_ended_early_ends_as_one_that_did_not(
    tmp_path, monkeypatch, whole, epoch, batch, error, seconds
):
    with monkeypatch.context() as patched:
        patched.setattr(checkpoint_module, "SECONDS_BETWEEN_SAVES", seconds)
        patched.setattr(Returns, "sample_callback", lambda *_, **__: EndAt(epoch, batch, error()))
        if error is KeyboardInterrupt:
            train(tmp_path / "run")
        else:
            with pytest.raises(type(error())) as raised:
                train(tmp_path / "run")
            kept = epoch + (batch is None)
            assert f"keeps the model after {kept} whole epoch" in raised.value.__notes__[0]
            assert f"keras-wgan resume {tmp_path / 'run'}" in raised.value.__notes__[0]
    run = Run.open(tmp_path / "run")
    assert run.history()["epoch"].tolist() == list(range(epoch + (batch is None)))
    training.resume(run, verbose=0)
    ends_like(run, whole)


def test_a_run_killed_at_any_moment_of_its_saves_ends_as_one_that_was_not(
    tmp_path, monkeypatch, whole
):
    """Copies the run folder before and after every file is moved to its place, and half-way."""
    moments, replace = [], os.replace
    folder = tmp_path / "run"

    def moment():
        copy = tmp_path / f"moment-{len(moments)}"
        shutil.copytree(folder, copy)
        moments.append(copy)

    def watched(source, target):
        moment()
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", watched)
        train(folder)
    moment()
    resumed = set()
    for copy in moments:
        begun = [file.name for file in copy.rglob(".*")]
        assert all(".part." in name for name in begun)
        if not (copy / "model.keras").exists():
            continue  # nothing was learned yet: there is nothing to resume from
        run = Run.open(copy)
        state = (len(run.history()), run.model_path.read_bytes())
        if state in resumed:
            continue  # the same moment but for what is begun
        resumed.add(state)
        done = int(run.last_model().optimizer.iterations) // 3  # batches an epoch
        assert done <= len(run.history()) <= done + 1
        if done < RECIPE.settings.epochs:
            training.resume(run, verbose=0)
        ends_like(run, whole)
    assert len(resumed) >= 2 * RECIPE.settings.epochs - 1


@pytest.mark.parametrize(("lines", "epochs"), [(0, 0), (1, 0), (3, 2)])
def test_a_history_that_lacks_epochs_of_the_model_is_refused(tmp_path, whole, lines, epochs):
    run = Run.open(shutil.copytree(whole.path, tmp_path / "run"))
    rows = run.history_path.read_text().splitlines(keepends=True)
    run.history_path.write_text("".join(rows[:lines]))
    files = {file: file.read_bytes() for file in run.path.glob("*.*")}
    for use in (
        lambda: training.resume(run, epochs=5, verbose=0),
        lambda: training.evaluate(run, count=100, seed=0, progress=len),
    ):
        with pytest.raises(ValueError, match=f"for 3 epochs, and the file has only {epochs} .*--c"):
            use()
    assert {file: file.read_bytes() for file in run.path.glob("*.*")} == files


def test_a_history_cut_within_a_number_is_refused(tmp_path, whole):
    run = Run.open(shutil.copytree(whole.path, tmp_path / "run"))
    run.history_path.write_text(run.history_path.read_text()[:-4])
    with pytest.raises(ValueError, match="history.csv is damaged: its last line is cut short"):
        training.resume(run, epochs=5, verbose=0)


def test_what_was_learned_in_an_unfinished_epoch_is_there_to_use(tmp_path, monkeypatch):
    monkeypatch.setattr(
        Returns, "sample_callback", lambda *_, **__: EndAt(1, 1, KeyboardInterrupt())
    )
    run = train(tmp_path / "run")
    seen = [int(model.optimizer.iterations) for model in (run.model(), run.last_model())]
    assert seen == [5, 3]


def test_numbers_of_a_history_are_kept_to_the_last_bit(tmp_path):
    rows = pd.DataFrame({"epoch": [0, 1], "loss": [0.1 + 0.2, np.inf], "fid": [1e-310, 1.0 / 3.0]})
    Run(tmp_path).write_history(rows)
    pd.testing.assert_frame_equal(Run(tmp_path).history(), rows, check_exact=True)
