"""Real and generated paths: prices and rolling volatility."""

import numpy as np
import pytest

from keras_wgan.report import price_and_volatility_picture
from keras_wgan.report.plots.style import GENERATED, REAL

RNG = np.random.default_rng(0)
FAT = 0.01 * RNG.standard_t(4, size=(150, 30))
THIN = 0.02 * RNG.normal(size=(200, 30))
CONSTANT = np.full((120, 30), 0.001)


def test_prices_compound_the_returns_of_evenly_spaced_windows():
    axes = price_and_volatility_picture(FAT, THIN, 1234.0, paths=3).axes
    for panel, windows, color in ((axes[0], FAT, REAL), (axes[1], THIN, GENERATED)):
        shown = (0, round((len(windows) - 1) / 2), len(windows) - 1)
        assert len(panel.lines) == 3
        for line, index in zip(panel.lines, shown, strict=True):
            expected = [1234.0 * np.exp(windows[index, :day].sum()) for day in range(31)]
            np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-12)
            assert line.get_xdata().tolist() == list(range(31))
            assert line.get_color() == color


def test_volatility_is_the_annual_percent_of_the_last_twenty_days():
    panel = price_and_volatility_picture(FAT, THIN, 100.0, paths=1).axes[2]
    (line,) = panel.lines
    expected = [
        100.0 * np.sqrt(252.0) * np.std(FAT[0, day - 20 : day], ddof=1) for day in range(20, 31)
    ]
    np.testing.assert_allclose(line.get_ydata(), expected, rtol=1e-9)
    assert line.get_xdata().tolist() == list(range(20, 31))


def test_the_band_is_the_middle_ninety_percent_of_all_windows():
    panel = price_and_volatility_picture(FAT, THIN, 100.0).axes[0]
    vertices = panel.collections[0].get_paths()[0].vertices
    last_day = vertices[vertices[:, 0] == 30.0, 1]
    ends = 100.0 * np.exp(FAT.sum(axis=1))
    np.testing.assert_allclose([last_day.min(), last_day.max()], np.quantile(ends, [0.05, 0.95]))


def test_real_and_generated_share_their_axes():
    prices, generated_prices, wild, generated_wild = price_and_volatility_picture(
        FAT, THIN, 100.0
    ).axes
    assert prices.get_ylim() == generated_prices.get_ylim()
    assert wild.get_ylim() == generated_wild.get_ylim()
    assert prices.get_xlim() == generated_wild.get_xlim()


def test_windows_without_twenty_one_days_have_prices_only():
    assert len(price_and_volatility_picture(FAT[:, :20], THIN, 100.0).axes) == 2
    assert len(price_and_volatility_picture(FAT[:, :21], THIN, 100.0).axes) == 4


def test_a_diverged_generator_does_not_squash_the_real_prices():
    axes = price_and_volatility_picture(FAT, THIN * 1e30, 100.0).axes
    drawn = np.concatenate([line.get_ydata() for line in axes[0].lines])
    low, high = axes[0].get_ylim()
    assert low < drawn.min()
    assert drawn.max() < high < 1000.0
    assert [text.get_text() for text in axes[3].texts] == ["Far beyond the frame"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start_price": 0.0}, r"`start_price` must be .* Received: start_price=0\.0"),
        ({"start_price": np.nan}, "`start_price` must be .* Received: start_price=nan"),
        ({"paths": 0}, "`paths` must be a whole number of at least 1. Received: paths=0"),
        ({"real": FAT[0]}, r"`real` must have the shape .*real\.shape=\(30,\)"),
        ({"generated": FAT * np.inf}, "`generated` must be finite"),
    ],
)
def test_unusable_scenarios_are_refused_by_name(changed, message):
    arguments = {"real": FAT, "generated": THIN, "start_price": 100.0, **changed}
    with pytest.raises(ValueError, match=message):
        price_and_volatility_picture(**arguments)
