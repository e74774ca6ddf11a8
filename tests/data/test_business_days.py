"""Scenarios continue on the weekdays after the data."""

import datetime

import pandas as pd
import pytest

from keras_wgan.data.frequency import BUSINESS_DAYS


def test_a_weekend_is_left_out_and_a_holiday_is_not():
    dates = BUSINESS_DAYS.dates_after("2023-12-28", periods=3)
    assert dates.strftime("%a %Y-%m-%d").tolist() == [
        "Fri 2023-12-29",
        "Mon 2024-01-01",
        "Tue 2024-01-02",
    ]


@pytest.mark.parametrize("last_day", ["2023-12-29", "2023-12-30", "2023-12-31"])
def test_monday_follows_friday_saturday_and_sunday(last_day):
    assert BUSINESS_DAYS.dates_after(last_day, periods=1)[0] == pd.Timestamp("2024-01-01")


@pytest.mark.parametrize(
    "last_day",
    [datetime.date(2024, 2, 28), pd.Timestamp("2024-02-28 16:00", tz="America/New_York")],
)
def test_a_date_or_a_time_with_a_zone_counts_as_its_own_day(last_day):
    dates = BUSINESS_DAYS.dates_after(last_day, periods=2)
    assert dates.tolist() == [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-03-01")]
    assert dates.tz is None


def test_a_year_has_as_many_weekdays_as_were_asked_for():
    dates = BUSINESS_DAYS.dates_after("2023-12-29", periods=1250)
    assert len(dates) == 1250
    assert dates.day_of_week.max() == 4
    assert dates.is_unique


@pytest.mark.parametrize(
    ("last_day", "periods", "message"),
    [
        ("2023-12-29", 0, "`periods` must be a whole number of at least 1. Received: periods=0"),
        ("the end", 5, "`last` must be a date .* Received: last='the end'"),
    ],
)
def test_what_is_no_date_is_refused_by_name(last_day, periods, message):
    with pytest.raises(ValueError, match=message):
        BUSINESS_DAYS.dates_after(last_day, periods)
