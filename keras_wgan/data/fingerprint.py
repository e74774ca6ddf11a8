"""The fingerprint of returns: two numbers for each month, by which other data is recognized."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Of a month's weighted sum of one asset's returns. Sources write the same prices to six digits or
# to fifteen, which moves no return by more than a few 1e-8; a price that was corrected moves two.
TOLERANCE = 1e-6
DIGITS = 9  # of a return, in the checksums of version 0.2
MISSING = -1e18


def fingerprint(returns: pd.DataFrame) -> str:
    """Returns each month, a checksum of its dates and a sum of its returns."""
    return " ".join(
        f"{name}:{month.dates_checksum()}:{month.weighted_sum():.9f}"
        for name, month in _months(returns).items()
    )


@dataclass(frozen=True)
class Comparison:
    """The months that two histories share, and those among them that differ."""

    shared: tuple[str, ...]
    different: tuple[str, ...]


def compare(mark: str, returns: pd.DataFrame, *, whole: bool) -> Comparison:
    """Compares returns with those behind a fingerprint, also one of version 0.2.

    Where `whole` is False, returns may begin within a month, which is then left out.
    """
    then = dict(entry.split(":", 1) for entry in mark.split() if ":" in entry)
    now = _months(returns)
    names = sorted(set(then) | set(now)) if whole else sorted(set(then) & set(list(now)[1:]))
    return Comparison(
        shared=tuple(names),
        different=tuple(
            name
            for name in names
            if name not in then or name not in now or not now[name].agrees(then[name])
        ),
    )


@dataclass(frozen=True)
class _Month:
    seconds: NDArray[np.int64]  # of its dates
    returns: NDArray[np.float64]  # (days, assets)

    def agrees(self, entry: str) -> bool:
        """Tells whether what a fingerprint says of a month is so of this one."""
        dates, separator, written = entry.partition(":")
        if not separator:
            return dates == self._checksum_of_version_0_2()
        if dates != self.dates_checksum():
            return False
        tolerance = TOLERANCE * np.sqrt(self.returns.shape[1])
        return abs(_number(written) - self.weighted_sum()) <= tolerance

    def dates_checksum(self) -> str:
        """Returns a checksum of the dates, and of which returns are missing."""
        return _checksum(self.seconds.tobytes() + np.isnan(self.returns).tobytes())

    def weighted_sum(self) -> float:
        """Returns a sum of the returns, with other weights for each day and asset.

        So neither a price that is corrected, nor days or assets in another order, leave it as it
        was.
        """
        weights = 1 + np.arange(self.returns.size) * 0.5 * (5**0.5 - 1) % 1
        return float(np.nan_to_num(self.returns).ravel() @ weights)

    def _checksum_of_version_0_2(self) -> str:
        # No return is as low as the number that stands for a missing one.
        rounded = np.round(np.nan_to_num(self.returns * 10.0**DIGITS, nan=MISSING))
        return _checksum(self.seconds.tobytes() + rounded.astype(np.int64).tobytes())


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:  # written by hand
        return np.nan


def _months(returns: pd.DataFrame) -> dict[str, _Month]:
    dates = pd.DatetimeIndex(returns.index)
    seconds = dates.to_numpy("datetime64[s]").astype(np.int64)
    values = returns.to_numpy(np.float64)
    months = dates.year * 12 + dates.month
    starts = np.flatnonzero(np.diff(months, prepend=-1))
    return {
        f"{dates[first]:%Y-%m}": _Month(seconds[first:last], values[first:last])
        for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(dates)], strict=True)
    }
