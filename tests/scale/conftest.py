"""Fixtures of the tests of shards: a small run, and quick blocks."""

import pytest

from keras_wgan.experiments import recipes
from keras_wgan.market import scenario_stream

from helpers import tiny_recipes
from helpers.shards import TWO, job_of, offer_small


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Returns the run folder of an untrained market of two assets."""
    path = tmp_path_factory.mktemp("run") / "r"
    return tiny_recipes.untrained_run(path, tiny_recipes.PAIR, TWO)


@pytest.fixture(scope="module", autouse=True)
def small():
    """Offers a tiny recipe, and computes four scenarios at a time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recipes, "RECIPES", recipes.RECIPES)
        patched.setattr(scenario_stream, "BLOCK", scenario_stream.BLOCK)
        offer_small()
        yield


@pytest.fixture
def job(run):
    """Returns ten scenarios of five days."""
    return job_of(run)
