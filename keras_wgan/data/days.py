"""Which day is meant by what a user writes?"""

import contextlib
import datetime
import re

import pandas as pd

_FULL = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day_of(
    argument: str, value: str | datetime.date, wanted: str = 'a day such as "2000-01-31"'
) -> pd.Timestamp:
    """Returns the day of a date or of ISO 8601 text; a time that follows is dropped.

    Args:
        argument: The argument's name, for the message.
        value: The date, or text.
        wanted: What the argument may be, for the message.

    Returns:
        The day.

    Raises:
        ValueError: If it is neither, or a year that Python cannot write.
    """
    text = str(value)
    day = pd.to_datetime(text, format="ISO8601", errors="coerce")
    if pd.isna(day) and _FULL.fullmatch(text):  # before pandas 3 it knows no day after 2262
        with contextlib.suppress(ValueError):
            day = pd.Timestamp(datetime.datetime.fromisoformat(text))
    # pandas reads years that Python cannot write.
    if pd.isna(day) or not datetime.MINYEAR <= day.year <= datetime.MAXYEAR:
        raise ValueError(f"`{argument}` must be {wanted}. Received: {argument}={value!r}")
    return day.tz_localize(None).normalize()
