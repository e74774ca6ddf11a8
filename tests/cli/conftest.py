"""Fixtures of the tests of the command line: tiny recipes, and one finished run."""

import shutil

import pytest

from keras_wgan.callbacks import samples
from keras_wgan.experiments import fit, training
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks import pictures
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.console import DEBUG
from keras_wgan.tuning import search_folder

from helpers import tiny_recipes


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    """Offers the tiny recipes, draws few pictures of them, and works in an empty folder."""
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setenv(DEBUG, "")  # restored after a test that calls `--debug`
    monkeypatch.setattr(fit, "PICTURES_IN_A_RUN", 1)
    monkeypatch.setattr(fit, "SCORED", 100)
    monkeypatch.setattr(Returns, "evaluated", 100)
    tiny_recipes.skip_drawing(monkeypatch, samples, pictures, search_folder)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Trains one epoch of the tiny returns, once for all tests that only look at the run."""
    path = tmp_path_factory.mktemp("finished") / "r"
    recipe = tiny_recipes.RETURNS.with_settings({"epochs": 1})
    with pytest.MonkeyPatch.context() as patched:
        tiny_recipes.skip_drawing(patched, samples)
        training.train(ExperimentSpec(recipe, tiny_recipes.SHORT, 0), Run.create(path), verbose=0)
    return path


@pytest.fixture
def r(finished, tmp_path):
    """Puts a copy of that run into the working folder, as `r`."""
    return shutil.copytree(finished, tmp_path / "r")
