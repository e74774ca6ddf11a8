"""Drawdowns and volatilities of windows agree with plain loops."""

import numpy as np
import pytest

from keras_wgan.report.plots.drawdown import drawdown_and_volatility_picture, worst_falls

RNG = np.random.default_rng(0)
REAL = 0.01 * RNG.standard_t(4, size=(150, 30))
GENERATED = 0.02 * RNG.normal(size=(200, 30))


def test_the_worst_fall_is_that_from_the_highest_price_so_far():
    # 100, 120, 60, 90, 45: from 120 to 45. Then straight up. Then 90 from the start.
    windows = np.log([[1.2, 0.5, 1.5, 0.5], [1.1, 1.1, 1.1, 1.1], [0.9, 1.05, 1.0, 1.0]])
    np.testing.assert_allclose(worst_falls(windows), [62.5, 0.0, 10.0], atol=1e-12)


def test_the_curve_of_falls_is_the_share_of_windows_at_least_as_deep():
    deep, _ = drawdown_and_volatility_picture(REAL, GENERATED[..., None]).axes
    for line, windows in zip(deep.lines, (REAL, GENERATED), strict=True):
        falls = []
        for window in windows:
            prices = np.exp(np.cumsum(np.append(0.0, window)))
            falls.append(max(1 - prices[j] / prices[: j + 1].max() for j in range(len(prices))))
        depths, shares = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        np.testing.assert_allclose(depths, 100.0 * np.sort(falls), rtol=1e-9)
        assert shares[10] == np.mean(depths >= depths[10])
        quantiles = 100.0 * np.quantile(falls, [0.5, 0.95])
        expected = f"median {quantiles[0]:.1f}%, 1 in 20 beyond {quantiles[1]:.1f}%"
        assert line.get_label().endswith(expected)


def test_the_histogram_holds_every_window_by_its_yearly_volatility():
    _, wild = drawdown_and_volatility_picture(REAL, 100.0 * GENERATED).axes
    filled, real, generated = (patch.get_data() for patch in wild.patches)
    volatilities = 100.0 * np.sqrt(252.0) * np.std(REAL, axis=1)
    expected, _ = np.histogram(volatilities, bins=real.edges)
    np.testing.assert_allclose(real.values, expected / 150)
    np.testing.assert_array_equal(filled.values, real.values)
    assert real.edges[0] < volatilities.min()
    assert real.edges[-1] > volatilities.max()
    assert generated.values[-1] == 1.0  # far beyond the frame, and counted at its edge


def test_a_collapsed_generator_is_counted_in_the_lowest_bin():
    deep, wild = drawdown_and_volatility_picture(REAL, np.full((120, 30), 0.001)).axes
    assert wild.patches[2].get_data().values[0] == 1.0
    assert set(deep.lines[1].get_xdata()) == {0.0}


def test_a_real_window_of_a_closed_market_counts_in_the_calmest_bin():
    windows = REAL.copy()
    windows[7] = 0.0
    _, still = drawdown_and_volatility_picture(windows, GENERATED).axes
    _, wild = drawdown_and_volatility_picture(np.delete(REAL, 7, axis=0), GENERATED).axes
    counts = still.patches[0].get_data().values * len(REAL)
    others = wild.patches[0].get_data().values * (len(REAL) - 1)
    assert counts[0] == pytest.approx(others[0] + 1)
    np.testing.assert_allclose(counts[1:], others[1:], atol=1e-9)


def test_real_windows_that_never_vary_at_all_are_refused():
    with pytest.raises(ValueError, match="`real` must vary, or there is no volatility to draw"):
        drawdown_and_volatility_picture(np.zeros_like(REAL), GENERATED)
