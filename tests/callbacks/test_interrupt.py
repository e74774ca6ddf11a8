"""Ctrl-C stops training between two batches."""

import copy
import signal

import pytest

from keras_wgan.callbacks.interrupt import GracefulInterrupt


@pytest.fixture
def interruptible():
    """Lets Ctrl-C raise as it does in a terminal; what a shell runs with `&` ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_second_ctrl_c_stops_at_once(interruptible):
    with pytest.raises(KeyboardInterrupt), GracefulInterrupt() as ctrl_c:
        signal.raise_signal(signal.SIGINT)
        assert ctrl_c.asked
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_while_an_epoch_is_measured_stops_after_that_epoch():
    with pytest.raises(KeyboardInterrupt), GracefulInterrupt() as ctrl_c:
        ctrl_c.on_epoch_end(0)
        signal.raise_signal(signal.SIGINT)
        ctrl_c.on_epoch_end(1)


def test_ctrl_c_reaches_the_copies_that_a_search_makes_of_its_callbacks():
    with GracefulInterrupt() as ctrl_c:
        assert copy.deepcopy([ctrl_c]) == [ctrl_c]
