"""The picture of a backtest: scores by horizon, coverage and PIT of each forecaster."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.market.backtesting.result import Backtest
from keras_wgan.market.backtesting.scores import INTERVALS
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, PLAIN, REAL, TEXT, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 10
NAME_WIDTH = 16
ROW = 1.55  # inches
ERRORS = 2.0  # standard errors that a bar reaches to either side


def backtest_picture(result: Backtest) -> Figure:
    """Draws a row for each forecaster: CRPS ratio, coverage and PIT histogram.

    On the left, the CRPS over that of the reference by days ahead, with two standard errors to
    either side: below 1 is better. In the middle, the share of outcomes inside the central 50% and
    90% intervals; the dashed lines are where they should be. On the right, the PIT at the middle
    horizon: flat is calibrated, a U is too narrow, a hill too wide.

    Example:
    ```python
    from keras_wgan.data import load_prices, log_returns
    from keras_wgan.market import BacktestSettings, BacktestSpan, backtest, baselines
    from keras_wgan.report import backtest_picture

    returns = log_returns(load_prices(start="2014-01-01", end=None, source="bundled"))
    span, settings = BacktestSpan("2016-12-31", "2018-01-01"), BacktestSettings(20, 100)
    figure = backtest_picture(backtest(returns, [baselines.get("iid normal")], span, settings))
    assert len(figure.axes) == 3
    ```

    Args:
        result: The backtest.

    Returns:
        A Matplotlib figure.
    """
    names = list(result.scores)
    figure = new_figure(10.0, 0.7 + ROW * len(names))
    grid = figure.subplots(len(names), 3, squeeze=False)
    middle = result.settings.horizons[len(result.settings.horizons) // 2]
    for axes in grid.flat:
        dress(axes, title="")
    for row, name in zip(grid, names, strict=True):
        row[0].set_ylabel(
            fill(name, NAME_WIDTH), rotation=0, ha="right", va="center", fontsize=10, **PLAIN
        )
        _draw_ratios(row[0], result, name)
        _draw_coverage(row[1], result, name)
        _draw_pit(row[2], result, name, middle)
    _share_scale([row[0] for row in grid])
    heads = (
        f"CRPS over that of {result.reference}",
        "Inside 50% and 90%",
        f"PIT, {middle} days ahead",
    )
    for axes, head in zip(grid[0], heads, strict=True):
        axes.set_title(head, loc="left", fontsize=11, fontweight="bold", color=TEXT, pad=8)
    for axes in grid[-1][:2]:
        axes.set_xlabel("days ahead", fontsize=10)
    return figure


def _draw_ratios(axes: Axes, result: Backtest, name: str) -> None:
    horizons = result.settings.horizons
    found = [result.comparison(name, "crps", days) for days in horizons]
    places = np.arange(len(horizons))
    ratios = np.array([each.ratio for each in found])
    errors = ERRORS * np.nan_to_num(np.array([each.ratio_error for each in found]))
    shown = np.isfinite(ratios)
    axes.axhline(1.0, color=NEUTRAL, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.errorbar(
        places[shown], ratios[shown], errors[shown], fmt="o", color=GENERATED, capsize=3, ms=5
    )
    if not shown.all():
        axes.text(0.98, 0.9, "beyond the scale", ha="right", transform=axes.transAxes, fontsize=9)
    axes.set_xticks(places, labels=[str(days) for days in horizons])
    axes.set_xlim(-0.5, len(horizons) - 0.5)


def _draw_coverage(axes: Axes, result: Backtest, name: str) -> None:
    horizons = result.settings.horizons
    places = np.arange(len(horizons))
    for level, color in zip(INTERVALS, (NEUTRAL, REAL), strict=True):
        shares = [100.0 * result.coverage(name, days, level=level) for days in horizons]
        axes.axhline(100.0 * level, color=color, linewidth=1.0, linestyle=(0, (4, 3)))
        axes.plot(places, shares, "o-", color=color, markersize=5, linewidth=1.2)
    axes.set_xticks(places, labels=[str(days) for days in horizons])
    axes.set_xlim(-0.5, len(horizons) - 0.5)
    axes.set_ylim(20.0, 102.0)
    axes.yaxis.set_major_formatter("{x:g}%")


def _draw_pit(axes: Axes, result: Backtest, name: str, days: int) -> None:
    density = result.pit(name, days, bins=BINS).density
    edges = np.linspace(0.0, 1.0, BINS + 1)
    axes.bar(edges[:-1], density, width=1.0 / BINS, align="edge", color=REAL, edgecolor="white")
    axes.axhline(1.0, color=GENERATED, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], labels=["0", "0.5", "1"])
    axes.set_ylim(0.0, max(2.0, 1.1 * max(density)))


def _share_scale(panels: list[Axes]) -> None:
    lows, highs = zip(*(axes.get_ylim() for axes in panels), strict=True)
    for axes in panels:
        axes.set_ylim(min(lows), max(highs))
