"""`keras-wgan resume` continues runs and searches, and says what it cannot use."""

from pathlib import Path

import keras
import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.tuning import search

from helpers.commands import SHORT, call, refusal

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")


@pytest.mark.slow
def test_ctrl_c_names_the_command_that_finishes_the_run(tmp_path, monkeypatch):
    class Stopping(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Returns, "sample_callback", lambda *_, **__: Stopping())
        arguments = ["train", "tiny-returns", *SHORT, "--epochs", "2", "--out", "a run"]
        result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 130
    assert result.output.splitlines()[-3:] == [
        "Stopped after 1 whole epoch; the model so far is in 'a run'.",
        "Measure and draw it: keras-wgan evaluate 'a run'",
        "Resume: keras-wgan resume 'a run'",
    ]
    (tmp_path / "a run" / "explore.html").write_text("of the weights so far")
    call("resume", "a run")
    assert not (tmp_path / "a run" / "explore.html").exists()
    assert pd.read_csv(tmp_path / "a run" / "history.csv")["epoch"].tolist() == [0, 1]


@pytest.mark.slow
def test_ctrl_c_after_the_last_epoch_leaves_nothing_to_resume(monkeypatch):
    class Stopping(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Returns, "sample_callback", lambda *_, **__: Stopping())
        arguments = ["train", "tiny-returns", *SHORT, "--epochs", "1", "--out", "run"]
        result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 130
    assert result.output.splitlines()[-2:] == [
        "Stopped after 1 whole epoch; the model so far is in run.",
        "Measure and draw it: keras-wgan evaluate run",
    ]
    call("evaluate", "run")
    assert Path("run", "report.html").exists()


@pytest.mark.slow
def test_more_epochs_continue_a_finished_run(tmp_path, r):
    assert "Everything is in r" in call("resume", "r", "--epochs", "2")
    assert pd.read_csv(tmp_path / "r" / "history.csv")["epoch"].tolist() == [0, 1]


@pytest.mark.slow
def test_a_search_that_was_stopped_in_its_second_trial_resumes_from_its_folder(
    tmp_path, monkeypatch
):
    tried = []

    def fit_or_stop(self, hp, model, **_):
        tried.append(hp["learning_rate"])
        if len(tried) == 2:
            raise KeyboardInterrupt
        return 1.0

    monkeypatch.setattr(search._RecipeHyperModel, "fit", fit_or_stop)
    command = ["tune", "tiny-returns", *SHORT, "--trials", "2", "--epochs", "1", "--out", "a t"]
    result = CliRunner().invoke(cli.app, command)
    assert result.exit_code == 130
    assert result.output.splitlines()[-2:] == [
        "Stopped; the trials that ended are in 'a t'.",
        "Resume: keras-wgan resume 'a t'",
    ]
    call("resume", "a t")
    assert tried[2] == tried[1] != tried[0]
    assert pd.read_csv(tmp_path / "a t" / "trials.csv")["status"].tolist() == ["done", "done"]
    call("resume", "a t", "--trials", "3")
    assert len(tried) == len(pd.read_csv(tmp_path / "a t" / "trials.csv")) + 1 == 4


@pytest.mark.parametrize("option", [("--trials", "3"), ("--workers", "2")])
def test_options_of_searches_are_refused_for_a_run(monkeypatch, capsys, r, option):
    line = refusal(monkeypatch, capsys, "resume", "r", *option)
    assert line == (
        "keras-wgan: `--trials` and `--workers` are for a search, and this folder holds a run. "
        f"Leave them out. Received: {' '.join(option)}"
    )


def test_epochs_are_refused_for_a_search(monkeypatch, capsys, tmp_path):
    (tmp_path / "search.json").write_text("{}")
    line = refusal(monkeypatch, capsys, "resume", ".", "--epochs", "5")
    assert line.startswith("keras-wgan: `--epochs` and `--devices` are for a run, and this folder ")
    assert line.endswith("Received: --epochs 5")


@pytest.mark.parametrize(
    ("folder", "state"),
    [("nowhere", "is no folder"), (".", "has neither config.json nor search.json")],
)
def test_a_folder_without_run_or_search_is_named(monkeypatch, capsys, folder, state):
    line = refusal(monkeypatch, capsys, "resume", folder)
    assert line.startswith(f"keras-wgan: {folder} {state}. `resume` needs a folder that ")
