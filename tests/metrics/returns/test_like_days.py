"""Like days are those whose volatility is close to that of the latest days."""

import numpy as np
import pytest

from keras_wgan.metrics import windows_after_like_days

RNG = np.random.default_rng(0)
SCALES = np.repeat([1.0, 5.0, 1.0, 5.0, 1.0], 200)
RETURNS = SCALES * RNG.normal(size=1000)


def test_calm_days_are_followed_by_calm_windows_and_wild_ones_by_wild_windows():
    calm = windows_after_like_days(RETURNS, days=5)
    wild = windows_after_like_days(RETURNS[:800], days=5)
    assert calm.std() < 1.5 < 4.5 < wild.std()  # but for windows that reach into the next stretch


def test_a_fifth_of_the_days_counts_and_each_window_is_a_piece_of_history():
    windows = windows_after_like_days(RETURNS, days=60)
    assert len(windows) == np.ceil(0.2 * (1000 - 20 + 1 - 60))
    pieces = np.lib.stride_tricks.sliding_window_view(RETURNS, 60)
    assert (windows[0] == pieces).all(axis=1).any()


def test_a_history_without_a_window_is_refused():
    with pytest.raises(ValueError, match="`days` must be"):
        windows_after_like_days(RETURNS[:70], days=60)
