"""Tests of the calibration of regimes, its lines and its plot."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.market import regime_calibration
from keras_wgan.market.regime_calibration import (
    reached_percentile,
    realized_volatility,
    regime_lines,
)
from keras_wgan.market.regimes import percentile_band
from keras_wgan.report.plots.regimes import regime_picture

TABLE = pd.DataFrame(
    {
        "percentile": [5.0, 95.0],
        "starting_volatility": [0.072, 0.345],
        "reached": [14.0, 89.0],
        "generated": [0.083, 0.291],
        "real": [0.094, np.nan],
        "real_days": [212, 0],
    }
)


class ConstantStates:
    """States of a volatility that is uniform from 0 to 0.02."""

    def percentile(self, volatility):
        """Returns the percentile of a volatility."""
        return np.asarray(volatility) * 5000

    def volatility(self, pasts):
        """Returns the volatilities themselves."""
        return pasts

    def draw(self, n, percentile, seed):
        """Returns equally spaced volatilities of a band."""
        return np.linspace(*percentile_band(percentile), n) / 5000


class ConstantMarket:
    """A market whose volatility is constant within a path and known on each day."""

    periods_per_year = 252

    def states(self):
        """Returns its states."""
        return ConstantStates()

    def volatility_of(self, returns):
        """Returns the size of each day, which is its volatility."""
        return np.abs(returns)

    def draw(self, n, days, seed, pasts):
        """Returns paths that go up and down by their volatility."""
        return np.outer(pasts, (-1.0) ** np.arange(days))

    def in_log_returns(self, samples):
        """Returns the samples."""
        return samples

    def sample(self, n, days, seed):
        """Returns paths of every volatility."""
        return self.draw(n, days, seed, np.linspace(0, 0.02, n))


def test_a_market_that_stays_as_it_begins_hits_what_is_asked():
    real = np.repeat(np.linspace(0, 0.02, 101), 40)  # each volatility for forty days
    table = regime_calibration.regime_check(ConstantMarket(), real, percentiles=(25, 75), count=100)
    np.testing.assert_allclose(table["reached"], [25, 75], atol=0.5)
    annual = np.array([0.005, 0.015]) * np.sqrt(252)
    np.testing.assert_allclose(table["starting_volatility"], annual, rtol=0.01)
    np.testing.assert_allclose(table["generated"], annual, rtol=0.01)
    np.testing.assert_allclose(table["real"], annual, rtol=0.03)
    assert (table["real_days"] == 200).all()  # five volatilities in 5 percentile points


def test_a_state_without_real_days_says_so():
    table = regime_calibration.regime_check(
        ConstantMarket(), np.full(800, 0.001), percentiles=(75,), count=10
    )
    assert np.isnan(table["real"][0]) and table["real_days"][0] == 0
    assert regime_lines(TABLE)[2].split()[-2:] == ["-", "0"]


def test_lines_give_percent_a_year_under_their_headings():
    lines = regime_lines(TABLE)
    assert lines[1].split() == ["5", "7.2%", "14", "8.3%", "9.4%", "212"]
    assert len({len(line) for line in lines}) == 1


def test_realized_volatility_is_a_root_mean_square_of_several_assets_of_equal_weights():
    one = np.array([[0.03, 0.04]])
    assert realized_volatility(one)[0] == pytest.approx(np.sqrt(0.00125))
    both = np.log1p(np.stack([one, -0.5 * one], axis=-1))
    equal = np.log1p(0.25 * one)
    assert realized_volatility(both)[0] == pytest.approx(np.sqrt(np.mean(equal**2)))


def test_the_reached_percentile_is_the_share_below_the_median():
    usual = np.arange(200.0)
    assert reached_percentile(np.array([10.0, 50.0, 190.0]), usual) == 25.0


def test_the_picture_shows_requested_and_reached_percentiles():
    reached, months = regime_picture(TABLE).axes
    np.testing.assert_array_equal(reached.lines[1].get_ydata(), [14.0, 89.0])
    heights = [bar.get_height() for bar in months.patches]
    np.testing.assert_allclose(heights, [9.4, np.nan, 8.3, 29.1])


def test_a_picture_of_another_table_is_refused():
    with pytest.raises(ValueError, match=r"`table` must be .* without the columns reached"):
        regime_picture(TABLE.drop(columns="reached"))
