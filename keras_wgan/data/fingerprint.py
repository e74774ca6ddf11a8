"""The fingerprint of returns: a checksum of each month, by which other data is recognized."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

DIGITS = 9  # of a return; a file in another format may differ in the last bits of its prices
MISSING = -1e18


def fingerprint(returns: pd.DataFrame) -> str:
    """Returns the month and the checksum of each month's dates and returns."""
    return " ".join(f"{month}:{checksum}" for month, checksum in _checksums(returns).items())


@dataclass(frozen=True)
class Comparison:
    """The months that two histories share, and those among them that differ."""

    shared: tuple[str, ...]
    different: tuple[str, ...]


def compare(mark: str, returns: pd.DataFrame, *, whole: bool) -> Comparison:
    """Compares returns with those behind a fingerprint.

    Where `whole` is False, returns may begin within a month, which is then left out.
    """
    then = dict(entry.rsplit(":", 1) for entry in mark.split())
    now = _checksums(returns)
    months = sorted(set(then) | set(now)) if whole else sorted(set(then) & set(list(now)[1:]))
    return Comparison(
        shared=tuple(months),
        different=tuple(month for month in months if then.get(month) != now.get(month)),
    )


def _checksums(returns: pd.DataFrame) -> dict[str, str]:
    dates = pd.DatetimeIndex(returns.index)
    seconds = dates.to_numpy("datetime64[s]").astype(np.int64)
    values = returns.to_numpy(np.float64) * 10.0**DIGITS
    # No return is as low as the number that stands for a missing one.
    rounded = np.round(np.nan_to_num(values, nan=MISSING)).astype(np.int64)
    months = dates.year * 12 + dates.month
    starts = np.flatnonzero(np.diff(months, prepend=-1))
    found = {}
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(dates)], strict=True):
        content = seconds[first:last].tobytes() + rounded[first:last].tobytes()
        found[f"{dates[first]:%Y-%m}"] = hashlib.sha256(content).hexdigest()[:8]
    return found
