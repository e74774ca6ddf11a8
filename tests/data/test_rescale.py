"""Tests of the exact mean and volatility of rescaled returns, and of what stays unchanged."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.data import rescale
from keras_wgan.data.rescale import anchor, anchor_of
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.metrics import return_moments

RETURNS = 0.01 * np.random.default_rng(0).standard_t(4, size=(150, 30)) + 0.002


@pytest.mark.parametrize("shape", [(4500,), (150, 30), (150, 30, 1)])
def test_mean_and_volatility_are_exactly_those_asked_for(shape):
    anchored = anchor(RETURNS.reshape(shape), mean=0.0003, volatility=0.0125)
    assert anchored.shape == shape
    assert anchored.mean() == pytest.approx(0.0003, rel=1e-12)
    assert anchored.std() == pytest.approx(0.0125, rel=1e-13)


def test_three_returns_are_moved_and_stretched_as_by_hand():
    # Mean 0.02 and standard deviation 0.01 * sqrt(2 / 3) become 0.01 and three times as much.
    volatility = 0.03 * np.sqrt(2.0 / 3.0)
    anchored = anchor([0.01, 0.02, 0.03], mean=0.01, volatility=volatility)
    np.testing.assert_allclose(anchored, [-0.02, 0.01, 0.04], rtol=1e-12)


def test_what_is_not_asked_for_stays():
    moved = anchor(RETURNS, mean=-0.001)
    assert moved.mean() == pytest.approx(-0.001, rel=1e-12)
    assert moved.std() == pytest.approx(RETURNS.std(), rel=1e-13)
    stretched = anchor(RETURNS, volatility=0.02)
    assert stretched.mean() == pytest.approx(RETURNS.mean(), rel=1e-12)
    assert stretched.std() == pytest.approx(0.02, rel=1e-13)
    np.testing.assert_allclose(anchor(RETURNS), RETURNS, rtol=0, atol=1e-17)


def test_shape_and_dependence_are_untouched():
    anchored = anchor(RETURNS, mean=0.0, volatility=0.0125)
    before, after = return_moments(RETURNS - RETURNS.mean()), return_moments(anchored)
    np.testing.assert_allclose(after.acf, before.acf, atol=1e-13)
    np.testing.assert_allclose(after.acf_abs, before.acf_abs, atol=1e-13)
    assert after.skew == pytest.approx(before.skew, rel=1e-10)
    assert after.excess_kurtosis == pytest.approx(before.excess_kurtosis, rel=1e-10)
    assert scipy.stats.spearmanr(RETURNS.ravel(), anchored.ravel()).statistic == pytest.approx(1.0)


def test_a_large_mean_and_a_tiny_volatility_are_still_exact():
    anchored = anchor(1000.0 + 1e-3 * RETURNS, mean=0.0, volatility=1e-5)
    assert abs(anchored.mean()) < 1e-19
    assert anchored.std() == pytest.approx(1e-5, rel=1e-13)


def test_the_given_returns_are_not_changed():
    given = RETURNS.copy()
    anchor(given, mean=0.0, volatility=0.1)
    np.testing.assert_array_equal(given, RETURNS)


def test_returns_on_disk_are_anchored_exactly_a_block_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(rescale, "NUMBERS", 31)
    with ArrayOnDisk(tmp_path) as on_disk:
        on_disk.append(1000.0 + 1e-3 * RETURNS)
        change = anchor_of(on_disk, mean=0.0, volatility=1e-5)
        anchored = np.concatenate(
            [change(on_disk[first : first + 7]) for first in range(0, 150, 7)]
        )
    expected = anchor(1000.0 + 1e-3 * RETURNS, mean=0.0, volatility=1e-5)
    np.testing.assert_allclose(anchored, expected, rtol=1e-9, atol=1e-18)
    assert anchored.std() == pytest.approx(1e-5, rel=1e-13)


@pytest.mark.parametrize(
    ("returns", "asked", "message"),
    [
        ([], {}, r"`returns` must be finite and not empty. Received: returns.shape=\(0,\)"),
        ([0.1, np.nan], {}, "1 of them NaN or infinite"),
        ([0.1, 0.2], {"mean": np.inf}, "`mean` must be a finite.* Received: mean=inf"),
        ([0.1, 0.2], {"volatility": 0.0}, "`volatility` must be .* Received: volatility=0.0"),
        ([0.1, 0.1], {"volatility": 0.1}, "`returns` must vary, .* Received: 2 returns of 0.1"),
    ],
)
def test_what_cannot_be_anchored_is_refused_by_name(returns, asked, message):
    with pytest.raises(ValueError, match=message):
        anchor(returns, **asked)
