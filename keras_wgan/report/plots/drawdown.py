"""The picture of the largest fall and the volatility of each window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range
from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.drawdowns import largest_drawdowns
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.plots.style import REAL, SIDES, add_legend, dress, new_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 36
VOLATILITY_TICKS = (1, 2, 5, 10, 20, 40, 80, 160)
STILL = 1e-9  # percent a year: rounding alone


def drawdown_and_volatility_picture(
    real: ArrayLike, generated: ArrayLike, *, periods_per_year: float = TRADING_DAYS
) -> Figure:
    """Compares the largest fall inside each window, and the volatility of each window.

    The drawdown of a window is its largest fall from the highest price so far, the start included.
    Its volatility is the standard deviation (`ddof=0`) of its days, for a year. Volatilities
    beyond the frame, which is that of the real windows with a third to spare, are counted in the
    outermost bins.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import drawdown_and_volatility_picture

    windows = np.random.default_rng(0).normal(scale=0.01, size=(200, 60))
    falls, spread = drawdown_and_volatility_picture(windows, windows).axes
    assert falls.get_yscale() == "log" and spread.get_xscale() == "log"
    ```

    Args:
        real: Real log returns a day, shape `(windows, days)` or `(windows, days, 1)`. A constant
            window, as of a closed market, counts in the lowest bin.
        generated: Generated log returns a day, of the same form.
        periods_per_year: The number of returns in a year. Defaults to `252`.

    Returns:
        A Matplotlib figure: drawdowns on the left, volatilities on the right.

    Raises:
        ValueError: If the returns have another shape, or are NaN or infinite, or the real ones are
            constant.
    """
    windows = (as_windows(real, "real"), as_windows(generated, "generated"))
    year = 100.0 * np.sqrt(in_range("periods_per_year", periods_per_year, above=0.0))
    volatilities = [year * np.asarray(side.std(axis=1), np.float64) for side in windows]
    if volatilities[0].max() < STILL:
        raise InvalidInputError(
            "`real` must vary, or there is no volatility to draw. Received: "
            f"{len(windows[0])} windows that never vary. Look for a gap in the prices"
        )
    figure, ((left, right),) = new_panels(10.0, 4.2, (1, 2))
    _draw_drawdowns(left, [worst_falls(side) for side in windows])
    _draw_volatilities(right, volatilities)
    return figure


def worst_falls(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the largest fall of each window from its highest price so far, in percent."""
    return np.asarray(-100.0 * np.expm1(-largest_drawdowns(windows)))


def _draw_drawdowns(axes: Axes, falls: list[NDArray[np.float64]]) -> None:
    for (name, color), depths in zip(SIDES, falls, strict=True):
        middle, deep = np.quantile(depths, [0.5, 0.95])
        label = f"{name}: median {middle:.1f}%, 1 in 20 beyond {deep:.1f}%"
        shares = np.arange(len(depths), 0, -1) / len(depths)
        axes.step(np.sort(depths), shares, where="pre", color=color, linewidth=1.7, label=label)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda share, _: f"{100.0 * share:g}%")
    axes.set_xlim(0.0, min(100.0, max(1.0, 1.4 * float(falls[0].max()))))
    axes.set_ylim(0.8 / len(falls[0]), 1.3)
    dress(
        axes,
        title="Drawdown of each window, on a log scale",
        x="Largest fall inside a window, percent",
        y="Share of windows with at least this fall",
    )
    add_legend(axes, "upper right")  # above the lines, which fall; "best" covered their ends


def _draw_volatilities(axes: Axes, volatilities: list[NDArray[np.float64]]) -> None:
    real = volatilities[0][volatilities[0] >= STILL]
    edges = np.geomspace(real.min() / 1.33, real.max() * 1.33, BINS + 1)
    highest = 0.0
    for (name, color), values in zip(SIDES, volatilities, strict=True):
        # Clipped, so that a window beyond the frame counts in the outermost bin and none is lost.
        counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
        shares = counts / len(values)
        highest = max(highest, float(shares.max()))
        low, high = np.quantile(values, [0.05, 0.95])
        label = f"{name}: 9 in 10 from {low:.0f} to {high:.0f}%"
        if color == REAL:
            axes.stairs(shares, edges, fill=True, color=color, alpha=0.25)
        axes.stairs(shares, edges, color=color, linewidth=1.7, label=label)
    axes.set_xscale("log")
    axes.set_xlim(edges[0], edges[-1])
    ticks = [tick for tick in VOLATILITY_TICKS if edges[0] <= tick <= edges[-1]]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100.0 * share:g}%")
    axes.set_ylim(0.0, 1.25 * highest)
    dress(
        axes,
        title="Volatility of each window",
        x="Volatility of a window, percent a year",
        y="Share of windows",
    )
    add_legend(axes)
