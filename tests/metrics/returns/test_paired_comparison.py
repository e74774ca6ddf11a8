"""The standard errors of paired comparisons against simulations and by hand."""

import numpy as np
import pytest

from keras_wgan.metrics import paired_comparison

RNG = np.random.default_rng(0)


def test_two_equal_forecasters_have_no_difference_and_a_ratio_of_one():
    scores = RNG.gamma(2.0, size=100)
    found = paired_comparison(scores, scores, lag=4)
    assert (found.difference, found.standard_error) == (0.0, 0.0)
    assert (found.ratio, found.ratio_error) == (1.0, 0.0)


def test_the_error_of_independent_scores_is_the_usual_one():
    ours, theirs = RNG.normal(size=(2, 50))
    found = paired_comparison(ours, theirs, lag=0)
    assert found.standard_error == pytest.approx((ours - theirs).std() / np.sqrt(50), rel=1e-12)


def test_newey_and_wests_error_of_five_differences_by_hand():
    # Centered differences 2, 1, 0, -1, -2: autocovariances 10, 4, -1 times 1/5.
    found = paired_comparison([2.0, 1.0, 0.0, -1.0, -2.0], np.zeros(5), lag=2)
    variance = 10 + 2 * (2 / 3) * 4 + 2 * (1 / 3) * -1
    assert found.standard_error == pytest.approx(np.sqrt(variance) / 5, rel=1e-12)
    assert np.isnan(found.ratio) and np.isnan(found.ratio_error)


def test_the_error_of_overlapping_scores_is_about_that_of_many_repeats():
    noise = RNG.normal(size=(800, 503))
    overlapping = (noise[:, :-3] + noise[:, 1:-2] + noise[:, 2:-1] + noise[:, 3:]) / 4
    true = overlapping.mean(axis=1).std()
    errors = [
        paired_comparison(row, np.zeros(500), lag=8).standard_error for row in overlapping[:200]
    ]
    naive = paired_comparison(overlapping[0], np.zeros(500), lag=0).standard_error
    assert np.mean(errors) == pytest.approx(true, rel=0.12)
    assert naive < 0.6 * true


def test_the_error_of_a_ratio_is_about_that_of_many_repeats():
    theirs = RNG.gamma(2.0, size=(800, 300))
    ours = theirs * RNG.uniform(0.7, 1.2, size=(800, 300))
    found = [paired_comparison(*rows, lag=0) for rows in zip(ours, theirs, strict=True)]
    spread = np.std([each.ratio for each in found])
    assert np.mean([each.ratio_error for each in found]) == pytest.approx(spread, rel=0.1)


def test_a_few_days_have_no_error_and_a_lag_stays_below_their_number():
    assert np.isnan(paired_comparison([1.0, 2.0], [0.0, 0.0], lag=1).standard_error)
    assert paired_comparison([1.0, 2.0, 4.0], [0.0, 0.0, 1.0], lag=50).lag == 2


@pytest.mark.parametrize("scores", [[], [[1.0]], [1.0, 2.0]])
def test_scores_of_other_days_are_refused(scores):
    with pytest.raises(ValueError, match="must be .* of the same days"):
        paired_comparison(scores, [1.0], lag=0)


def test_scores_that_are_not_finite_and_negative_lags_are_refused():
    with pytest.raises(ValueError, match="`reference` must be finite"):
        paired_comparison([1.0], [np.inf], lag=0)
    with pytest.raises(ValueError, match="`lag` must be a whole number of at least 0"):
        paired_comparison([1.0], [1.0], lag=-1)
