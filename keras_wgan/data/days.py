"""Which day is meant by what a user writes?"""

import datetime
import re

import pandas as pd

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?", re.ASCII)


def day_of(value: str | datetime.date) -> pd.Timestamp | None:
    """Returns the day of a date or of text such as "2000-01-31", `None` where it is neither.

    A time may follow, after a space or a T; it is dropped.
    """
    text = str(value)
    if not _DAY.fullmatch(text):
        return None
    # Not pandas' own reader: before pandas 3 it knows no day after the year 2262.
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return pd.Timestamp(moment.replace(tzinfo=None)).normalize()
