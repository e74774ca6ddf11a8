"""A run folder holds all of a run, and a run goes on where it stopped."""

import contextlib
import copy
import dataclasses
import json
import shutil
import signal

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan import fitting, training
from keras_wgan.callbacks import pictures
from keras_wgan.runs import RunFolder
from keras_wgan.settings import Settings
from keras_wgan.stopping import StopOnCtrlC
from keras_wgan.subjects.returns import Returns
from keras_wgan.subjects.subject import Source
from keras_wgan.wgan_gp import WGANGP

import tiny_recipes
from tiny_recipes import IMAGES, RETURNS, SHORT


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Offers the tiny recipes, and draws few pictures of them."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fitting, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fitting, "SCORED", 100)
    tiny_recipes.skip_drawing(monkeypatch, pictures)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Trains one epoch of the tiny returns, once for all tests that only look at the run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fitting, "SCORED", 100)
        tiny_recipes.skip_drawing(patched, pictures)
        return train(tmp_path_factory.mktemp("finished") / "run", epochs=1).run.path


@pytest.fixture
def run(finished, tmp_path):
    """Returns a copy of that run."""
    return RunFolder.open(shutil.copytree(finished, tmp_path / "run"))


def train(path, epochs=2, seed=1, recipe=RETURNS, source=SHORT):
    """Trains a tiny recipe into a new run folder."""
    recipe = recipe.with_settings({"epochs": epochs})
    return training.train(recipe, source, RunFolder.create(path), seed=seed, verbose=0)


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
    monkeypatch.setattr(Returns, "painter", lambda *_, **__: Stopping(epoch, error))


def test_training_leaves_config_model_history_and_pictures_of_samples(run):
    names = sorted(file.name for file in run.path.iterdir())
    assert names == ["config.json", "history.csv", "model.keras", "samples"]
    assert [file.name for file in run.samples_path.iterdir()] == ["epoch_0001.png"]


def test_the_config_says_what_was_trained_on_what_and_with_what(run):
    config = json.loads(run.config_path.read_text())
    assert (config["recipe"], config["kind"], config["seed"]) == ("tiny-returns", "returns", 1)
    assert config["settings"] == {**dataclasses.asdict(RETURNS.settings), "epochs": 1}
    assert config["source"] == dataclasses.asdict(SHORT)
    assert config["data"]["windows"] == 191
    assert config["versions"]["keras"] == keras.__version__
    assert config["versions"]["backend"] == keras.backend.backend()


def test_the_same_seed_gives_the_same_history_and_another_seed_another(tmp_path, run):
    outcomes = [train(tmp_path / str(k), epochs=1, seed=seed) for k, seed in enumerate((1, 2))]
    one = run.read_history()
    same, other = (outcome.run.read_history() for outcome in outcomes)
    pd.testing.assert_frame_equal(one, same)
    assert one["critic_loss"][0] != other["critic_loss"][0]


def test_two_epochs_and_two_more_are_the_same_as_four_at_once(tmp_path):
    whole = train(tmp_path / "whole", epochs=4).run
    parts = train(tmp_path / "parts", epochs=2).run
    outcome = training.resume(parts, epochs=4, verbose=0)
    assert (outcome.epochs, outcome.interrupted) == (4, False)
    assert parts.read_config()["settings"]["epochs"] == 4
    pd.testing.assert_frame_equal(whole.read_history(), parts.read_history(), rtol=1e-6)
    models = (whole.load_model(), parts.load_model())
    for weight, other in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-6, atol=1e-7)


def test_ctrl_c_in_the_second_epoch_keeps_the_model_and_resume_finishes(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        stop(patched, epoch=1, error=KeyboardInterrupt())
        stopped = train(tmp_path / "run")
    assert (stopped.epochs, stopped.interrupted) == (1, True)
    assert stopped.run.read_history()["epoch"].tolist() == [0]
    assert np.isfinite(RunFolder.open(tmp_path / "run").load_model().generate(3, seed=0)).all()
    outcome = training.resume(stopped.run, verbose=0)
    assert (outcome.epochs, outcome.interrupted) == (2, False)
    assert stopped.run.read_history()["epoch"].tolist() == [0, 1]


class Swallowing(Stopping):
    """Presses Ctrl-C in a place that swallows its exception, as Keras' conversion of logs does."""

    def on_train_batch_end(self, batch, logs=None):
        """Sends the signal when it is time."""
        if (self.epoch, batch) == (self.at, 1):
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)


