"""Which dates do the days of a scenario carry?"""

from __future__ import annotations

import datetime

import pandas as pd


def business_days_after(last_day: str | datetime.date, days: int) -> pd.DatetimeIndex:
    """Returns the first weekdays, Monday to Friday, after a day.

    Holidays are not left out: exchanges differ in theirs and set some at short notice, so around a
    holiday the dates fall behind the exchange's own, over a year by about nine days. Days of a
    scenario are trading days; their number is what counts.

    Example:
    ```python
    from keras_wgan.report.business_days import business_days_after

    dates = business_days_after("2023-12-29", days=3)  # a Friday
    assert [str(day.date()) for day in dates] == ["2024-01-01", "2024-01-02", "2024-01-03"]
    ```

    Args:
        last_day: the last day of the data, as `"YYYY-MM-DD"` or a date.
        days: how many days a scenario has, 1 or more.

    Returns:
        `days` dates at midnight, without a time zone.

    Raises:
        ValueError: where `last_day` is no date, or `days` is below 1.
    """
    if days < 1:
        raise ValueError(f"`days` must be 1 or more. Received: days={days}. Try 60.")
    try:
        last = pd.Timestamp(last_day).tz_localize(None).normalize()
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`last_day` must be a date such as '2023-12-29'. Received: last_day={last_day!r}."
        ) from error
    return pd.bdate_range(last + pd.Timedelta(days=1), periods=days, name="date")
