"""The scores of series: known distances, floors between two halves, and one mean ratio."""

import math

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from keras_wgan.metrics import SeriesReference, SeriesScore, series_distance
from keras_wgan.metrics.series.blocks import alternating_halves, thinned

RNG = np.random.default_rng(1)
WINDOW = 8
WALK = np.cumsum(RNG.normal(size=(2000, 2)), axis=0) % 50.0
REAL = SeriesReference.of(WALK, WINDOW)
WINDOWS = np.lib.stride_tricks.sliding_window_view(WALK, WINDOW, axis=0).swapaxes(1, 2)


def by_name(windows, real=REAL):
    """Returns scores by their names."""
    return {score.name: score for score in real.scores(windows)}


def test_the_real_windows_themselves_score_zero_everywhere():
    scores = REAL.scores(WINDOWS)
    assert [score.columns for score in scores] == [(0.0, 0.0)] * 6
    assert series_distance(scores) == 0.0


def test_a_shift_changes_the_values_by_its_size_and_nothing_else():
    found = by_name(WINDOWS + np.array([3.0, 0.0]))
    spread = WINDOWS[:, :, 0].std()
    assert found["values"].columns == pytest.approx((3.0 / spread, 0.0))
    others = [score.columns for name, score in found.items() if name != "values"]
    np.testing.assert_allclose(others, 0.0, atol=1e-9)


def test_the_distance_of_values_is_the_wasserstein_distance():
    made = RNG.normal(20.0, 5.0, size=(300, WINDOW, 2))
    expected = [
        wasserstein_distance(WINDOWS[:, :, at].ravel(), made[:, :, at].ravel())
        / WINDOWS[:, :, at].std()
        for at in (0, 1)
    ]
    np.testing.assert_allclose(by_name(made)["values"].columns, expected, rtol=0.01)


def test_rows_in_random_order_lose_their_memory_and_keep_values_and_correlation():
    found = by_name(RNG.permutation(WINDOWS.reshape(-1, 2)).reshape(WINDOWS.shape))
    assert found["values"].columns == pytest.approx((0.0, 0.0), abs=1e-9)
    assert found["correlation"].columns == pytest.approx((0.0, 0.0), abs=1e-9)
    assert min(found["autocorrelation"].columns) > 0.4


def test_a_mirrored_column_is_seen_by_correlations_alone():
    rows = RNG.normal(size=(2000, 1)) + 0.5 * RNG.normal(size=(2000, 2))
    rows -= rows.mean(axis=0)
    real = SeriesReference.of(rows, WINDOW)
    windows = np.lib.stride_tricks.sliding_window_view(rows, WINDOW, axis=0).swapaxes(1, 2)
    found = by_name(windows * np.array([1.0, -1.0]), real)
    correlation = np.corrcoef(windows.reshape(-1, 2).T)[0, 1]
    assert found["correlation"].columns == pytest.approx((2 * correlation,) * 2)
    assert found["autocorrelation"].columns == pytest.approx((0.0, 0.0), abs=1e-9)


def test_another_draw_of_the_same_process_is_near_the_floor_and_another_process_far():
    rows = np.random.default_rng(2).normal(size=(4000, 2))
    real = SeriesReference.of(rows, WINDOW)
    fresh = np.random.default_rng(3).normal(size=(1000, WINDOW, 2))
    assert series_distance(real.scores(fresh)) < 1.5
    assert series_distance(real.scores(2.0 * fresh)) > 5.0


def test_one_column_has_no_pairs_and_no_scores_of_them():
    found = SeriesReference.of(WALK[:, :1], WINDOW).scores(WINDOWS[:, :, :1])
    assert [score.name for score in found] == [
        "values",
        "steps",
        "autocorrelation",
        "step autocorrelation",
    ]


def test_a_column_with_a_high_floor_hides_no_other():
    score = SeriesScore("values", (4.0, 0.31), (5.0, 0.05))
    assert score.ratios == pytest.approx((0.8, 6.2))
    assert (score.ratio, score.furthest) == (pytest.approx(3.5), 1)