def test_ctrl_c_stops_training_also_where_its_exception_is_swallowed(tmp_path, monkeypatch, capfd):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Returns, "painter", lambda *_, **__: Swallowing(1, None))
    outcome = train(tmp_path / "run", epochs=4)
    assert (outcome.epochs, outcome.interrupted) == (1, True)
    assert "Stopping after this batch. Ctrl-C again stops at once." in capfd.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def interruptible():
    """Lets Ctrl-C raise as it does in a terminal; what a shell runs with `&` ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_second_ctrl_c_stops_at_once(interruptible):
    with pytest.raises(KeyboardInterrupt), StopOnCtrlC() as ctrl_c:
        signal.raise_signal(signal.SIGINT)
        assert ctrl_c.asked
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_while_an_epoch_is_measured_stops_after_that_epoch():
    with pytest.raises(KeyboardInterrupt), StopOnCtrlC() as ctrl_c:
        ctrl_c.on_epoch_end(0)
        signal.raise_signal(signal.SIGINT)
        ctrl_c.on_epoch_end(1)


def test_ctrl_c_reaches_the_copies_that_a_search_makes_of_its_callbacks():
    with StopOnCtrlC() as ctrl_c:
        assert copy.deepcopy([ctrl_c]) == [ctrl_c]


def test_ctrl_c_in_the_first_epoch_keeps_a_model_that_resumes_from_the_beginning(
    tmp_path, monkeypatch
):
    with monkeypatch.context() as patched:
        stop(patched, epoch=0, error=KeyboardInterrupt())
        stopped = train(tmp_path / "run", epochs=1)
    assert (stopped.epochs, stopped.interrupted) == (0, True)
    assert training.resume(stopped.run, verbose=0).epochs == 1
    assert stopped.run.read_history()["epoch"].tolist() == [0]


def test_the_history_file_is_closed_also_where_training_was_stopped(tmp_path, monkeypatch):
    loggers = []

    class Logger(keras.callbacks.CSVLogger):
        def on_train_begin(self, logs=None):
            super().on_train_begin(logs)
            loggers.append(self)

    monkeypatch.setattr(keras.callbacks, "CSVLogger", Logger)
    stop(monkeypatch, epoch=0, error=KeyboardInterrupt())
    train(tmp_path / "run")
    assert [logger.csv_file.closed for logger in loggers] == [True]


def test_an_error_in_the_second_epoch_keeps_what_was_learned(tmp_path, monkeypatch):
    stop(monkeypatch, epoch=1, error=OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        train(tmp_path / "run")
    assert len(RunFolder.open(tmp_path / "run").read_history()) == 1


def test_an_error_before_anything_was_learned_frees_the_folders_name(tmp_path, monkeypatch):
    stop(monkeypatch, epoch=0, error=OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        train(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_data_that_cannot_be_had_frees_the_folders_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        train(tmp_path / "run", source=Source("nowhere.csv"))
    assert not (tmp_path / "run").exists()


def test_a_finished_run_is_not_resumed_without_more_epochs(run):
    with pytest.raises(ValueError, match="has done 1 epochs.*`--epochs 2`.*Received: epochs=1"):
        training.resume(run, verbose=0)


def test_a_training_that_diverges_says_so_and_keeps_its_history(tmp_path):
    wild = RETURNS.with_settings({"learning_rate": 1e38})
    with pytest.raises(FloatingPointError, match=r"Training diverged.*smaller learning_rate"):
        train(tmp_path / "run", recipe=wild)
    assert not np.isfinite(RunFolder.open(tmp_path / "run").read_history()["loss"].iloc[-1])


def test_evaluating_writes_metrics_four_pictures_and_a_page(run):
    lines, drawn = training.evaluate(run, count=100, seed=5)
    metrics = json.loads(run.metrics_path.read_text())
    assert metrics["protocol"] == {"windows": 100, "real_windows": 191, "seed": 5}
    assert 0.0 < metrics["moment_distance"] < np.inf
    assert "191 real and 100 generated windows" in lines[0]
    names = ["losses.png", "paths.png", "histogram.png", "memory.png", "report.html"]
    assert drawn == [run.path / name for name in names]
    assert all(len(picture.read_bytes()) > 10_000 for picture in drawn)


def test_a_generated_file_holds_the_models_samples_in_log_returns(tmp_path, run):
    training.generate(run, count=3, seed=9, out=tmp_path / "s.csv")
    table = pd.read_csv(tmp_path / "s.csv")
    scaler = run.read_config()["data"]["scaler"]
    samples = run.load_model().generate(3, seed=9).reshape(-1)
    expected = scaler["low"] + (samples + 1.0) / 2.0 * (scaler["high"] - scaler["low"])
    np.testing.assert_allclose(table["log_return"], expected, atol=1e-7)
    first_price = 2506.850098 * np.exp(expected[0])
    assert table["price"][0] == pytest.approx(first_price, rel=1e-6)


def test_generated_returns_are_anchored_to_a_mean_and_a_volatility_of_a_year(tmp_path, run):
    training.generate(
        run, count=20, seed=9, out=tmp_path / "s.npz", yearly_mean=0.05, yearly_volatility=0.16
    )
    returns = np.load(tmp_path / "s.npz")["log_return"]
    assert 252 * returns.mean() == pytest.approx(0.05, rel=1e-9)
    assert np.sqrt(252) * returns.std() == pytest.approx(0.16, rel=1e-9)


def test_generating_refuses_another_form_and_a_file_that_exists(tmp_path, run):
    with pytest.raises(ValueError, match=r"end in \.csv, \.npz, \.parquet for this run"):
        training.generate(run, count=3, seed=0, out=tmp_path / "s.txt")
    (tmp_path / "s.csv").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        training.generate(run, count=3, seed=0, out=tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text() == "mine"


def test_networks_of_a_fixed_length_make_no_longer_paths(tmp_path, run):
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        training.generate(run, count=3, days=61, seed=0, out=tmp_path / "s.csv")


def test_learning_rates_end_at_the_wanted_share_of_each(tmp_path):
    recipe = RETURNS.with_settings(
        {"epochs": 3, "critic_learning_rate": 4e-3, "final_rate": 0.1, "batch_size": 191}
    )
    model = train(tmp_path / "run", epochs=3, recipe=recipe).run.load_model()
    rates = [float(side.learning_rate) for side in model.optimizer.optimizers]
    assert rates == pytest.approx([1e-4, 4e-4])


def test_learning_rates_are_half_way_down_the_cosine_in_the_middle(tmp_path):
    rates = fitting.CosineRates(Settings(epochs=3, learning_rate=1.0, final_rate=0.2))
    model = RETURNS.build(seed=0)
    rates.set_model(model)
    rates.on_epoch_begin(1)
    assert float(model.optimizer.generator.learning_rate) == pytest.approx(0.6)


def test_images_train_measure_and_come_out_as_bytes(tmp_path):
    run = train(tmp_path / "run", epochs=1, recipe=IMAGES, source=Source("digits")).run
    lines, drawn = training.evaluate(run, count=50, seed=0)
    assert [picture.name for picture in drawn] == ["losses.png", "samples.png", "real.png"]
    metrics = json.loads(run.metrics_path.read_text())
    assert f"{metrics['fid']:.1f}" in lines[0]
    assert metrics["fid"] > metrics["floor"] > 0.0
    training.generate(run, count=2, seed=4, out=tmp_path / "s.npz")
    samples = run.load_model().generate(2, seed=4)
    with np.load(tmp_path / "s.npz") as archive:
        np.testing.assert_array_equal(archive["images"], np.rint((samples + 1.0) * 127.5))


def test_data_that_changed_since_is_refused_with_what_differs(run):
    config = run.read_config()
    config["data"]["last_price"] += 1.0
    run.write_config(config)
    for use in (lambda: training.evaluate(run, count=100, seed=1), lambda: more(run)):
        with pytest.raises(ValueError, match="not what it was trained on: last_price differ"):
            use()


def more(run):
    training.resume(run, epochs=4, verbose=0)


def test_the_model_is_saved_while_training_goes_on(tmp_path, monkeypatch):
    seen = []
    run = RunFolder.create(tmp_path / "new")
    look = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: seen.append(run.model_path.exists())
    )
    original = WGANGP.fit

    def fit(self, *args, callbacks, **arguments):
        return original(self, *args, callbacks=[*callbacks, look], **arguments)

    monkeypatch.setattr(WGANGP, "fit", fit)
    training.train(RETURNS, SHORT, run, seed=1, verbose=0)
    assert seen == [False, True]
