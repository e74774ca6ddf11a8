"""The picture of the tails: how often daily returns exceed a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.plots.style import (
    NEUTRAL,
    SIDES,
    add_legend_below,
    dress,
    new_panels,
    set_log_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_POINTS = 600  # a curve; a picture has no more dots across


def tails_picture(real: ArrayLike, generated: ArrayLike) -> Figure:
    """Draws the share of days that fall or rise by at least a size, on two log scales.

    A straight line is a power law, the tail of real markets; a normal distribution bends down.
    All days of all windows are pooled. The scales end 50% beyond the largest real day.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import tails_picture

    windows = np.random.default_rng(0).standard_t(4, size=(200, 30)) / 100
    losses, gains = tails_picture(windows, windows).axes
    assert losses.get_xscale() == gains.get_yscale() == "log"
    ```

    Args:
        real: Real log returns a day, shape `(windows, days)` or `(windows, days, 1)`, with falls
            and rises.
        generated: Generated log returns a day, of the same form.

    Returns:
        A Matplotlib figure: falls on the left, rises on the right, on the same scales.

    Raises:
        ValueError: If the returns have another shape, or are NaN or infinite, or the real ones are
            constant.
    """
    days = [as_windows(real, "real") * 100.0, as_windows(generated, "generated") * 100.0]
    mean, std = float(days[0].mean()), float(days[0].std())
    if days[0].min() == days[0].max():
        raise InvalidInputError(
            f"`real` must vary, or there is no scale to draw on. Received: {mean}% "
            "every day. Look for a constant column in the data."
        )
    figure, (panels,) = new_panels(10.0, 4.2, (1, 2), sharex=True, sharey=True)
    biggest = 1.5 * float(np.abs(days[0]).max())
    for axes, sign, title in ((panels[0], -1.0, "Falls"), (panels[1], 1.0, "Rises")):
        for percent, (name, color) in zip(days, SIDES, strict=True):
            sizes, shares = exceedance(sign * percent.ravel())
            axes.step(sizes, shares, where="pre", color=color, linewidth=1.7, label=name)
        _draw_normal(axes, sign * mean, std, biggest)
        unit = f"{title[:-1]} in a day, percent (log return)"
        dress(axes, title=f"{title}, both scales logarithmic", x=unit)
    panels[0].set_ylabel("Share of days with at least this", fontsize=10)
    _frame(panels[0], std, biggest, days[0].size)
    add_legend_below(figure, panels[0])
    return figure


def exceedance(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns sizes above zero in rising order, and the share of values that are at least as large.

    At most 600 of each, thinned evenly in the logarithm of the share.
    """
    falling = np.sort(values[values > 0.0])[::-1]
    if len(falling) == 0:
        return falling, falling
    ranks = np.unique(np.geomspace(1, len(falling), MAX_POINTS).round().astype(int))
    return falling[ranks - 1][::-1], (ranks / len(values))[::-1]


def _draw_normal(axes: Axes, mean: float, std: float, biggest: float) -> None:
    from scipy.special import ndtr

    sizes = np.geomspace(0.1 * std, biggest, 400)
    label = "Normal with the real mean and std"
    shares = ndtr((mean - sizes) / std)
    axes.plot(sizes, shares, color=NEUTRAL, linestyle="--", linewidth=1.0, label=label)


def _frame(axes: Axes, std: float, biggest: float, days: int) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.4 * std, biggest)
    axes.set_ylim(0.5 / days, 0.6)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100.0 * share:g}%")
    set_log_ticks(axes.xaxis)
