"""The curves of both tails show the shares of days."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.report.plots.tails import exceedance, tails_picture

RNG = np.random.default_rng(0)
REAL = 0.01 * RNG.standard_t(4, size=(150, 30))
GENERATED = 0.02 * RNG.normal(size=(200, 30))


def test_exceedance_counts_all_values_and_keeps_those_above_zero():
    sizes, shares = exceedance(np.array([3.0, -1.0, 1.0, 0.0, 2.0]))
    assert sizes.tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_allclose(shares, [0.6, 0.4, 0.2])


def test_many_values_are_thinned_but_keep_their_shares_and_their_largest():
    values = RNG.normal(size=100_000)
    sizes, shares = exceedance(values)
    assert len(sizes) <= 600
    assert sizes[-1] == values.max()
    for size, share in zip(sizes[::50], shares[::50], strict=True):
        assert share == np.mean(values >= size)


@pytest.mark.parametrize(("panel", "sign"), [(0, -1.0), (1, 1.0)])
def test_falls_stand_left_and_rises_right_in_percent(panel, sign):
    axes = tails_picture(REAL, GENERATED[..., None]).axes[panel]
    for line, windows in zip(axes.lines[:2], (REAL, GENERATED), strict=True):
        sizes, shares = exceedance(sign * 100.0 * windows.ravel())
        np.testing.assert_allclose(line.get_xdata(), sizes, rtol=1e-12)
        np.testing.assert_allclose(line.get_ydata(), shares, rtol=1e-12)
    normal = scipy.stats.norm(100.0 * sign * REAL.mean(), 100.0 * REAL.std())
    dashed = axes.lines[2]
    np.testing.assert_allclose(dashed.get_ydata(), normal.sf(dashed.get_xdata()), rtol=1e-9)


def test_the_frame_holds_every_real_day_and_both_panels_share_it():
    falls, rises = tails_picture(REAL, GENERATED * 100.0).axes
    assert falls.get_xlim() == rises.get_xlim()
    assert falls.get_ylim() == rises.get_ylim()
    assert falls.get_xlim()[1] == pytest.approx(150.0 * np.abs(REAL).max())
    assert falls.get_ylim()[0] < 1.0 / REAL.size
    assert (falls.get_xscale(), falls.get_yscale()) == ("log", "log")


def test_a_collapsed_generator_without_falls_leaves_its_curve_empty():
    falls, rises = tails_picture(REAL, np.full((120, 30), 0.01)).axes
    assert len(falls.lines[1].get_xdata()) == 0
    assert set(np.asarray(rises.lines[1].get_xdata())) == {1.0}


def test_constant_real_returns_are_refused():
    with pytest.raises(ValueError, match="`real` must vary"):
        tails_picture(np.full((120, 30), 0.01), GENERATED)
