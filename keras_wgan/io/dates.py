"""Days as users write them."""

from __future__ import annotations

import contextlib
import datetime
import re

import pandas as pd

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
