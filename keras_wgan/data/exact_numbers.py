"""How does pandas read text to the last digit, in version 2 as in version 3?"""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import contextlib
from typing import Any

import numpy as np
import pandas as pd

_EXACT = int(pd.__version__.split(".")[0]) >= 3  # before, the last digit of a number may be off

# For `read_csv`; pandas 3 deprecates what pandas 2 needs.
TO_THE_LAST_BIT: dict[str, Any] = (
    {"engine": "python"} if _EXACT else {"float_precision": "round_trip"}
)


def numbers_of(cells: pd.Series[Any]) -> Any:
    """Returns (n,) float64 numbers of text or numbers, NaN where there is none."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, copy=not _EXACT)
    if not _EXACT:
        for row, cell in enumerate(cells):
            if isinstance(cell, str) and np.isfinite(numbers[row]):
                with contextlib.suppress(ValueError):  # text may hold what pandas reads over
                    numbers[row] = float(cell)
    return numbers
