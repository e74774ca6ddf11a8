"""A failure during training gives one clear sentence and an exit status, and loses nothing."""

import contextlib
import errno
import os
import resource
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_wgan.callbacks import samples
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.errors import FileAccessError
from keras_wgan.experiments import checkpoint
from keras_wgan.experiments import fit as fit_module
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import returns
from keras_wgan.report.plots.style import save_picture

from helpers import tiny_recipes
from helpers.commands import ending
from helpers.tiny import table_data, table_model

RUN = Path("run")  # in the working folder
SHORT = ["--start", "2018-01-01", "--end", "2018-12-31"]


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    """Offers the tiny recipes, saves every epoch, and works in an empty folder."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(checkpoint, "SECONDS_BETWEEN_SAVES", 0)
    monkeypatch.setattr(fit_module, "PICTURES_IN_A_RUN", 3)
    monkeypatch.setattr(fit_module, "SCORED", 100)
    monkeypatch.setattr(returns.Returns, "evaluated", 100)
    monkeypatch.chdir(tmp_path)


def train(monkeypatch, capsys, *more):
    """Trains three epochs of the tiny returns into `run`."""
    asked = ["train", "tiny-returns", *SHORT, "--epochs", "3", "--out", "run", *more]
    return ending(monkeypatch, capsys, *asked)


class Faults:
    """Lets one kind of file fail from its second time on, as a disk does that fills up."""

    def __init__(self, monkeypatch, name, error):
        self.name, self.error, self.written = name, error, 0
        self.monkeypatch, self.replace = monkeypatch, os.replace

    def __enter__(self):
        self.monkeypatch.setattr(os, "replace", self.move)
        return self

    def __exit__(self, *_):
        self.monkeypatch.setattr(os, "replace", self.replace)

    def move(self, source, target):
        """Fails where it should."""
        if str(target).endswith(self.name):
            self.written += 1
            if self.written > 1:
                raise OSError(self.error, os.strerror(self.error), str(target))
        self.replace(source, target)


def whole_files(run):
    """Asserts that no file is begun or cut; returns how many epochs history and model have."""
    assert list(run.path.rglob(".*")) == []
    assert zipfile.ZipFile(run.model_path).testzip() is None
    seen = int(run.last_model().optimizer.iterations)
    assert seen % 3 == 0
    return len(run.history()), seen // 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "error"),
    [("model.keras", errno.ENOSPC), ("history.csv", errno.EROFS), ("model.keras", errno.EACCES)],
)
def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(
    monkeypatch, capsys, name, error
):
    with Faults(monkeypatch, name, error):
        status, said = train(monkeypatch, capsys)
    assert status == 2
    first, second = said.splitlines()
    assert first.startswith("keras-wgan: ") and os.strerror(error) in first and name in first
    assert second.startswith("run keeps the model after 1 whole epoch. Once the cause is gone")
    rows, epochs = whole_files(Run.open(RUN))
    assert epochs == 1 and rows in (1, 2)


@pytest.mark.slow
def test_a_picture_that_cannot_be_written_while_training_costs_no_epoch(monkeypatch, capsys):
    def full(figure, path):
        raise FileAccessError(f"{path} cannot be written: {os.strerror(errno.ENOSPC)}")

    with monkeypatch.context() as patched:
        patched.setattr(samples, "save_picture", full)
        patched.setattr(checkpoint, "SECONDS_BETWEEN_SAVES", 3600)
        status, said = train(monkeypatch, capsys)
    assert status == 2
    assert "No space left on device" in said and "epoch_0001.png" in said
    assert "run keeps the model after 1 whole epoch" in said
    assert whole_files(Run.open(RUN)) == (1, 1)
    assert ending(monkeypatch, capsys, "resume", "run")[0] == 0
    assert whole_files(Run.open(RUN)) == (3, 3)


@contextlib.contextmanager
def files_of_at_most(size):
    """Lets the operating system refuse to write more into any file, in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_model_that_only_fits_in_part_is_not_left_in_part(tmp_path, share):
    run, model = Run(tmp_path), table_model()
    run.save_model(model)
    before = run.model_path.read_bytes()
    model.fit(table_data(), verbose=0)
    with (
        files_of_at_most(int(share * len(before))),
        pytest.raises(OSError, match=r"model.keras cannot be written: .* Nothing was changed"),
    ):
        run.save_model(model)
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]
    assert run.model_path.read_bytes() == before


