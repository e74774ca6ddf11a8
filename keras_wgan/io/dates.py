"""Days as users write them, and the business days after a day."""

from __future__ import annotations

import contextlib
import datetime
import re

import pandas as pd

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

_FULL = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day_of(
    argument: str, value: str | datetime.date, wanted: str = 'a day such as "2000-01-31"'
) -> pd.Timestamp:
    """Returns the day of a date or of ISO 8601 text, without the time of the day.

    `argument` and `wanted` name the argument and its form in the error message.
    """
    text = str(value)
    day = pd.to_datetime(text, format="ISO8601", errors="coerce")
    if pd.isna(day) and _FULL.fullmatch(text):  # pandas before 3 knows no day after 2262
        with contextlib.suppress(ValueError):
            day = pd.Timestamp(datetime.datetime.fromisoformat(text))
    # pandas reads years that Python cannot write.
    if pd.isna(day) or not datetime.MINYEAR <= day.year <= datetime.MAXYEAR:
        raise InvalidInputError(f"`{argument}` must be {wanted}. Received: {argument}={value!r}")
    return day.tz_localize(None).normalize()


def business_days_after(last_day: str | datetime.date, days: int) -> pd.DatetimeIndex:
    """Returns the first weekdays, Monday to Friday, after a day.

    Holidays are included, because exchanges differ in theirs and set some at short notice. Over a
    year the dates fall behind an exchange's trading days by about nine days.

    Example:
    ```python
    from keras_wgan.io.dates import business_days_after

    dates = business_days_after("2023-12-29", days=3)  # a Friday
    assert [str(day.date()) for day in dates] == ["2024-01-01", "2024-01-02", "2024-01-03"]
    ```

    Args:
        last_day: The last day of the data, as `"YYYY-MM-DD"` or a date.
        days: The number of days, 1 or more.

    Returns:
        `days` dates at midnight, without a time zone.

    Raises:
        ValueError: If `last_day` is not a date, or `days` is below 1.
    """
    days = whole_number("days", days)
    try:
        last = pd.Timestamp(last_day).tz_localize(None).normalize()
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"`last_day` must be a date such as '2023-12-29'. Received: last_day={last_day!r}."
        ) from error
    return pd.bdate_range(last + pd.Timedelta(days=1), periods=days, name="date")
