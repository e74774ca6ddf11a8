"""Settings of all tests: quiet start-up, a cache folder for each test, and fixed seeds."""

import os

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


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Keeps what tests download or train out of the user's cache."""
    monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def fixed_seeds():
    """Makes layers start from the same weights in every run; nothing in the package needs it."""
    keras.utils.set_random_seed(20170331)  # the day the WGAN-GP paper appeared
