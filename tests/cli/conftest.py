"""Fixtures of the tests of the command line: tiny recipes, and one finished run."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_wgan.experiments import fit
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.console import DEBUG

from helpers import tiny_recipes
from helpers.commands import trained


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    """Offers the tiny recipes, draws few pictures of them, and works in an empty folder."""
    make_tiny(monkeypatch)
    monkeypatch.chdir(tmp_path)


def make_tiny(monkeypatch):
    """Offers the tiny recipes, and measures few samples of them."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setenv(DEBUG, "")  # restored after a test that calls `--debug`
    monkeypatch.setattr(fit, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fit, "SCORED", 100)
    monkeypatch.setattr(Returns, "evaluated", 100)


@pytest.fixture(scope="session")
def finished(tmp_path_factory, trained_run):
    """Trains one epoch of the tiny returns, once for all tests that only look at the run."""
    path = tmp_path_factory.mktemp("finished") / "r"
    recipe = tiny_recipes.RETURNS.with_settings({"epochs": 1})
    return trained_run(path, ExperimentSpec(recipe, tiny_recipes.SHORT, 0)).path


@dataclass(frozen=True)
class Training:
    """What a training on the command line printed, and its folder."""

    output: str
    folder: Path


@pytest.fixture(scope="session")
def first_training(tmp_path_factory):
    """Trains three epochs on the command line, once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patched:
        make_tiny(patched)
        patched.chdir(folder)
        output = trained("--seed", "3", "--epochs", "3", "--precision", "float32")
    return Training(output, folder / "runs" / "tiny-returns")


@pytest.fixture
def r(finished, tmp_path):
    """Puts a copy of that run into the working folder, as `r`."""
    return shutil.copytree(finished, tmp_path / "r")
