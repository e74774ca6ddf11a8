"""Progress is one line an epoch, or one bar of 80 columns, and shows no stale number."""

import re

import keras
import numpy as np
import pytest

from keras_wgan.callbacks.progress import RunProgress


class Score(keras.callbacks.Callback):
    """Logs a score that is measured in every second epoch and carried forward in between."""

    def on_epoch_end(self, epoch, logs=None):
        """Logs 10, 10, 30, 30 ..."""
        logs["fid"] = 10.0 * (epoch - epoch % 2 + 1)
        logs["fid_fresh"] = float(epoch % 2 == 0)
        logs["wasserstein"] = 0.123456


def shown(capsys, *, bar, epochs=4, initial_epoch=0, scores=("val", "fid")):
    """Returns what a tiny training writes."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    data = np.zeros((8, 1))
    model.fit(
        data, data, batch_size=4, epochs=epochs, initial_epoch=initial_epoch, verbose=0,
        callbacks=[Score(), RunProgress(scores, bar=bar)],
    )  # fmt: skip
    return capsys.readouterr().out


def test_without_a_terminal_each_epoch_is_one_plain_line(capsys):
    lines = shown(capsys, bar=False).splitlines()
    assert [re.sub(r"\d+ s$", "0 s", line) for line in lines] == [
        "Epoch 1/4  fid 10  wasserstein 0.123  0 s",
        "Epoch 2/4  wasserstein 0.123  0 s",
        "Epoch 3/4  fid 30  wasserstein 0.123  0 s",
        "Epoch 4/4  wasserstein 0.123  0 s",
    ]


def test_on_a_terminal_one_line_is_drawn_again_and_names_the_epoch_of_its_score(capsys):
    written = shown(capsys, bar=True)
    assert written.count("\n") == 1 and written.endswith("\n")
    drawn = written[:-1].split("\r")[1:]
    assert {len(line) for line in drawn} == {79}
    assert drawn[-1].split() == [
        "Epoch", "4/4", f"[{'=' * 24}]", "100%", "fid", "30", "(epoch", "3)",
    ]  # fmt: skip
    assert "fresh" not in written


def test_a_resumed_run_counts_all_of_its_epochs(capsys):
    lines = shown(capsys, bar=False, initial_epoch=3).splitlines()
    assert len(lines) == 1 and lines[0].startswith("Epoch 4/4")


def test_the_score_that_decides_comes_before_the_others(capsys):
    assert "fid 10" in shown(capsys, bar=False, epochs=1)
    assert "wasserstein 0.1235  " in shown(capsys, bar=False, epochs=1, scores=("wasserstein",))


@pytest.mark.parametrize(
    ("passed", "left"), [(10.0, "0:30 left"), (100.0, "5:00 left"), (1600.0, "1:19:58 left")]
)
def test_the_time_left_is_that_of_the_epochs_so_far(monkeypatch, passed, left):
    progress = RunProgress([])
    progress.set_params({"epochs": 4, "steps": 1000})
    progress.first = 0
    monkeypatch.setattr("keras_wgan.callbacks.progress.time.monotonic", lambda: passed)
    assert progress._left(1.001, 1000) == left  # one epoch after the first batch, three to go


def test_a_bar_that_an_error_cuts_short_ends_its_line_once(capsys):
    progress = RunProgress(["fid"], bar=True)
    progress.set_params({"epochs": 4, "steps": 10})
    progress.on_epoch_begin(0)
    progress.on_train_batch_end(0)
    progress.close()
    progress.close()
    written = capsys.readouterr().out
    assert written.startswith("\rEpoch 1/4") and written.count("\n") == 1


def test_a_long_score_shortens_the_bar_and_is_never_cut(capsys):
    progress = RunProgress(["moment_distance"], bar=True)
    progress.set_params({"epochs": 1500, "steps": 1})
    progress.shown, progress.epoch = "moment_distance 0.1278 (epoch 1499)", 1499
    progress._draw()
    line = capsys.readouterr().out.lstrip("\r")
    assert len(line) == 79 and line.rstrip().endswith("(epoch 1499)") and "[====" in line
