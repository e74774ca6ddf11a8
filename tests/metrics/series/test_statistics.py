"""The statistics of windows of series against closed forms and plain NumPy."""

import numpy as np
import pytest

from keras_wgan.metrics import series_statistics

RNG = np.random.default_rng(0)


def windows_of(rows, window):
    """Returns all windows of a table."""
    return np.lib.stride_tricks.sliding_window_view(rows, window, axis=0).swapaxes(1, 2)


def test_the_autocorrelation_of_a_sine_is_a_cosine():
    wave = np.sin(2 * np.pi * np.arange(10_000) / 10)[:, np.newaxis]
    found = series_statistics(windows_of(wave, 20)).values.autocorrelation[:, 0]
    np.testing.assert_allclose(found, np.cos(2 * np.pi * np.arange(1, 11) / 10), atol=1e-3)


def test_the_autocorrelation_of_an_autoregression_falls_geometrically():
    shocks, level, path = RNG.normal(size=200_000), 0.0, []
    for shock in shocks:
        level = 0.8 * level + shock
        path.append(level)
    found = series_statistics(windows_of(np.array(path)[:, np.newaxis], 8))
    np.testing.assert_allclose(
        found.values.autocorrelation[:, 0], 0.8 ** np.arange(1, 5), atol=0.02
    )
    # Steps of an AR(1): the autocorrelation at lag 1 is (phi - 1) / 2.
    assert found.steps.autocorrelation[0, 0] == pytest.approx(-0.1, abs=0.01)


def test_correlations_are_those_of_numpy():
    windows = RNG.normal(size=(50, 6, 3)) @ RNG.normal(size=(3, 3))
    found = series_statistics(windows)
    np.testing.assert_allclose(
        found.values.correlation, np.corrcoef(windows.reshape(-1, 3).T), atol=1e-12
    )
    steps = np.diff(windows, axis=1).reshape(-1, 3)
    np.testing.assert_allclose(found.steps.correlation, np.corrcoef(steps.T), atol=1e-12)
    np.testing.assert_allclose(found.steps.deviation, steps.std(axis=0))


def test_a_window_that_stays_far_from_the_mean_counts_as_slow_and_not_as_constant():
    windows = np.repeat(RNG.normal(size=(500, 1, 1)), 8, axis=1)
    found = series_statistics(windows)
    np.testing.assert_allclose(found.values.autocorrelation, 1.0)
    np.testing.assert_array_equal(found.steps.autocorrelation, 0.0)
    np.testing.assert_array_equal(found.steps.correlation, 0.0)


@pytest.mark.parametrize("shape", [(5, 3, 2), (5, 8), (0, 8, 2)])
def test_windows_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="`windows` must have the shape"):
        series_statistics(np.zeros(shape))
