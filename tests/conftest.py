"""Settings of all tests: quiet start-up, a cache folder for each test, and fixed seeds."""

import contextlib
import json
import os
import shutil
from pathlib import Path
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# On tiny arrays threads only wait for each other, most of all with one process a core (`-n 2`).
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
# Tests compile many tiny steps and run each a few times: without optimization JAX compiles them in
# less than half the time.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

import keras
import pytest

from helpers.dots import save_dot

# Whole experiments and commands, of which drawing would take most of the time. That pictures are
# drawn as they should be is tested in report/ and callbacks/, and here by a test of each task.
UNDRAWN = ("benchmarks", "cli", "experiments", "io", "market", "scale", "tuning", "test_docs.py")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Lets Matplotlib save a dot instead of each picture, with fixtures of any scope."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    undrawn = contextlib.nullcontext()
    if folder in UNDRAWN and not item.get_closest_marker("pictures"):
        undrawn = mock.patch("matplotlib.figure.Figure.savefig", save_dot)
    with undrawn:
        return (yield)


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory):
    """Returns what copies the run of an experiment to a path; each experiment is trained once."""
    trained = {}

    def copy(path, spec):
        from keras_wgan.experiments import fit, training
        from keras_wgan.experiments.run import Run

        key = json.dumps(spec.to_config(), sort_keys=True)
        if key not in trained:
            run = Run.create(tmp_path_factory.mktemp("trained") / "run")
            with mock.patch.object(fit, "SCORED", 100):
                assert not training.train(spec, run, verbose=0).interrupted
            trained[key] = run.path
        return Run.open(shutil.copytree(trained[key], path))

    return copy


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Keeps what tests download or train out of the user's cache."""
    monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def fixed_seeds():
    """Makes layers start from the same weights in every run; nothing in the package needs it."""
    keras.utils.set_random_seed(20170331)  # the day the WGAN-GP paper appeared
