"""The CRPS against the closed form of a normal and its own integral."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import crps, empirical_crps


def crps_of_a_normal(outcomes):
    """Gneiting and Raftery (2007), equation 21."""
    density, below = scipy.stats.norm.pdf(outcomes), scipy.stats.norm.cdf(outcomes)
    return outcomes * (2 * below - 1) + 2 * density - 1 / np.sqrt(np.pi)


def all_pairs(samples, outcome, pairs):
    """The definition, with the mean distance over a number of ordered pairs."""
    gaps = np.abs(samples[:, None] - samples)
    return np.abs(samples - outcome).mean() - gaps.sum() / pairs / 2


def test_the_score_of_normal_samples_is_the_closed_form():
    outcomes = np.array([-2.5, -0.3, 0.0, 1.0, 4.0])
    samples = np.random.default_rng(0).normal(size=(5, 40_000))
    np.testing.assert_allclose(crps(samples, outcomes), crps_of_a_normal(outcomes), atol=0.02)


def test_both_scores_are_their_definitions():
    samples = np.random.default_rng(1).standard_t(3, size=50)
    assert crps(samples, 0.4) == pytest.approx(all_pairs(samples, 0.4, 50 * 49), rel=1e-12)
    assert empirical_crps(samples, 0.4) == pytest.approx(all_pairs(samples, 0.4, 50**2), rel=1e-12)


def test_the_plain_score_is_the_integral_of_the_squared_gap_of_two_distributions():
    samples, outcome = np.random.default_rng(2).normal(size=20), 0.7
    grid = np.linspace(-6.0, 6.0, 400_001)
    below = np.searchsorted(np.sort(samples), grid, side="right") / 20
    integral = np.sum((below - (grid >= outcome)) ** 2) * (grid[1] - grid[0])
    assert empirical_crps(samples, outcome) == pytest.approx(integral, abs=1e-4)


def test_the_mean_score_does_not_depend_on_the_number_of_samples_and_the_plain_one_does():
    rng = np.random.default_rng(3)
    outcomes = rng.normal(size=40_000)
    samples = rng.normal(size=(40_000, 4))
    expected = 1 / np.sqrt(np.pi)  # of a standard normal under itself
    assert crps(samples, outcomes).mean() == pytest.approx(expected, abs=0.01)
    assert empirical_crps(samples, outcomes).mean() == pytest.approx(
        expected * (1 + 1 / 4), abs=0.01
    )


def test_the_score_follows_the_unit_and_not_the_level():
    samples = np.random.default_rng(4).normal(size=(3, 100))
    outcomes = np.array([0.0, 1.0, 2.0])
    moved = crps(1e6 + 5.0 * samples, 1e6 + 5.0 * outcomes)
    np.testing.assert_allclose(moved, 5.0 * crps(samples, outcomes), rtol=1e-7)


def test_a_point_forecast_has_its_absolute_error():
    assert empirical_crps(
        [
            [2.0],
            [
                2.0,
            ],
        ],
        [5.0, 2.0],
    ).tolist() == [3.0, 0.0]
    assert crps([2.0, 2.0, 2.0], 5.0) == 3.0


@pytest.mark.parametrize(
    ("samples", "observed"), [([1.0], 0.0), ([[1.0, 2.0]], 0.0), (1.0, 0.0), ([[1.0, 2.0]], [0, 1])]
)
def test_samples_that_do_not_fit_the_outcomes_are_refused(samples, observed):
    with pytest.raises(ValueError, match="`samples` must be .* with 2 or more samples"):
        crps(samples, observed)


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="`samples` must be finite"):
        crps([np.inf, 1.0], 0.0)
    with pytest.raises(ValueError, match="`observed` must be finite"):
        empirical_crps([0.0, 1.0], np.nan)
