"""Pages and pictures speak of weeks, months or minutes where returns are of these."""

import numpy as np
import pytest
from matplotlib.text import Text

from keras_wgan.data import Frequency
from keras_wgan.report import price_and_volatility_picture
from keras_wgan.report.frequency_words import in_periods, label_periods

EVERY_DAY = Frequency(weekdays=tuple(range(7)))
TEXT = "Daily returns: 60 trading days, percent a day, the worst day of 5 days"


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        (Frequency(), TEXT),
        (EVERY_DAY, "Daily returns: 60 days, percent a day, the worst day of 5 days"),
        (
            Frequency("week"),
            "Weekly returns: 60 weeks, percent a week, the worst week of 5 weeks",
        ),
        (
            Frequency("minute", minutes=5),
            "5-minute returns: 60 5-minute periods, percent a period, the worst period of 5 "
            "periods",
        ),
    ],
)
def test_days_become_the_periods_of_the_frequency(frequency, expected):
    assert in_periods(TEXT, frequency) == expected


def test_a_picture_of_weeks_has_their_volatility_of_a_year_and_their_words():
    windows = 0.01 * np.random.default_rng(0).normal(size=(50, 60))
    daily = price_and_volatility_picture(windows, windows, 100.0)
    weekly = price_and_volatility_picture(windows, windows, 100.0, periods_per_year=52)
    ratio = weekly.axes[2].lines[0].get_ydata() / daily.axes[2].lines[0].get_ydata()
    np.testing.assert_allclose(ratio, np.sqrt(52 / 252), rtol=1e-12)
    texts = {text.get_text() for text in label_periods(weekly, Frequency("week")).findobj(Text)}
    assert "Week" in texts and not any("day" in text.lower() for text in texts)
