"""The scores of another draw of history, against the known error of an estimate."""

import numpy as np
import pytest

from keras_wgan.metrics import fact_scores, return_facts, sampling_floor
from keras_wgan.metrics.returns.sampling_floor import bootstrapped


def returns_of(days, seed=0):
    return 0.01 * np.random.default_rng(seed).normal(size=days)


@pytest.mark.slow
def test_the_floor_of_the_volatility_is_its_standard_error():
    # Of independent normal days the estimated std has a relative error of 1 / sqrt(2 n), whose
    # size is sqrt(2 / pi) of it on average.
    days = 200
    floor = sampling_floor(returns_of(days), days=21, histories=200, block=1)
    expected = np.sqrt(2 / np.pi) / np.sqrt(2 * days)
    assert floor["std"] == pytest.approx(expected, rel=0.15)


def test_there_is_a_floor_for_every_score_and_all_are_above_zero():
    returns = returns_of(600)
    floor = sampling_floor(returns, histories=2)
    facts = return_facts(np.lib.stride_tricks.sliding_window_view(returns, 60))
    assert list(floor) == list(fact_scores(facts, facts))
    assert min(floor.values()) > 0.0


@pytest.mark.slow
def test_the_floor_depends_on_nothing_but_its_arguments():
    returns = returns_of(600)
    one, same, other = (sampling_floor(returns, histories=2, seed=seed) for seed in (5, 5, 6))
    assert one == same != other


def test_a_drawn_history_is_made_of_blocks_of_successive_days():
    drawn = bootstrapped(np.arange(100.0), 20, np.random.default_rng(0))
    assert drawn.shape == (100,)
    for block in drawn.reshape(5, 20):
        np.testing.assert_array_equal(np.diff(block) % 100, 1)  # the last day goes on to the first


def test_every_day_is_drawn_as_often_as_any_other():
    rng = np.random.default_rng(0)
    drawn = np.concatenate([bootstrapped(np.arange(20.0), 10, rng) for _ in range(5000)])
    np.testing.assert_allclose(np.bincount(drawn.astype(int)) / 5000, 1.0, atol=0.06)


@pytest.mark.slow
def test_clustering_raises_the_floor_of_the_volatility():
    returns = returns_of(2000)
    regimes = returns * np.repeat([0.5, 2.0, 0.7, 1.5], 500)
    calm = sampling_floor(returns, histories=3)
    clustered = sampling_floor(regimes, histories=3)
    assert clustered["volatility"] > 3.0 * calm["volatility"]


def test_windows_in_place_of_a_history_are_refused():
    with pytest.raises(ValueError, match="`returns` must be one series of log returns"):
        sampling_floor(np.zeros((200, 60)))


@pytest.mark.parametrize("returns", [[np.nan] * 600, [np.inf] * 600])
def test_a_history_that_is_not_finite_is_refused(returns):
    with pytest.raises(ValueError, match="600 of 600 returns NaN or infinite"):
        sampling_floor(returns)


@pytest.mark.parametrize(("block", "advice"), [(0, "of at least 1"), (301, "block=150")])
def test_blocks_that_do_not_fit_twice_are_refused(block, advice):
    with pytest.raises(ValueError, match=f"`block` must be.*{advice}"):
        sampling_floor(returns_of(600), block=block)


def test_no_history_at_all_is_refused():
    with pytest.raises(ValueError, match="`histories` must be a whole number of at least 1"):
        sampling_floor(returns_of(600), histories=0)


def test_windows_longer_than_the_history_are_refused():
    with pytest.raises(ValueError, match="`days` must be a whole number of at least 1"):
        sampling_floor(returns_of(600), days=601)


def test_a_history_too_short_for_a_hundred_windows_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least 100 windows.*1.495"):
        sampling_floor(returns_of(150), block=50)
