"""A training that is killed at random leaves complete files and ends like an uninterrupted one."""

import keras
import numpy as np
import pytest

from long.killing import Server, kill_often, largest_difference, train

pytestmark = pytest.mark.slow

EPOCHS = 16


@pytest.fixture(scope="module")
def server():
    """Returns the server that starts the command line in separate processes."""
    started = Server()
    yield started
    started.close()


def test_a_training_killed_by_three_signals_loses_nothing_and_ends_the_same(tmp_path, server):
    whole, run = tmp_path / "whole", tmp_path / "run"
    train(server, whole, EPOCHS)
    assert server.end() == 0
    rng = np.random.default_rng(20261124)
    kills = kill_often(server, run, epochs=EPOCHS, kills=3, rng=rng, longest=3.0)
    assert [kill.number.name for kill in kills] == ["SIGKILL", "SIGTERM", "SIGINT"]
    exact = keras.backend.backend() == "tensorflow"
    assert largest_difference(whole, run) <= (0.0 if exact else 1e-6)
