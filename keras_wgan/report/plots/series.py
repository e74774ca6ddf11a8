"""Pictures of windows of several series, with a panel for each column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics import MotionStatistics, series_statistics
from keras_wgan.report.plots.style import (
    GRID,
    NEUTRAL,
    PLAIN,
    SIDES,
    TEXT,
    add_legend_below,
    dress,
    new_panels,
)
from keras_wgan.report.tables.text import shorten_inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

MAX_COLUMNS = 12  # in a picture
DRAWN = 12  # windows of either side
ACROSS = 3  # panels
LETTERS = 28  # of a column's name
BINS = 50
MOST_WHOLE, ROUNDING = 5000, 0.01  # range of whole numbers, and how far float32 may leave them
LARGE = 1e5  # numbers that are written with a letter
ALIKE = 1e-3  # of their size, in which numbers differ too little to be written whole

Array = NDArray[np.float64]


def series_picture(
    real: ArrayLike, generated: ArrayLike, columns: Sequence[str], *, title: str = ""
) -> Figure:
    """Draws a dozen real and a dozen generated windows side by side, in a panel for each column.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import series_picture

    rng = np.random.default_rng(0)
    figure = series_picture(*rng.normal(size=(2, 20, 24, 3)), ["a", "b", "c"])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["a", "b", "c"]
    ```

    Args:
        real: `(n, rows, columns)` real windows, of which evenly spaced ones are drawn.
        generated: `(m, rows, columns)` generated windows, of which the first are drawn.
        columns: The names of the columns, of which the first 12 are drawn.
        title: A line above all panels. Defaults to `""`, none.

    Returns:
        A Matplotlib figure.

    Raises:
        ValueError: If the windows do not fit each other or the columns, or are not finite.
    """
    sides = _checked(real, generated, columns)
    rows = sides[0].shape[1]
    some = np.linspace(0, len(sides[0]) - 1, min(DRAWN, len(sides[0]))).round().astype(int)
    drawn = (sides[0][some], sides[1][:DRAWN])
    gap = max(2.0, 0.16 * rows)
    starts = (0.0, rows - 1 + gap)
    figure, panels = _panels(columns, title)
    for column, axes in panels:
        for windows, start, (label, color) in zip(drawn, starts, SIDES, strict=True):
            places = start + np.arange(rows)
            lines = axes.plot(places, windows[:, :, column].T, color=color, alpha=0.55, lw=0.9)
            lines[0].set_label(f"{label} windows")
        axes.axvline(rows - 1 + gap / 2, color=GRID, lw=1.2)
        ends = [place for start in starts for place in (start, start + rows - 1)]
        axes.set_xticks(ends, ["1", str(rows)] * 2)
        _dress(axes, columns[column], axes.yaxis)
        axes.grid(False, axis="x")
    add_legend_below(figure, figure.axes[0])
    return figure


def series_distributions(real: ArrayLike, generated: ArrayLike, columns: Sequence[str]) -> Figure:
    """Draws how often values occur in real and in generated windows, for each column.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import series_distributions

    rng = np.random.default_rng(0)
    figure = series_distributions(*rng.normal(size=(2, 20, 24, 3)), ["a", "b", "c"])
    assert len(figure.axes) == 3
    ```

    Args:
        real: `(n, rows, columns)` real windows.
        generated: `(m, rows, columns)` generated windows.
        columns: The names of the columns, of which the first 12 are drawn.

    Returns:
        A Matplotlib figure.

    Raises:
        ValueError: If the windows do not fit each other or the columns, or are not finite.
    """
    from matplotlib.ticker import MaxNLocator

    sides = _checked(real, generated, columns)
    figure, panels = _panels(columns)
    for column, axes in panels:
        values = [side[:, :, column].ravel() for side in sides]
        edges = _edges(values[0])
        if (edges % 1.0 == 0.5).all():  # of whole numbers
            axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        for found, (label, color) in zip(values, SIDES, strict=True):
            inside = np.clip(found, edges[0], edges[-1])
            counts = np.histogram(inside, edges)[0] / len(found)
            axes.stairs(counts, edges, color=color, lw=1.4, label=label)
        axes.yaxis.set_major_formatter("{x:.0%}")
        _dress(axes, columns[column], axes.xaxis)
    add_legend_below(figure, figure.axes[0])
    return figure


def series_autocorrelations(
    real: ArrayLike, generated: ArrayLike, columns: Sequence[str]
) -> Figure:
    """Draws the autocorrelations of values and steps over the lags of half a window.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import series_autocorrelations

    rng = np.random.default_rng(0)
    figure = series_autocorrelations(*rng.normal(size=(2, 20, 24, 3)), ["a", "b", "c"])
    assert len(figure.axes[0].lines) == 5  # two of either side, and zero
    ```

    Args:
        real: `(n, rows, columns)` real windows.
        generated: `(m, rows, columns)` generated windows.
        columns: The names of the columns, of which the first 12 are drawn.

    Returns:
        A Matplotlib figure.

    Raises:
        ValueError: If the windows do not fit each other or the columns, or are not finite.
    """
    from matplotlib.ticker import MaxNLocator

    found = [series_statistics(side) for side in _checked(real, generated, columns)]
    figure, panels = _panels(columns)
    for column, axes in panels:
        axes.axhline(0.0, color=NEUTRAL, lw=0.8)
        for side, (label, color) in zip(found, SIDES, strict=True):
            _memory(axes, side.values, column, f"{label} values", color=color)
            _memory(axes, side.steps, column, f"{label} steps", color=color, linestyle="--")
        axes.set_ylim(-1.05, 1.05)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        _dress(axes, columns[column])
    add_legend_below(figure, figure.axes[0])
    return figure


def _edges(values: Array) -> Array:
    """Returns the edges of bins around real values; of whole numbers each bin holds as many.

    They go by the real values alone: a diverged generator would leave them a single bin.
    """
    low, high = values.min(), values.max()
    whole = high - low <= MOST_WHOLE and np.abs(values - values.round()).max() < ROUNDING
    reach = 0.1 * (high - low)
    if not whole:
        return np.linspace(low - reach, high + reach, BINS + 1)
    step = max(1.0, np.ceil((high - low + 2 * reach) / BINS))
    bins = np.ceil((high - low + 1.0 + 2 * reach) / step)
    start = np.round(low - reach) - 0.5
    return np.asarray(start + step * np.arange(bins + 1))


def _memory(axes: Axes, motion: MotionStatistics, column: int, label: str, **style: Any) -> None:
    memory = motion.autocorrelation[:, column]
    axes.plot(np.arange(1, len(memory) + 1), memory, lw=1.4, label=label, **style)


def _dress(axes: Axes, name: str, units: Axis | None = None) -> None:
    """Gives a small panel the name of its column, and an axis of units numbers that fit."""
    dress(axes, title=shorten_inside(name, LETTERS))
    if units is None:
        return
    from matplotlib.ticker import EngFormatter

    low, high = sorted(units.get_view_interval())
    size, span = max(abs(low), abs(high)), high - low
    if span < ALIKE * size:  # labels would be long, or all the same
        digits = -int(np.ceil(np.log10(span)))
        base = round(float(low + high) / 2.0, digits)
        units.set_major_formatter(lambda value, _: f"{value - base:+.3g}" if value != base else "0")
        units.set_label_text(f"from {base:,.15g}", fontsize=9, color=NEUTRAL, **PLAIN)
    elif size >= LARGE:
        units.set_major_formatter(EngFormatter(sep=""))  # 20M for 20,000,000


def _panels(columns: Sequence[str], title: str = "") -> tuple[Figure, Iterator[tuple[int, Axes]]]:
    """Returns a figure and the panels of the columns that are drawn, by their numbers."""
    drawn = min(len(columns), MAX_COLUMNS)
    across = min(ACROSS, drawn) if drawn != 4 else 2
    rows = -(-drawn // across)
    figure, grid = new_panels(3.0 * across + 1.0, 0.7 + 2.1 * rows, (rows, across))
    every = list(grid.ravel())
    for axes in every[drawn:]:
        axes.remove()
    left = len(columns) - drawn
    note = f"The first {drawn} of {len(columns)} columns" if left else ""
    if heading := ", ".join(part for part in (title, note) if part):
        figure.suptitle(heading, fontsize=11, color=TEXT, **PLAIN)
    return figure, enumerate(every[:drawn])


def _checked(real: ArrayLike, generated: ArrayLike, columns: Sequence[str]) -> tuple[Array, Array]:
    sides = finite_array("real", real), finite_array("generated", generated)
    shapes = [side.shape for side in sides]
    if any(len(shape) != 3 or not all(shape) for shape in shapes) or (
        shapes[0][1:] != shapes[1][1:] or shapes[0][2] != len(columns)
    ):
        raise InvalidInputError(
            "`real` and `generated` must have the shape (n, rows, columns), with a name in "
            f"`columns` for each column. Received: real.shape={shapes[0]}, "
            f"generated.shape={shapes[1]}, {len(columns)} names"
        )
    return sides
