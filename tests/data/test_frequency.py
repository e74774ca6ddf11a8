"""Tests of the frequency of prices: found from dates, counted in a year, continued."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Frequency, find_frequency

EVERY_DAY = Frequency("day", weekdays=tuple(range(7)))
SESSION = Frequency("minute", minutes=5, sessions=(("09:30", "15:55"),))


def minutes_of(days, first, last, step):
    """Returns the stamps of a session on each of some days."""
    return pd.DatetimeIndex(
        [
            stamp
            for day in days
            for stamp in pd.date_range(
                f"{day:%Y-%m-%d} {first}", f"{day:%Y-%m-%d} {last}", freq=step
            )
        ]
    )


FIVE_MINUTES = minutes_of(pd.bdate_range("2024-01-02", periods=20), "09:30", "15:55", "5min")
TOKYO = minutes_of(pd.bdate_range("2024-01-02", periods=20), "09:00", "11:30", "30min").append(
    minutes_of(pd.bdate_range("2024-01-02", periods=20), "12:30", "15:00", "30min")
)
DATES = {
    "business days": pd.bdate_range("2020-01-01", periods=300),
    "with holidays": pd.bdate_range("2020-01-01", periods=300).delete([7, 8, 9, 10, 99, 250]),
    "every day": pd.date_range("2020-01-01", periods=300),
    "every day with gaps": pd.date_range("2020-01-01", periods=300).delete(range(0, 290, 9)),
    "sunday to thursday": pd.date_range("2020-01-01", periods=300)[
        ~np.isin(pd.date_range("2020-01-01", periods=300).day_of_week, (4, 5))
    ],
    "weeks": pd.date_range("2020-01-03", periods=100, freq="7D"),
    "weeks with a thursday": pd.date_range("2020-01-03", periods=100, freq="7D")
    - pd.to_timedelta((np.arange(100) % 10 == 0).astype(int), unit="D"),
    "calendar months": pd.date_range("2000-01-31", periods=100, freq=pd.offsets.MonthEnd()),
    "business months": pd.date_range("2000-01-31", periods=100, freq=pd.offsets.BMonthEnd()),
    "first of months": pd.date_range("2000-01-01", periods=100, freq="MS"),
    "quarters": pd.date_range("2000-01-01", periods=100, freq="QS"),
    "years": pd.date_range("1920-12-31", periods=70, freq=pd.offsets.BYearEnd()),
    "5 minutes": FIVE_MINUTES,
    "hours of every day": pd.date_range("2024-01-01", periods=24 * 40, freq="h"),
    "tokyo": TOKYO.sort_values(),
    "few": pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04"]),
    "one": pd.DatetimeIndex(["2024-01-02"]),
}
FOUND = {
    "business days": ("business days", 252),
    "with holidays": ("business days", 252),
    "every day": ("every day", 365),
    "every day with gaps": ("every day", 365),
    "sunday to thursday": ("business days", 252),
    "weeks": ("weeks", 52),
    "weeks with a thursday": ("weeks", 52),
    "calendar months": ("months", 12),
    "business months": ("months", 12),
    "first of months": ("months", 12),
    "quarters": ("quarters", 4),
    "years": ("years", 1),
    "5 minutes": ("every 5 minutes", 78 * 252),
    "hours of every day": ("every 60 minutes", 24 * 365),
    "tokyo": ("every 30 minutes", 12 * 252),
    "few": ("business days", 252),
    "one": ("business days", 252),
}


@pytest.mark.parametrize("kind", FOUND)
def test_the_frequency_is_found_from_the_dates(kind):
    frequency = find_frequency(DATES[kind])
    assert (frequency.name, frequency.periods_per_year) == FOUND[kind]
    assert Frequency.from_config(frequency.to_config()) == frequency


def test_a_session_is_found_with_its_break():
    assert find_frequency(FIVE_MINUTES) == SESSION
    assert find_frequency(DATES["tokyo"]).sessions == (("09:00", "11:30"), ("12:30", "15:00"))


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (
            pd.date_range("2000-01-31", periods=30, freq=pd.offsets.BMonthEnd()).append(
                pd.bdate_range("2003-01-01", periods=300)
            ),
            r"mixture of months \(2000-01-31 to .* and days \(",
        ),
        (
            pd.bdate_range("2020-01-01", periods=200).append(
                pd.date_range("2020-10-09", periods=50, freq="7D")
            ),
            "mixture of days .* and weeks",
        ),
        (
            pd.bdate_range("2020-01-01", "2020-12-31").append(
                pd.date_range("2021-01-01", "2021-12-31")
            ),
            "mixture of business days and of every day: 50% of the weekends",
        ),
        (pd.bdate_range("2020-01-01", periods=300)[::3], "mostly 5 days apart"),
        (pd.date_range("2020-01-01", periods=40, freq="14D"), "mostly 14 days apart"),
        (pd.date_range("2020-01-01 10:00", periods=400, freq="7s"), "mostly 7"),
    ],
)
def test_a_mixture_and_an_unknown_frequency_are_refused(dates, words):
    with pytest.raises(ValueError, match=words):
        find_frequency(dates)


@pytest.mark.parametrize(
    ("frequency", "last", "expected"),
    [
        (Frequency(), "2023-12-29", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        (EVERY_DAY, "2023-12-29", ["2023-12-30", "2023-12-31", "2024-01-01"]),
        (Frequency(weekdays=(0, 1, 2, 3, 6)), "2023-12-28", ["2023-12-31", "2024-01-01"]),
        (Frequency("week"), "2023-12-29", ["2024-01-05", "2024-01-12"]),
        (Frequency("month"), "2024-02-29", ["2024-03-29", "2024-04-30"]),
        (Frequency("month"), "2024-03-31", ["2024-04-30", "2024-05-31"]),
        (Frequency("month"), "2024-03-29", ["2024-04-30", "2024-05-31"]),
        (Frequency("month"), "2024-01-01", ["2024-02-01", "2024-03-01"]),
        (Frequency("quarter"), "2024-10-01", ["2025-01-01", "2025-04-01"]),
        (Frequency("year"), "2023-12-29", ["2024-12-31", "2025-12-31"]),
        (SESSION, "2023-12-29 15:50", ["2023-12-29 15:55", "2024-01-01 09:30"]),
    ],
)
def test_scenarios_continue_on_the_next_dates_of_the_frequency(frequency, last, expected):
    dates = frequency.dates_after(last, len(expected))
    assert dates.tolist() == [pd.Timestamp(date) for date in expected]
    assert dates.name == "date"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"unit": "fortnight"}, "`unit` must be one of day, week"),
        ({"minutes": 0}, "`minutes`"),
        ({"weekdays": (1, 0)}, "`weekdays` must be ascending"),
        ({"weekdays": (7,)}, "`weekdays`"),
        ({"sessions": (("16:00", "09:30"),)}, "`sessions` must be pairs"),
        ({"sessions": (("noon", "16:00"),)}, "`sessions` must hold times"),
    ],
)
def test_a_wrong_argument_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        Frequency(**arguments)
