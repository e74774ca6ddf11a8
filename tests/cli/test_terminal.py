"""The terminal: what is shown at once, what `--quiet` leaves, and what help costs."""

import inspect
import logging
import re

import pytest

from keras_wgan import __version__
from keras_wgan.backends import messages
from keras_wgan.cli import startup
from keras_wgan.cli.app import app
from keras_wgan.io import console

from helpers.commands import call, python

RETRACING = "5 out of the last 52 calls to <function f> triggered tf.function retracing."


def test_the_version_is_one_line():
    assert call("--version") == f"keras-wgan {__version__}\n"


def test_help_loads_none_of_the_slow_libraries():
    code = """
import sys
import keras_wgan.cli.app
slow = {"keras", "matplotlib", "numpy", "pandas", "scipy", "tensorflow", "torch", "jax"}
print(sorted(slow & set(sys.modules)))
"""
    lines, _ = python(code)
    assert lines == ["[]"]


def test_a_command_says_what_it_does_before_keras_is_loaded(monkeypatch, capsys):
    said = []

    def loading():
        said.append(capsys.readouterr().out)
        raise KeyboardInterrupt

    monkeypatch.setattr(startup, "without_start_up_noise", loading)
    with pytest.raises(KeyboardInterrupt):
        startup.start_backend(None)
    assert said == ["Loading Keras ...\n"]


def test_quiet_prints_nothing_and_does_the_same(tmp_path):
    options = ("data", "bundled", "--start", "2018-01-01", "--out")
    assert call(*options, str(tmp_path / "loud.png")).endswith("loud.png\n")
    assert call(*options, str(tmp_path / "quiet.png"), "--quiet") == ""
    assert (tmp_path / "quiet.png").read_bytes() == (tmp_path / "loud.png").read_bytes()


def test_every_command_that_works_on_something_can_be_quiet():
    commands = [command.callback for command in app.registered_commands]
    loud = {
        command.__name__
        for command in commands
        if "quiet" not in inspect.signature(command).parameters
    }
    assert loud == {"recipes", "presets"}  # they only list


@pytest.mark.slow
def test_training_without_a_terminal_prints_one_line_an_epoch(first_training):
    lines = first_training.output.splitlines()
    epochs = [line for line in lines if line.startswith("Epoch")]
    assert [line.split()[1] for line in epochs] == ["1/3", "2/3", "3/3"]
    assert all(re.search(r"  moment_distance [\d.e-]+  wasserstein ", line) for line in epochs)
    assert all(len(line) <= 80 for line in epochs)


def test_advice_on_retracing_is_hidden_and_other_messages_are_not(monkeypatch):
    logger = logging.getLogger("tensorflow")
    before, logger.filters = logger.filters, []
    messages.hide_retracing_notes()
    messages.hide_retracing_notes()
    try:
        records = [
            logging.LogRecord("tensorflow", logging.WARNING, "f.py", 1, text, None, None)
            for text in (RETRACING, "The learning rate is very high.")
        ]
        assert [bool(logger.filter(record)) for record in records] == [False, True]
        assert len(logger.filters) == 1
        monkeypatch.setenv(console.DEBUG, "1")
        assert logger.filter(records[0])
    finally:
        logger.filters = before


def test_no_command_is_cut_short_in_the_list_of_commands():
    text = call("--help")
    listed = text[text.index("Commands:") :]
    assert "explore" in listed and "..." not in listed
