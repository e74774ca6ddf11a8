"""Coverage and PIT of forecasts that are right, too narrow and full of ties."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import central_interval, pit_histogram, probability_integral_transform

RNG = np.random.default_rng(0)
OUTCOMES = RNG.normal(size=20_000)


@pytest.mark.parametrize("level", [0.5, 0.9])
@pytest.mark.parametrize("count", [19, 199])
def test_a_right_forecast_holds_the_share_that_its_level_says_however_few_samples(level, count):
    found = central_interval(RNG.normal(size=(20_000, count)), level=level)
    error = np.sqrt(level * (1 - level) / 20_000)
    assert found.holds(OUTCOMES).mean() == pytest.approx(level, abs=4 * error)


def test_half_the_volatility_holds_as_much_as_the_normal_distribution_says():
    found = central_interval(0.5 * RNG.normal(size=(20_000, 399)), level=0.9)
    expected = 2 * scipy.stats.norm.cdf(0.5 * scipy.stats.norm.ppf(0.95)) - 1
    assert found.holds(OUTCOMES).mean() == pytest.approx(expected, abs=0.015)


def test_an_interval_lies_between_the_quantiles_of_the_samples():
    found = central_interval(np.arange(1.0, 100.0), level=0.9)
    assert [float(end) for end in (found.lower, found.upper, found.width)] == pytest.approx(
        [5, 95, 90]
    )
    assert found.holds(found.lower) and found.holds(found.upper) and not found.holds(95.1)


def test_the_pit_of_a_right_forecast_is_uniform():
    places = probability_integral_transform(RNG.normal(size=(20_000, 9)), OUTCOMES)
    assert scipy.stats.kstest(places, "uniform").pvalue > 0.01


def test_the_pit_of_ties_is_uniform_too():
    samples, outcomes = RNG.integers(0, 3, size=(20_000, 9)), RNG.integers(0, 3, size=20_000)
    places = probability_integral_transform(samples, outcomes)
    assert scipy.stats.kstest(places, "uniform").pvalue > 0.01


def test_the_place_of_an_outcome_is_its_rank():
    samples = np.arange(99.0)
    assert 0.0 <= probability_integral_transform(samples, -5.0) <= 0.01
    assert 0.5 <= probability_integral_transform(samples, 49.5) <= 0.51
    assert 0.99 <= probability_integral_transform(samples, 200.0) <= 1.0


def test_places_depend_on_the_seed_alone():
    first, again, other = (
        probability_integral_transform(np.zeros((50, 9)), np.zeros(50), seed=seed)
        for seed in (1, 1, 2)
    )
    assert (first == again).all() and (first != other).all()


def test_a_histogram_counts_and_its_density_is_one_where_all_bins_are_equal():
    found = pit_histogram([0.0, 0.3, 0.5, 0.9], bins=4)
    assert found.counts == (1, 1, 1, 1) and found.density == (1.0, 1.0, 1.0, 1.0)
    assert pit_histogram([], bins=2).density == (0.0, 0.0)


def test_too_narrow_a_forecast_has_a_pit_like_a_u():
    places = probability_integral_transform(0.5 * RNG.normal(size=(20_000, 99)), OUTCOMES)
    density = pit_histogram(places).density
    assert min(density[0], density[-1]) > 1.5 > 0.8 > max(density[4:6])


@pytest.mark.parametrize("level", [0.0, 1.0, 90])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ValueError, match="`level` must be a finite number above 0 and below 1"):
        central_interval([0.0, 1.0], level=level)


def test_values_that_are_no_pit_are_refused():
    with pytest.raises(ValueError, match="`places` must lie between 0 and 1"):
        pit_histogram([0.5, 1.5])
    with pytest.raises(ValueError, match="`observed` must have one outcome for each interval"):
        central_interval([0.0, 1.0], level=0.5).holds([0.0, 1.0])
    with pytest.raises(ValueError, match="with one or more samples"):
        central_interval([], level=0.5)
