"""The fan of scenario prices after the last real price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.plots.paths import evenly_spread, price_curves
from keras_wgan.report.plots.style import (
    GENERATED,
    NEUTRAL,
    REAL,
    TEXT,
    add_legend_below,
    dress,
    is_narrow,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
PAST_DAYS = 60  # of real prices before the fan


def fan_picture(
    generated: ArrayLike,
    start_price: float,
    *,
    history: pd.Series[Any] | None = None,
    real: ArrayLike | None = None,
    paths: int = 6,
    start: str = "",
) -> Figure:
    """Draws scenario prices as a fan: their 5, 25, 50, 75 and 95% quantiles on each day.

    The paths shown are spread evenly over the array, first to last. Each band is that of its day:
    no single scenario follows the edge of a band.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import fan_picture

    scenarios = np.random.default_rng(0).normal(scale=0.01, size=(500, 60))
    figure = fan_picture(scenarios, 4769.83, paths=3)
    last_day = np.quantile(4769.83 * np.exp(scenarios.sum(axis=1)), 0.5)
    median = next(line for line in figure.axes[0].lines if line.get_gid() == "generated 50%")
    assert np.isclose(median.get_ydata()[-1], last_day)
    ```

    Args:
        generated: Generated log returns a day, shape `(scenarios, days)` or
            `(scenarios, days, 1)`.
        start_price: Price before the first day of each scenario, above zero.
        history: Real log returns a day under their dates, up to the start, to draw the prices of
            the last 60 days. Defaults to `None`.
        real: Real log returns a day, shape `(windows, days)` or `(windows, days, 1)`, to draw their
            5, 50 and 95% quantiles from the same start as dashed lines. Defaults to
            `None`.
        paths: The number of scenarios drawn as lines. Defaults to `6`.
        start: The state in which the scenarios begin, for the title, such as
            `"from today's state"`. Defaults to `""`.

    Returns:
        A Matplotlib figure with one panel, in trading days before and after the start.

    Raises:
        ValueError: If the returns have another shape, or are NaN or infinite, `start_price` is not
            above zero, or `paths` is below 1.
    """
    paths = whole_number("paths", paths)
    scenarios = price_curves(as_windows(generated, "generated"), start_price)
    # On a phone the legend is several lines.
    figure, ((axes,),) = new_panels(10.0, 6.4 if is_narrow() else 4.8, (1, 1))
    past = _draw_past(axes, history, start_price)
    _draw_bands(axes, scenarios, paths)
    if real is not None:
        _draw_real_quantiles(axes, price_curves(as_windows(real, "real"), start_price))
    _label_start(axes, start_price, history)
    _label_ends(axes, scenarios)
    title = f"{len(scenarios):,} scenarios of the next {scenarios.shape[1] - 1} trading days"
    title += f", {start}" if start else ""
    dress(axes, title=title, x="Trading days from the start", y="Price")
    axes.yaxis.set_major_formatter("{x:,g}")
    days = scenarios.shape[1] - 1
    room = 0.26 if is_narrow() else 0.11  # for the labels of the bands
    axes.set_xlim(-past - 1, days + room * (past + days))
    low, high = axes.get_ylim()
    # A generator that diverged would press everything else into one flat line.
    axes.set_ylim(max(low, 0.0), min(high, 10.0 * start_price))
    add_legend_below(figure, axes)
    return figure


def _draw_past(axes: Axes, history: pd.Series[Any] | None, start_price: float) -> int:
    if history is None:
        return 0
    returns = np.asarray(history, dtype=np.float64)[-PAST_DAYS:]
    backwards = np.cumsum(np.pad(returns[::-1], (1, 0)))
    prices = (start_price * np.exp(-backwards))[::-1]
    axes.plot(np.arange(-len(returns), 1), prices, color=REAL, linewidth=1.6, label="Real price")
    return len(returns)


def _draw_bands(axes: Axes, prices: NDArray[np.float64], paths: int) -> None:
    days = np.arange(prices.shape[1])
    low, lower, middle, upper, high = np.quantile(prices, QUANTILES, axis=0)
    outer, inner = "9 in 10 scenarios", "5 in 10 scenarios"
    axes.fill_between(days, low, high, color=GENERATED, alpha=0.16, linewidth=0, label=outer)
    axes.fill_between(days, lower, upper, color=GENERATED, alpha=0.30, linewidth=0, label=inner)
    (median,) = axes.plot(days, middle, color=GENERATED, linewidth=2.2, label="Median", zorder=3)
    median.set_gid("generated 50%")
    shown = evenly_spread(prices, paths)
    lines = axes.plot(days, shown.T, color=GENERATED, linewidth=0.8, alpha=0.75)
    lines[0].set_label(f"{len(shown)} of them")


def _draw_real_quantiles(axes: Axes, prices: NDArray[np.float64]) -> None:
    quantiles = np.quantile(prices, (0.05, 0.5, 0.95), axis=0)
    lines = axes.plot(
        np.arange(prices.shape[1]), quantiles.T, color=REAL, linewidth=1.1, linestyle=(0, (4, 3))
    )
    lines[0].set_label(f"5, 50, 95% of {len(prices):,} real windows")


def _label_start(axes: Axes, start_price: float, history: pd.Series[Any] | None) -> None:
    day = (
        "" if history is None or is_narrow() else f" on {pd.Timestamp(history.index[-1]):%Y-%m-%d}"
    )
    axes.axvline(0.0, color=NEUTRAL, linewidth=0.8, linestyle=":")
    axes.plot([0.0], [start_price], "o", color=REAL, markersize=6, zorder=4)
    axes.annotate(
        f"Start: {start_price:,.2f}{day}",
        xy=(0.0, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(8.0 if history is None else -8.0, -8.0),
        textcoords="offset points",
        ha="right" if history is not None else "left",
        va="top",
        fontsize=9.5,
        fontweight="bold",
        color=TEXT,
    )


def _label_ends(axes: Axes, prices: NDArray[np.float64]) -> None:
    digits = 0 if prices[0, 0] >= 1000.0 else 2
    for share, price in zip(QUANTILES, np.quantile(prices[:, -1], QUANTILES), strict=True):
        axes.annotate(
            f"{share:.0%}: {price:,.{digits}f}",
            xy=(prices.shape[1] - 1, float(price)),
            xytext=(5.0, 0.0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=TEXT,
            annotation_clip=True,
        )
