"""Do the pictures of single series draw the days they were given?"""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.report.plots.copies import closest_pair_picture
from keras_wgan.report.plots.history import long_returns_picture

RNG = np.random.default_rng(0)
HISTORY = pd.Series(
    0.01 * RNG.normal(size=300), index=pd.bdate_range("2022-01-03", periods=300), name="log_return"
)


def test_the_last_real_days_stand_above_as_many_generated_ones():
    generated = 0.01 * RNG.normal(size=100)
    above, below = long_returns_picture(HISTORY, generated).axes
    np.testing.assert_allclose(above.lines[0].get_ydata(), 100.0 * HISTORY.iloc[-100:])
    np.testing.assert_allclose(below.lines[0].get_ydata(), 100.0 * generated)
    assert above.get_ylim() == below.get_ylim()
    assert above.get_title(loc="left") == "Real: the last 100 days"


def test_a_diverged_series_does_not_squash_the_real_one():
    above, _ = long_returns_picture(HISTORY, np.full(50, 1e6)).axes
    assert above.get_ylim()[1] <= 1.6 * 100.0 * np.abs(HISTORY.iloc[-50:]).max()


@pytest.mark.parametrize("series", [np.zeros((2, 50)), np.zeros(0), np.array([0.0, np.nan])])
def test_what_is_not_one_finite_series_is_refused(series):
    with pytest.raises(ValueError, match="`generated` must be one finite series"):
        long_returns_picture(HISTORY, series)


def test_a_pair_is_drawn_as_prices_from_a_hundred_and_as_percent():
    real, generated = np.log([1.1, 0.9, 1.2]), np.log([0.9, 1.1, 1.0])
    prices, days = closest_pair_picture(real, generated).axes
    np.testing.assert_allclose(prices.lines[0].get_ydata(), [100.0, 110.0, 99.0, 118.8])
    np.testing.assert_allclose(prices.lines[1].get_ydata(), [100.0, 90.0, 99.0, 99.0])
    np.testing.assert_allclose(days.lines[1].get_ydata(), 100.0 * generated)


def test_a_pair_of_another_shape_is_refused_by_name():
    with pytest.raises(ValueError, match="`generated` must have the shape"):
        closest_pair_picture(HISTORY.to_numpy(), np.zeros((2, 3, 4)))
