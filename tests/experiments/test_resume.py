"""A resumed training ends exactly like an uninterrupted one, including all state.

Bit for bit on TensorFlow with determinism on, to 1e-6 of the largest weight on the others.
"""

import os
import shutil

import keras
import numpy as np
import pandas as pd
import pytest
from keras import ops

from keras_wgan import WGANGP, latents
from keras_wgan.callbacks import FID
from keras_wgan.callbacks import samples as samples_module
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.experiments import checkpoint as checkpoint_module
from keras_wgan.experiments import fit as fit_module
from keras_wgan.experiments import training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns

from helpers import tiny_recipes
from helpers.tiny import conditional_model, table_data, table_model
from helpers.tiny_recipes import RETURNS, SHORT

pytestmark = pytest.mark.slow

layers = keras.layers
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
DATA = table_data(40)
EPOCHS = 3


@pytest.fixture(scope="module", autouse=True)
def determinism():
    """Turns TensorFlow's determinism on for these tests."""
    if not ON_TENSORFLOW:
        yield
        return
    from tensorflow.python.framework import config

    config.enable_op_determinism()
    yield
    config.disable_op_determinism()


def agree(one, other):
    """Asserts that numbers agree as exactly as the backend allows."""
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if ON_TENSORFLOW:
        np.testing.assert_array_equal(one, other)
    else:
        largest = abs(one[np.isfinite(one)]).max(initial=1e-3)
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6 * largest)


def same_state(one, other):
    """Asserts that two models agree in weights, averages, optimizers and noise."""
    for variable, counterpart in zip(_variables(one), _variables(other), strict=True):
        agree(ops.convert_to_numpy(variable), ops.convert_to_numpy(counterpart))


def _variables(model):
    return [*model.variables, *model.optimizer.variables]


def compiled(model):
    """Gives a model two optimizers with momenta."""
    model.compile(keras.optimizers.Adam(1e-2, beta_1=0.5), keras.optimizers.Adam(1e-2))
    return model


def with_masks_and_heavy_tails():
    """Returns a model that draws at random wherever one can."""
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.Dropout(0.2, seed=5), layers.Dense(2)]
    )
    critic = keras.Sequential(
        [keras.Input((2,)), layers.Dense(8), layers.Dropout(0.4, seed=3), layers.Dense(1)]
    )
    return compiled(WGANGP(generator, critic, latent=latents.StudentT(3, df=3), seed=1))


def with_averages_and_turns():
    """Returns a model with averages, whose generator's turns span the border of two epochs."""
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)]
    )
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(8), layers.Dense(1)])
    return compiled(WGANGP(generator, critic, latent=3, seed=1, ema_momentum=0.9, critic_steps=2))


def with_schedules():
    """Returns a model whose learning rates fall with each batch."""
    model = table_model(compiled=False)
    decay = keras.optimizers.schedules.CosineDecay(1e-2, 10)
    model.compile(keras.optimizers.Adam(decay), keras.optimizers.RMSprop(decay, momentum=0.5))
    return model


KINDS = {
    "masks and heavy tails": with_masks_and_heavy_tails,
    "averages and turns": with_averages_and_turns,
    "schedules and momenta": with_schedules,
    "a condition": conditional_model,
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def start(kind):
    """Returns a model with the weights that all first starts have."""
    keras.utils.set_random_seed(3)
    return KINDS[kind]()


def fit(model, *callbacks, kind="schedules and momenta", first_epoch=0, epochs=EPOCHS):
    """Trains as a user would, in three batches an epoch, the last one smaller."""
    labels = np.arange(len(DATA)) % 3 if kind == "a condition" else None
    batches = ShuffledBatches(DATA, labels, batch_size=16, seed=7, first_epoch=first_epoch)
    return model.fit(
        batches,
        shuffle=False,
        initial_epoch=first_epoch,
        epochs=epochs,
        callbacks=[*callbacks, batches.in_step()],
        verbose=0,
    ).history


class Killed(BaseException):
    """What no code of ours catches, like SIGKILL."""


class KillAt(keras.callbacks.Callback):
    """Ends everything at a batch of an epoch."""

    def __init__(self, epoch, batch):
        super().__init__()
        self.at, self.epoch = (epoch, batch), 0

    def on_epoch_begin(self, epoch, logs=None):
        """Notes which epoch it is."""
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Ends it when it is time."""
        if (self.epoch, batch) == self.at:
            raise Killed


def backup(tmp_path):
    """Returns Keras' own callback, which keeps the weights before too."""
    return keras.callbacks.BackupAndRestore(tmp_path / "backup", double_checkpoint=True)


@every_kind
def test_keras_checkpoint_and_backup_go_on_as_if_nothing_had_been_between(tmp_path, kind):
    whole = start(kind)
    history = fit(whole, kind=kind)
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras")
    with pytest.raises(Killed):
        fit(start(kind), checkpoint, backup(tmp_path), KillAt(2, 1), kind=kind)

    loaded = keras.saving.load_model(tmp_path / "2.keras")
    rest = fit(loaded, kind=kind, first_epoch=2)
    same_state(whole, loaded)
    for name in rest:
        agree(history[name][2:], rest[name])

    other = KINDS[kind]()  # with other weights, which the backup replaces
    fit(other, backup(tmp_path), kind=kind)
    same_state(whole, other)


@pytest.fixture(scope="module")
def unstopped():
    """Returns a model that trained through."""
    model = start("schedules and momenta")
    fit(model)
    return model


@pytest.fixture
def backed_up(tmp_path):
    """Returns the folder of a backup after two epochs."""
    with pytest.raises(Killed):
        fit(start("schedules and momenta"), backup(tmp_path), KillAt(2, 0))
    return tmp_path / "backup"


def metadata_of_an_older_epoch(folder):
    """Is what a kill leaves that comes between the new weights and their epoch."""
    (folder / "training_metadata.json").write_text('{"epoch": 1, "batch": 0}')


def no_metadata(folder):
    """Is what a kill leaves after the very first weights."""
    (folder / "training_metadata.json").unlink()


def half_the_weights(folder):
    """Is what a kill leaves that comes while the weights are written."""
    weights = folder / "latest.weights.h5"
    weights.write_bytes(weights.read_bytes()[:2000])


@pytest.mark.parametrize("killed", [metadata_of_an_older_epoch, no_metadata, half_the_weights])
def test_keras_backup_killed_during_its_save_trains_no_epoch_twice(
    tmp_path, unstopped, backed_up, killed
):
    killed(backed_up)
    model = with_schedules()
    fit(model, backup(tmp_path))
    same_state(unstopped, model)


def test_a_score_that_is_given_the_last_logs_carries_them_forward():
    def fid():
        return FID(DATA, lambda samples: samples, samples=50, every=3)

    model, rest = start("schedules and momenta"), fid()
    before = fit(model, fid(), epochs=4)
    rest.resume_from({name: values[-1] for name, values in before.items()})
    after = fit(model, rest, first_epoch=4, epochs=6)
    assert before["fid"][:2] == [np.inf, np.inf]
    assert before["fid"][2] == before["fid"][3] == after["fid"][0] != after["fid"][1]
    assert after["fid_fresh"] == [0.0, 1.0]


# ---- The command line's runs ---------------------------------------------------------------------

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
    tiny_recipes.skip_drawing(monkeypatch, samples_module)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Returns a run that never stopped."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fit_module, "SCORES_IN_A_RUN", 2)
        patched.setattr(fit_module, "SCORED", 100)
        tiny_recipes.skip_drawing(patched, samples_module)
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
            assert f"keeps the model after {kept} whole epochs" in raised.value.__notes__[0]
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
