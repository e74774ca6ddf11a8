"""The picture of prices that were read: prices, returns, and holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from keras_wgan.data.masked_pasts import masked_log_returns
from keras_wgan.data.plausibility import longest_gap
from keras_wgan.report.plots.style import NEUTRAL, REAL, dress, new_figure, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from keras_wgan.data.price_judgment import PriceReading

MAX_ASSETS = 6  # with a line of their own


def reading_picture(reading: PriceReading) -> Figure:
    """Draws prices on a log scale and returns below, with holes marked.

    Example:
    ```python
    from keras_wgan.data import inspect_prices
    from keras_wgan.report import reading_picture

    figure = reading_picture(inspect_prices(["^GSPC"], start="2018-01-01", source="bundled"))
    assert [axes.get_ylabel() for axes in figure.axes] == ["Price", "Log return, percent"]
    ```

    Args:
        reading: Prices, as `inspect_prices` returns them. Several assets start at 100, each on its
            own first day, and at most six are drawn.

    Returns:
        A Matplotlib figure with two panels over the dates.
    """
    from matplotlib.ticker import MaxNLocator, NullLocator

    prices = reading.whole.iloc[:, :MAX_ASSETS]
    several = prices.shape[1] > 1
    levels = 100.0 * prices / prices.bfill().iloc[0] if several else prices
    returns = 100.0 * masked_log_returns(prices)
    figure = new_figure(9.0, 5.6)
    upper, lower = figure.subplots(2, 1, sharex=True)
    dates = pd.DatetimeIndex(prices.index)
    for name in prices:
        color = None if several else REAL
        upper.plot(dates, levels[name], color=color, linewidth=1.0, label=str(name))
        lower.plot(dates[1:], returns[name], color=color, linewidth=0.6)
    upper.set_yscale("log")
    upper.yaxis.set_major_locator(MaxNLocator(6))
    upper.yaxis.set_major_formatter("{x:g}")
    upper.yaxis.set_minor_locator(NullLocator())
    limit = pd.Timedelta(days=longest_gap(reading.frequency))
    for place in np.flatnonzero(np.diff(dates.to_numpy()) > limit.to_timedelta64()).tolist():
        for axes in (upper, lower):
            axes.axvspan(dates[place], dates[place + 1], color=NEUTRAL, alpha=0.25, linewidth=0)
    title = f"{len(prices):,} prices, {reading.frequency.name}"
    dress(upper, title=title, y="Price, from 100" if several else "Price")
    dress(lower, title="Returns; shaded: no prices", y="Log return, percent")
    if several:
        plain(upper.legend(fontsize=8, frameon=False, ncols=3))
    return figure
