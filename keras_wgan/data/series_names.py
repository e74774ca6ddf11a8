"""The names of columns that order the rows of a table of series."""

from __future__ import annotations

import re
import shlex
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data.price_words import DATES, word_of, words

NO_COLUMN = "none"  # says that no column orders the rows
INDEX = ("", "unnamed0", "index", "idx", "row")
TIMES = words("time timestamp datetime date dates ts epoch unix unixtime unixtimestamp")
CALENDAR = words("year yr jahr annee month quarter week")  # they repeat in rows of a shorter step
COUNTERS = words(
    """
    t id rowid rownumber rownum no nr num counter obs observation record recordid seq sequence
    step timestep tick frame elapsed elapsedtime yr quarter week day days hour hours minute minutes
    min second seconds sec secs ms millis milliseconds microseconds nanoseconds
    """
)
USUAL = frozenset((*INDEX, *TIMES, *CALENDAR, *COUNTERS, *DATES))
_UNIT = re.compile(r"[\s_]*[\(\[][^\)\]]*[\)\]]\s*$|[\s_,]+(?:s|ms|us|ns|sec|min|h|d|utc|local)$")


def usually_orders(name: str) -> bool:
    """Whether a first column of this name, which rises in every row, only orders them."""
    return _word(name) in USUAL


def must_order(name: str, steps: NDArray[np.float64]) -> bool:
    """Whether a column of this name that does not rise is a mistake, and no series.

    Years that repeat are one: several rows of one year need their months. Months that go from 1 to
    12 again and again are a series.
    """
    word = _word(name)
    repeats = bool((steps >= 0).all() and (steps > 0).any())
    return word in INDEX or word in TIMES or (word in CALENDAR and repeats)


def counts_rows(name: str, numbers: NDArray[np.float64]) -> bool:
    """Whether a column is an index as pandas and R write it: without a name, and rising."""
    rises = len(numbers) > 1 and np.isfinite(numbers).all() and (np.diff(numbers) > 0).all()
    return bool(rises) and _word(name) in INDEX


def called(name: str) -> str:
    """Returns the name of a column as an argument of a command."""
    return shlex.quote(name) if name else "1"


def is_dated(name: Any) -> bool:
    """Whether numbers such as 200001 under this name are dates."""
    return _word(str(name)) in (*TIMES, *CALENDAR, *DATES)


def _word(name: str) -> str:
    return word_of(_UNIT.sub("", name.strip().casefold()))
