"""The loss of a volatility forecaster that is trained on generated windows."""

import numpy as np
import pytest

from keras_wgan.metrics import prediction_excess
from keras_wgan.metrics.returns.prediction import _ahead, _forecast, _past


def regime_windows(seed, count=1000, days=60):
    """Calm and wild windows: the past of a window tells its future."""
    rng = np.random.default_rng(seed)
    return 0.01 * rng.normal(size=(count, days)) * np.exp(rng.normal(size=(count, 1)))


def normal_windows(seed, count=1000, scale=0.01):
    return scale * np.random.default_rng(seed).normal(size=(count, 60))


def test_windows_of_the_same_process_teach_as_much():
    assert prediction_excess(regime_windows(0), regime_windows(1)) == pytest.approx(0.0, abs=0.02)


def test_the_real_windows_themselves_teach_a_little_more_than_four_fifths_of_them():
    real = regime_windows(0)
    assert -0.02 < prediction_excess(real, real) < 0.0


def test_windows_without_regimes_teach_nothing_about_them():
    # All that can be learnt is the mean of log |r|. What is lost follows from the data at hand.
    real, generated = regime_windows(0), normal_windows(1, 20_000, scale=0.015)
    future, scale = _ahead(real, np.abs(real).mean()), np.abs(real).mean()
    guess = _ahead(generated, scale).mean()
    past = _past(real, scale)
    known = np.abs(future - _forecast(past, future, past)).mean()
    expected = np.abs(future - guess).mean() / known - 1.0
    assert prediction_excess(real, generated) == pytest.approx(expected, rel=0.1)
    assert expected > 1.0


def test_windows_that_are_too_wild_are_punished_for_their_size():
    # Nothing can be foretold here, so the forecast is off by log 2 less what noise there is.
    real, generated = normal_windows(0), normal_windows(1, scale=0.02)
    future = _ahead(real, np.abs(real).mean())
    centred = future - future.mean()
    expected = np.abs(centred - np.log(2.0)).mean() / np.abs(centred).mean() - 1.0
    assert prediction_excess(real, generated) == pytest.approx(expected, rel=0.1)


def test_leverage_is_learned():
    rng = np.random.default_rng(2)
    windows = 0.01 * rng.normal(size=(4000, 60))
    fell = windows[:, 50:55].sum(axis=1) < 0.0
    windows[:, 55:] *= np.where(fell, 3.0, 1.0)[:, np.newaxis]
    real, same, mirrored = windows[:2000], windows[2000:], -windows[2000:]
    assert prediction_excess(real, same) < 0.02
    assert prediction_excess(real, mirrored) > 0.5


def test_the_size_of_the_unit_does_not_matter():
    real, generated = regime_windows(0), regime_windows(1)
    in_percent = prediction_excess(100.0 * real, 100.0 * generated)
    assert in_percent == pytest.approx(prediction_excess(real, generated), rel=1e-9)


@pytest.mark.parametrize("collapsed", [np.zeros((100, 60)), 1e300 * np.ones((100, 60))])
def test_a_generator_that_collapsed_or_exploded_loses_a_lot_and_stays_finite(collapsed):
    score = prediction_excess(regime_windows(0), collapsed)
    assert 1.0 < score < float("inf")


def test_too_few_real_windows_are_refused():
    with pytest.raises(ValueError, match="`real` must hold at least 300 windows of 60 days"):
        prediction_excess(regime_windows(0, 299), regime_windows(1))


@pytest.mark.parametrize("days", [(60, 59), (25, 25)])
def test_windows_of_other_or_too_few_days_are_refused(days):
    with pytest.raises(ValueError, match="windows of the same days, 26 or more"):
        prediction_excess(regime_windows(0, days=days[0]), regime_windows(1, days=days[1]))


def test_real_returns_of_zero_are_refused():
    with pytest.raises(ValueError, match="`real` must hold returns that are not all zero"):
        prediction_excess(np.zeros((300, 60)), regime_windows(0))
