"""The histogram of daily returns."""

import numpy as np
import pytest

from keras_wgan.metrics import return_moments
from keras_wgan.report import histogram_picture
from keras_wgan.report.plots.returns import histogram_edges

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
            bins = histogram_edges(limit, 100.0 * FAT.std())
            expected, edges = np.histogram(percent, bins=bins, density=True)
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


def test_bins_grow_with_the_return_so_that_rare_days_leave_no_gaps():
    edges = histogram_edges(12.0, 1.0)
    widths = np.diff(edges)
    assert (edges[0], edges[-1]) == pytest.approx((-12.0, 12.0))
    assert edges[len(edges) // 2 - 1] == pytest.approx(-edges[len(edges) // 2])
    assert widths.max() > 10.0 * widths.min()
    history = np.random.default_rng(0).standard_t(4, size=5000)
    counts, _ = np.histogram(history, bins=edges)
    inside = np.flatnonzero(counts)
    assert (counts[inside[0] : inside[-1] + 1] > 0).mean() > 0.95
