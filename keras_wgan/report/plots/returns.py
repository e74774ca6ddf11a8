"""The histogram of daily returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics import ReturnMoments, return_moments
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.plots.style import (
    NEUTRAL,
    REAL,
    SIDES,
    add_legend_below,
    dress,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 71  # odd, so that one bin is centered on zero


def histogram_picture(real: ArrayLike, generated: ArrayLike) -> Figure:
    """Compares the frequency of daily returns by size, on a linear and on a log scale.

    The linear scale shows the center, the log scale the tails. All days of all windows are pooled.
    The bins grow with the size of a return, so that also rare days share a bin. They reach a
    quarter beyond the largest real day; generated days further out are counted in the outermost
    bins, and the legend says how many.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import histogram_picture

    windows = np.random.default_rng(0).standard_t(4, size=(200, 30)) / 100
    figure = histogram_picture(windows, windows)
    assert [axes.get_yscale() for axes in figure.axes] == ["linear", "log"]
    ```

    Args:
        real: Real log returns a day, shape `(windows, days)` or `(windows, days, 1)`, at least 100
            windows of 2 days or more, not all equal.
        generated: Generated log returns a day, of the same form.

    Returns:
        A Matplotlib figure with two panels over the same bins, in percent a day.

    Raises:
        ValueError: If `keras_wgan.metrics.return_moments` refuses the returns, or the real ones are
            constant.
    """
    days = [as_windows(real, "real") * 100.0, as_windows(generated, "generated") * 100.0]
    moments = [return_moments(percent, lags=1) for percent in days]
    if moments[0].std == 0.0:
        raise InvalidInputError(
            f"`real` must vary, or there is no scale to draw on. Received: {moments[0].mean}% "
            "every day. Look for a constant column in the data."
        )
    limit = 1.25 * float(np.abs(days[0]).max())
    edges = histogram_edges(limit, moments[0].std)
    densities = [_density(percent, edges) for percent in days]
    figure, ((center, tails),) = new_panels(10.0, 4.2, (1, 2))
    for axes in (center, tails):
        axes.stairs(densities[0], edges, fill=True, color=REAL, alpha=0.25)
        for number, (side, color) in enumerate(SIDES):
            label = _histogram_label(side, days[number], moments[number], limit)
            axes.stairs(densities[number], edges, color=color, linewidth=1.3, label=label)
        _draw_normal(axes, moments[0], limit)
    unit = "Return, percent a day"
    dress(center, title="Ordinary days, on a linear scale", x=unit, y="Density, per percent")
    dress(tails, title="Rare days, on a log scale", x=unit)
    peaks = [float(density.max()) for density in densities]
    center.set_xlim(-4.0 * moments[0].std, 4.0 * moments[0].std)
    # A collapsed generator is one endless spike: cut it, and the real days can still be read.
    center.set_ylim(0.0, 1.1 * max(peaks[0], min(peaks[1], 3.0 * peaks[0])))
    tails.set_xlim(-limit, limit)
    tails.set_yscale("log")
    # From half the height of the widest bin with a single real day: below it is nothing real.
    tails.set_ylim(0.5 / (days[0].size * float(np.diff(edges).max())), 2.0 * max(peaks))
    add_legend_below(figure, center)
    return figure


def histogram_edges(limit: float, std: float) -> NDArray[np.float64]:
    """Returns edges from `-limit` to `limit` of bins as wide as a return is large.

    Even bins would be empty between the few real days in the tails.
    """
    reach = np.arcsinh(limit / std)
    return np.asarray(std * np.sinh(np.linspace(-reach, reach, BINS + 1)))


def _histogram_label(
    name: str, percent: NDArray[np.float64], moments: ReturnMoments, limit: float
) -> str:
    kurtosis = moments.excess_kurtosis
    shape = f"{kurtosis:.2f}" if np.isfinite(kurtosis) else "undefined"
    label = f"{name}: std {moments.std:.2f}%, excess kurtosis {shape}"
    beyond = int(np.sum(np.abs(percent) > limit))
    days = "day" if beyond == 1 else "days"
    return f"{label}\n({beyond:,} {days} beyond the frame)" if beyond else label


def _density(percent: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    # Clipped, so that a day beyond the frame counts in the outermost bin and none is lost.
    counts, _ = np.histogram(np.clip(percent, edges[0], edges[-1]), bins=edges)
    return counts / (percent.size * np.diff(edges))


def _draw_normal(axes: Axes, moments: ReturnMoments, limit: float) -> None:
    days = np.linspace(-limit, limit, 801)
    density = np.exp(-0.5 * ((days - moments.mean) / moments.std) ** 2)
    density /= moments.std * np.sqrt(2.0 * np.pi)
    label = "Normal with the real mean and std"
    axes.plot(days, density, color=NEUTRAL, linestyle="--", linewidth=1.0, label=label)
