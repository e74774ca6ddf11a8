"""Files of scenarios that continue the returns of a run."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import ReturnsFacts
from keras_wgan.data.rescale import anchor_of
from keras_wgan.io.progress import silent
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.report.export.scenarios import write_scenarios


def export_returns(
    batches: Iterable[NDArray[Any]],
    facts: ReturnsFacts,
    path: Path,
    *,
    anchor: dict[str, float | None] | None = None,
    progress: Callable[[str], object] = silent,
) -> None:
    """Writes scenarios that continue the data, from batches on the generator's scale.

    With `anchor`, the pooled returns get its mean and volatility a day.
    """
    with ArrayOnDisk(path.parent) as returns:
        for batch in batches:
            returns.append(facts.scaler.inverse(batch))
        change = None if anchor is None else anchor_of(returns, **anchor)
        write_continuation(path, returns, facts, change=change, progress=progress)


def write_continuation(
    path: Path,
    returns: ArrayOnDisk,
    facts: ReturnsFacts,
    *,
    change: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    progress: Callable[[str], object] = silent,
) -> None:
    """Writes log returns that continue the data, with its prices and the days after it."""
    dates = facts.frequency.dates_after(facts.last_moment, returns.shape[1])
    prices = dict(zip(facts.tickers, facts.last_prices, strict=True))
    write_scenarios(path, returns, prices, dates, change=change, progress=progress)
