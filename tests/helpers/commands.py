"""Calls `keras-wgan` in the test's process or in a separate one."""

import os
import subprocess
import sys
import warnings

from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.experiments import training
from keras_wgan.io.console import DEBUG, LOG_LEVEL

SHORT = ["--start", "2018-01-01", "--end", "2018-12-31"]


def call(*arguments):
    """Returns the output of a command that succeeds."""
    result = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def trained(*arguments):
    """Trains one epoch of the tiny returns and returns the output."""
    return call("train", "tiny-returns", *SHORT, "--epochs", "1", *arguments)


def ending(monkeypatch, capsys, *arguments):
    """Returns the exit status of `keras-wgan`, and what it printed to standard error."""
    monkeypatch.setattr(sys, "argv", ["keras-wgan", *arguments])
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    capsys.readouterr()
    try:
        cli.main()
        status = 0
    except SystemExit as ended:
        status = ended.code or 0
    return status, capsys.readouterr().err


def refusal(monkeypatch, capsys, *arguments):
    """Returns the one line that `keras-wgan` ends with where it refuses."""
    status, said = ending(monkeypatch, capsys, *arguments)
    assert status == 2, said
    (line,) = said.splitlines()
    return line


def asked_to_train(monkeypatch, *options):
    """Returns the experiment that the options of `train` describe."""
    seen = []

    def train(experiment, run, **_):
        seen.append(experiment)
        raise ValueError("enough")

    monkeypatch.setattr(training, "train", train)
    CliRunner().invoke(cli.app, ["train", *options])
    return seen[0]


def fresh_python(code, **environment):
    """Runs code in a separate Python process, without the log level that the tests set."""
    hidden = (LOG_LEVEL, DEBUG)
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **environment},
    )


def python(code, **environment):
    """Returns what code that succeeds prints: the lines of its output, and its standard error."""
    done = fresh_python(code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr
