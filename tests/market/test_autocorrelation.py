"""Tests of the autocorrelation that a history has all along."""

import numpy as np
import pytest
from scipy import stats

from keras_wgan.market.autocorrelation import (
    own_autocorrelations,
    shared_autocorrelation,
    smoothed,
    unsmoothed,
)

from helpers.returns import smoothed_assets


def test_an_autocorrelation_is_shared_as_far_as_every_fifth_has_it():
    turning, lasting = np.tile([1.0, -1.0], 100), np.tile([1.0, 1.0, 1.0, 1.0, -1.0] * 2, 20)
    assert shared_autocorrelation(np.tile(turning, 5)) == pytest.approx(-1.0, abs=0.006)
    expected = stats.spearmanr(lasting[:-1], lasting[1:]).statistic
    assert shared_autocorrelation(np.tile(lasting, 5)) == pytest.approx(expected, abs=0.006)
    assert shared_autocorrelation(np.concatenate([np.tile(turning, 4), lasting])) == (
        pytest.approx(expected, abs=0.006)  # the smallest of five, all negative
    )
    begun = np.concatenate([np.full(77, np.nan), np.tile(lasting, 5)])
    assert shared_autocorrelation(begun) == shared_autocorrelation(np.tile(lasting, 5))
    rising = np.concatenate([np.tile(turning, 4), np.arange(200.0)])
    assert shared_autocorrelation(rising) == 0.0


def test_autocorrelations_are_those_that_every_fifth_of_an_asset_has():
    days = smoothed_assets([0.5, -0.2, 0.0])
    days[: 2 * len(days) // 5, 0] *= np.tile([-1.0, 1.0], len(days) // 5)  # .5 becomes -.5
    assert own_autocorrelations(days) == pytest.approx([0.0, -0.2, 0.0], abs=0.05)
    days[: 2 * len(days) // 5, 0] = np.nan  # before the asset begins
    # The smallest of five, of 600 days each, is below that of all.
    assert own_autocorrelations(days)[0] == pytest.approx(0.46, abs=0.05)


def test_an_autocorrelation_near_one_is_bounded():
    assert own_autocorrelations(smoothed_assets([0.99, -0.9])) == pytest.approx([0.8, -0.3])


def test_unsmoothed_days_are_the_shocks():
    days = smoothed_assets([0.5, -0.2])
    shocks = unsmoothed(days, np.array([0.5, -0.2]))
    assert np.corrcoef(shocks.T)[0, 1] == pytest.approx(0.5, abs=0.03)
    assert [np.corrcoef(each[1:], each[:-1])[0, 1] for each in shocks.T] == pytest.approx(
        [0.0, 0.0], abs=0.03
    )


def test_smoothing_brings_back_what_was_unsmoothed():
    days = smoothed_assets([0.5])
    news = unsmoothed(days, np.array([0.5]))
    again = smoothed(news[1:].T, 0.5, before=days[0])
    np.testing.assert_allclose(again[0], days[1:, 0], atol=1e-12)