def test_a_floor_of_zero_is_reached_by_zero_alone():
    assert SeriesScore("steps", (0.0,), (0.0,)).ratio == 1.0
    assert SeriesScore("steps", (0.1,), (0.0,)).ratio == math.inf


@pytest.mark.parametrize("length", [64, 100, 400, 1003])
def test_no_window_of_one_half_shares_a_row_with_one_of_the_other(length):
    rows = np.arange(float(length))[:, np.newaxis]
    pairs = list(alternating_halves(rows, WINDOW))
    assert 4 <= len(pairs) <= 16
    for one, other in pairs:
        assert not set(one.ravel()) & set(other.ravel())
        assert set(one.ravel()) | set(other.ravel()) <= set(rows.ravel())
        assert len(one) + len(other) >= (length - WINDOW) // 3
        assert 0.6 < len(one) / len(other) < 1.6
        np.testing.assert_array_equal(np.diff(one, axis=1), 1.0)


@pytest.mark.parametrize("windows", [2.0, 2.7, 4.0, 5.5, 8.0, 11.3, 16.0, 24.0, 40.0])
def test_the_floor_of_a_season_is_low_and_half_of_the_season_is_far_from_it(windows):
    period = windows * WINDOW
    phase = 2.0 * np.pi * np.arange(max(int(10 * period), 200 * WINDOW)) / period
    rows = np.column_stack([10.0 + 8.0 * np.sin(phase), 5.0 * np.cos(phase)])
    rows += np.random.default_rng(0).normal(size=rows.shape)
    real = SeriesReference.of(rows, WINDOW)
    assert max(real.floors["values"]) < 0.2
    every = np.lib.stride_tricks.sliding_window_view(rows, WINDOW, axis=0).swapaxes(1, 2)
    middle = 2.0 * np.pi * (np.arange(len(every)) + 0.5 * (WINDOW - 1)) / period
    days = by_name(every[np.sin(middle) > 0.0], real)["values"]
    assert days.ratio > 5.0


def test_windows_at_random_places_of_more_of_the_same_season_are_good_in_every_score():
    phase = 2.0 * np.pi * np.arange(20000) / (12.0 * WINDOW)
    rows = np.column_stack([8.0 * np.sin(phase), 5.0 * np.cos(phase)])
    rows += 0.1 * np.random.default_rng(0).normal(size=rows.shape)
    starts = np.random.default_rng(1).integers(4000, len(rows) - WINDOW, size=2000)
    more = rows[starts[:, np.newaxis] + np.arange(WINDOW)]
    scores = SeriesReference.of(rows[:4000], WINDOW).scores(more)
    assert max(max(score.ratios) for score in scores) < 2.0


def test_the_floor_of_noise_is_the_distance_of_two_draws_of_half_its_size():
    found, expected = [], []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        real = SeriesReference.of(rng.normal(size=(1600, 2)), WINDOW)
        found.append(np.mean(real.floors["values"]))
        expected += [np.mean([wasserstein_distance(*rng.normal(size=(2, 800))) for _ in range(50)])]
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=0.15)


def test_a_table_too_short_for_two_blocks_of_each_half_is_refused():
    with pytest.raises(ValueError, match=r"at least 64 rows.*Received: rows.shape=\(63, 1\)"):
        SeriesReference.of(np.arange(63.0)[:, np.newaxis], WINDOW)


@pytest.mark.parametrize("shape", [(5, 9, 2), (5, 7, 2), (5, 8, 1), (5, 8, 3)])
def test_windows_of_another_length_or_number_of_columns_are_refused(shape):
    with pytest.raises(ValueError, match=r"as many rows and columns as the real ones.*shape=\(5"):
        REAL.scores(np.ones(shape))


def test_of_many_windows_evenly_spaced_ones_are_taken():
    assert thinned(np.arange(11.0), 6).tolist() == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert thinned(np.arange(3.0), 6).tolist() == [0.0, 1.0, 2.0]
