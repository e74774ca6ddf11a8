"""Days until a gain or a loss, against hand counts and Brownian motion."""

import numpy as np
import pytest
from scipy.stats import norm

from keras_wgan.metrics import first_passage


def test_the_first_day_at_the_threshold_counts():
    path = np.zeros(500)
    path[[2, 9]] = 0.5  # the log price is .5 after the third day and 1 after the tenth
    found = first_passage(path[np.newaxis], threshold=1.0)
    assert found.gain_days == 10.0 and found.gain_share == 1.0
    assert found.loss_days == float("inf") and found.loss_share == 0.0


def test_gains_and_losses_change_places_with_the_sign():
    paths = np.random.default_rng(0).normal(0.0005, 0.01, size=(20, 600))
    one, other = first_passage(paths), first_passage(-paths)
    assert (one.gain_days, one.gain_share) == (other.loss_days, other.loss_share)
    assert one.gain_share > one.loss_share


def test_every_day_with_the_horizon_ahead_is_a_start():
    # The jump on day 502 is out of reach of start 0, and of reach for starts 1 to 100.
    path = np.zeros(600)
    path[500] = -1.0
    found = first_passage(path[np.newaxis], threshold=0.5)
    assert found.loss_share == pytest.approx(100 / 101)
    assert found.loss_days == np.median(np.arange(401, 501))


def test_brownian_motion_has_its_known_first_passages():
    rng = np.random.default_rng(1)
    found = first_passage(0.01 * rng.normal(size=(20_000, 500)), threshold=0.2)
    # P(reached by day t) = 2 (1 - Phi(threshold / (sigma sqrt t))). Looking once a day moves the
    # threshold by .5826 sigma (Broadie, Glasserman and Kou, 1997).
    barrier = (0.2 + 0.5826 * 0.01) / 0.01
    share = 2.0 * norm.sf(barrier / np.sqrt(500))
    assert found.gain_share == pytest.approx(share, abs=0.01)
    median = (barrier / norm.isf(share / 4.0)) ** 2  # half as likely as to arrive at all
    assert found.gain_days == pytest.approx(median, rel=0.03)
    assert found.loss_days == pytest.approx(median, rel=0.03)


def test_the_market_falls_faster_than_it_rises():
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    found = first_passage(returns[np.newaxis])
    assert found.loss_days < found.gain_days and found.loss_share < found.gain_share


def test_short_paths_are_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least 500 days: .* shorter paths show the quick ones"):
        first_passage(np.zeros((10, 499)))


@pytest.mark.parametrize("threshold", [0.0, -0.05, float("nan")])
def test_a_threshold_that_is_no_size_is_refused(threshold):
    with pytest.raises(ValueError, match="`threshold` must be a finite number above 0"):
        first_passage(np.zeros((1, 500)), threshold=threshold)
