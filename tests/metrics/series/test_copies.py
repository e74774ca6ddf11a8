"""Near copies of training windows: all of a copy's, none of fresh ones, some of real ones."""

import numpy as np
import pytest

from keras_wgan.metrics import series_copies
from keras_wgan.metrics.series import copies as module

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(500, 2))
WINDOWS = np.lib.stride_tricks.sliding_window_view(ROWS, 8, axis=0).swapaxes(1, 2)


def test_copies_with_a_little_noise_are_found_and_fresh_windows_are_none():
    assert series_copies(WINDOWS, WINDOWS + 0.01 * RNG.normal(size=WINDOWS.shape)).generated == 1.0
    assert series_copies(WINDOWS, RNG.normal(size=(50, 8, 2))).generated == 0.0


def test_data_that_repeats_itself_says_so_of_the_real_windows():
    # A hundred rows come twice: the windows inside have a copy that shares no row with them.
    rows = np.concatenate([ROWS[:100], ROWS])
    windows = np.lib.stride_tricks.sliding_window_view(rows, 8, axis=0).swapaxes(1, 2)
    found = series_copies(windows, RNG.normal(size=(20, 8, 2)))
    assert found.real == pytest.approx(2 * 93 / len(windows), abs=0.01)


def test_the_distances_are_those_of_plain_numpy(monkeypatch):
    monkeypatch.setattr(module, "CELLS", 3 * len(WINDOWS))  # three windows at a time
    made = RNG.normal(size=(7, 8, 2))
    flat, samples = WINDOWS.reshape(len(WINDOWS), -1), made.reshape(7, -1)
    plain = [np.linalg.norm(flat - one, axis=1).min() for one in samples]
    np.testing.assert_allclose(module._nearest(samples, flat), plain)


def test_windows_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"generated.shape=\(3, 9, 2\)"):
        series_copies(WINDOWS, np.zeros((3, 9, 2)))
    with pytest.raises(ValueError, match="at least 16 windows of 8 rows"):
        series_copies(WINDOWS[:15], WINDOWS)