@pytest.mark.pictures
def test_a_picture_that_only_fits_in_part_is_not_left_in_part(tmp_path):
    from matplotlib.figure import Figure

    with files_of_at_most(500), pytest.raises(OSError):
        save_picture(Figure(), tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []


def test_a_run_folder_that_cannot_be_made_is_said_in_one_line(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    asked = ["train", "tiny-returns", *SHORT, "--out", "file/run"]
    status, said = ending(monkeypatch, capsys, *asked)
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith("keras-wgan: ") and "file/run" in line


def cut(path):
    """Cuts a file in the middle."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def spoil(path):
    """Changes a weight inside the archive, as a bad disk does."""
    content = bytearray(path.read_bytes())
    weight = keras.saving.load_model(path).generator.layers[0].get_weights()[0].tobytes()
    content[content.index(weight)] ^= 0x55
    path.write_bytes(bytes(content))


def no_archive(path):
    """Puts something else in its place."""
    path.write_text("not a model")


def another_archive(path):
    """Puts an archive there that is no model."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "mine")


def another_model(path):
    """Puts a Keras model there that is no WGANGP."""
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(path)


@pytest.mark.parametrize("damage", [cut, spoil, no_archive, another_archive, another_model])
def test_a_damaged_or_foreign_checkpoint_is_named_and_left_alone(
    monkeypatch, capsys, trained_run, damage
):
    recipe = tiny_recipes.RETURNS.with_settings({"epochs": 1})
    trained_run(RUN, ExperimentSpec(recipe, tiny_recipes.SHORT, 1))
    path = RUN / "model.keras"
    damage(path)
    left = path.read_bytes()
    for asked in (["resume", "run", "--epochs", "5"], ["evaluate", "run"]):
        status, said = ending(monkeypatch, capsys, *asked)
        assert status == 2
        assert said.startswith("keras-wgan: run/model.keras ")
        assert "cannot be read" in said or "it holds a Sequential, not a WGANGP" in said
    assert path.read_bytes() == left
    assert len(Run(RUN).history()) == 1


@pytest.mark.parametrize("content", ["loss\n1.0\n", 'epoch,loss\n0,"1.0\n'])
def test_a_damaged_history_is_named(tmp_path, content):
    (tmp_path / "history.csv").write_text(content)
    with pytest.raises(ValueError, match="history.csv is damaged"):
        Run(tmp_path).history()


class Failing(ShuffledBatches):
    """A source of data that goes away in the middle of the second epoch."""

    def __getitem__(self, index):
        """Fails when it is time."""
        if (self.epoch, index) == (1, 1):
            raise OSError("the share went away")
        return super().__getitem__(index)


@pytest.mark.slow
def test_a_data_source_that_fails_half_way_says_why_and_loses_no_epoch(tmp_path):
    def fit(model, batches, *callbacks):
        callbacks = [*callbacks, batches.in_step()]
        model.fit(batches, shuffle=False, epochs=3, callbacks=callbacks, verbose=0)

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", double_checkpoint=True)

    keras.utils.set_random_seed(1)
    whole = table_model()
    fit(whole, ShuffledBatches(table_data(), batch_size=16, seed=7))
    keras.utils.set_random_seed(1)
    with pytest.raises(Exception, match="the share went away"):
        fit(table_model(), Failing(table_data(), batch_size=16, seed=7), backup())
    resumed = table_model()
    fit(resumed, ShuffledBatches(table_data(), batch_size=16, seed=7), backup())
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def test_a_nan_in_the_data_of_plain_fit_is_stopped_by_keras_own_callback():
    data = table_data()
    data[20, 0] = np.nan
    model = table_model()
    stop = keras.callbacks.TerminateOnNaN()
    with pytest.warns(UserWarning, match="`x` holds NaN"):
        history = model.fit(data, epochs=5, shuffle=False, callbacks=[stop], verbose=0)
    assert len(history.history["loss"]) == 1
