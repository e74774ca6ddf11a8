"""Which daily closing prices do several assets share, day by day?"""

from __future__ import annotations  # pandas 2 cannot subscript Series at run time

import datetime
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from .price_files import read_price_column
from .prices import between, load_prices, span_of


def load_price_table(
    tickers: Sequence[str],
    start: str | datetime.date | None = "2000-01-01",
    end: str | datetime.date | None = "2023-12-31",
    source: str | os.PathLike[str] = "yahoo",
) -> pd.DataFrame:
    """Loads the daily closing prices of several assets, on the days that all of them have.

    Each asset is read and checked as `load_prices` does it. A day on which one has no price is
    left out for all, and a warning says how many such days there were between the first and the
    last one that all share.

    Example:
    ```python
    from keras_wgan.data import load_price_table

    closes = load_price_table(
        ["^GSPC", "^IXIC"], start="2002-05-01", end="2002-07-25", source="bundled"
    )
    assert closes.shape == (60, 2)
    assert list(closes.columns) == ["^GSPC", "^IXIC"]
    ```

    Args:
        tickers: Yahoo Finance's symbols, or the columns of a file, in any case; each once.
        start: The first day, as `"2000-01-01"`, or `None` for all there is. Defaults to
            `"2000-01-01"`.
        end: The last day, itself included, or `None` for all there is. Defaults to
            `"2023-12-31"`.
        source: `"yahoo"`, `"bundled"`, or the path of a `.csv` or `.parquet` file with a column of
            dates and one of prices for each ticker, named as the ticker is. Empty cells are days
            without a price. Defaults to `"yahoo"`.

    Returns:
        Closes, (days, assets) float64, a column for each ticker, under a sorted index of dates
        without time zone, named "date".

    Raises:
        ValueError: If an argument or a price is wrong, a ticker comes twice, or no day is shared.
        FileNotFoundError: If there is no such file.
        ConnectionError: If Yahoo Finance could not be reached.
        ImportError: If the package that reads the source is not installed.
    """
    names = [ticker.strip() for ticker in tickers]
    if not names or not all(names) or len(set(map(str.lower, names))) < len(names):
        raise ValueError(
            "`tickers` must name each asset once. "
            f"Received: tickers={list(tickers)}. Write them as ^GSPC,^IXIC."
        )
    first, last = span_of(start, end)
    if source in ("yahoo", "bundled"):
        columns = {name: load_prices(name, start, end, source) for name in names}
    else:
        columns = {
            name: between(read_price_column(Path(source), name), first, last, source)
            for name in names
        }
    every_day = pd.concat(columns, axis=1, join="outer").sort_index()
    shared = every_day.dropna()
    if shared.empty:
        spans = ", ".join(
            f"{name} {closes.index[0]:%Y-%m-%d} to {closes.index[-1]:%Y-%m-%d}"
            for name, closes in columns.items()
        )
        raise ValueError(f"There is no day on which all of `tickers` have a price: {spans}.")
    # Before the youngest asset was listed there is nothing to share, and nothing to regret.
    dropped = len(every_day.loc[shared.index[0] : shared.index[-1]]) - len(shared)
    if dropped:
        warnings.warn(
            f"{dropped} of {len(shared) + dropped} days were left out, because not all of "
            f"{', '.join(names)} have a price on them.",
            stacklevel=2,
        )
    if shared.index[0] > min(closes.index[0] for closes in columns.values()):
        late = max(columns, key=lambda name: columns[name].index[0])
        warnings.warn(
            f"The prices begin on {shared.index[0]:%Y-%m-%d}, the first day of {late}.",
            stacklevel=2,
        )
    return shared
