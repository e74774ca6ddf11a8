"""The prices that a source holds, and what had to be decided to read them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class PriceTable:
    """Prices as read, before anything is judged, filled or cut to common days.

    `prices` has a column for each asset under a sorted index of unique, naive time stamps, named
    "date"; NaN where an asset has no price. `columns` names the source's column of each asset.
    `adjusted` is None where the source does not say. `notes` are sentences on what was chosen and
    converted, `lost` on rows that have no price and were left out, whose days are `unpriced`.
    """

    prices: pd.DataFrame
    source: str
    columns: tuple[str, ...]
    adjusted: bool | None = None
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    unpriced: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
