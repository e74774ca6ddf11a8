"""The histogram of daily returns, and their autocorrelations as bars."""

import numpy as np
import pytest

from keras_wgan.metrics import return_moments
from keras_wgan.report import histogram_picture, moments_picture

RNG = np.random.default_rng(0)
FAT = 0.01 * RNG.standard_t(4, size=(150, 30))
THIN = 0.02 * RNG.normal(size=(200, 30))
CONSTANT = np.full((120, 30), 0.001)


def outlines_of(axes):
    return [patch.get_data() for patch in axes.patches if patch.get_label().startswith(("R", "G"))]


def test_the_histogram_is_the_density_over_the_same_bins_in_both_panels():
    center, tails = histogram_picture(FAT, THIN[..., None]).axes
    limit = 125.0 * np.abs(FAT).max()
    for axes in (center, tails):
        for outline, windows in zip(outlines_of(axes), (FAT, THIN), strict=True):
            percent = np.clip(100.0 * windows.ravel(), -limit, limit)
            expected, edges = np.histogram(percent, bins=161, range=(-limit, limit), density=True)
            np.testing.assert_allclose(outline.edges, edges, rtol=1e-9)
            np.testing.assert_allclose(outline.values, expected, rtol=1e-9)
    assert (center.get_yscale(), tails.get_yscale()) == ("linear", "log")
    assert tails.get_xlim() == pytest.approx((-limit, limit))


def test_the_log_scale_shows_a_single_real_day():
    tails = histogram_picture(FAT, THIN).axes[1]
    values = outlines_of(tails)[0].values
    assert tails.get_ylim()[0] < values[values > 0].min()


def test_the_reference_line_is_the_normal_density_of_the_real_returns():
    import scipy.stats

    line = histogram_picture(FAT, THIN).axes[0].lines[0]
    normal = scipy.stats.norm(100.0 * FAT.mean(), 100.0 * FAT.std())
    np.testing.assert_allclose(line.get_ydata(), normal.pdf(line.get_xdata()), rtol=1e-9)


def test_the_legend_says_std_kurtosis_and_days_beyond_the_frame():
    figure = histogram_picture(FAT, 100.0 * THIN)
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    moments = return_moments(FAT)
    beyond = np.sum(np.abs(100.0 * THIN) > 1.25 * np.abs(FAT).max())
    assert texts[0] == (
        f"Real: std {100 * moments.std:.2f}%, excess kurtosis {moments.excess_kurtosis:.2f}"
    )
    assert texts[1].endswith(f"({beyond:,} days beyond the frame)")


def test_a_collapsed_generator_does_not_squash_the_real_histogram():
    figure = histogram_picture(FAT, CONSTANT)
    peak = outlines_of(figure.axes[0])[0].values.max()
    assert figure.axes[0].get_ylim() == pytest.approx((0.0, 3.3 * peak))
    assert figure.legends[0].get_texts()[1].get_text().endswith("excess kurtosis undefined")


def test_constant_real_returns_are_refused_by_the_histogram():
    with pytest.raises(ValueError, match="`real` must vary"):
        histogram_picture(CONSTANT, FAT)


def test_bars_are_the_autocorrelations_real_next_to_generated():
    real, generated = return_moments(FAT), return_moments(THIN)
    axes = moments_picture(real, generated).axes
    for panel, name in zip(axes, ("acf", "acf_abs"), strict=True):
        left, right = panel.containers
        for bars, moments, shift in ((left, real, -0.2), (right, generated, 0.2)):
            heights = [bar.get_height() for bar in bars]
            centers = [bar.get_x() + 0.5 * bar.get_width() for bar in bars]
            np.testing.assert_array_equal(heights, getattr(moments, name))
            np.testing.assert_allclose(centers, np.arange(1, 21) + shift)
    assert axes[0].get_ylim() == axes[1].get_ylim()


def test_an_undefined_autocorrelation_is_named_in_the_legend():
    figure = moments_picture(return_moments(FAT), return_moments(CONSTANT))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["Real", "Generated (undefined: never varies)"]
