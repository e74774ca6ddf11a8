"""Which day is meant by what a user writes?"""

import datetime

import pandas as pd


def day_of(value: str | datetime.date) -> pd.Timestamp | None:
    """Returns the day of a date or of ISO text such as "2000-01-31", `None` where it is neither."""
    # Not pandas' own reader: before pandas 3 it knows no day after the year 2262.
    try:
        moment = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return pd.Timestamp(moment.replace(tzinfo=None)).normalize()
