"""The colors, axes and legends of all pictures, and the writer of PNG files.

Only Matplotlib's object-oriented interface is used: no pyplot, no window, no change to the user's
settings.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

REAL = "#1f2a3c"  # black-blue
GENERATED = "#bf4d1a"  # burnt orange: apart from REAL in print and for the color-blind
SIDES = (("Real", REAL), ("Generated", GENERATED))
NEUTRAL = "#6b7686"
GRID = "#e6e9ee"
TEXT = "#2b3340"

DOTS_PER_INCH = 150
NARROW_WIDTH = 5.0  # inches, at which letters can be read on a phone
NARROW_HEIGHT = 0.8  # of a panel's height elsewhere
# Names of users are no formulas: Matplotlib would fail on a column "$ of a $100 note".
PLAIN: dict[str, Any] = {"parse_math": False}
LETTERS = 42  # that fit above a narrow panel

_NARROW: ContextVar[bool] = ContextVar("narrow", default=False)


def save_picture(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Writes a picture as PNG, at 150 dots per inch, whole or not at all.

    Example:
    ```python
    import tempfile
    import numpy as np
    from keras_wgan.report import image_grid
    from keras_wgan.report import save_picture

    with tempfile.TemporaryDirectory() as folder:
        path = save_picture(image_grid(np.zeros((4, 8, 8, 1)), columns=2), f"{folder}/grid.png")
        assert path.stat().st_size > 0
    ```

    Args:
        figure: The picture.
        path: A file that ends in `.png`. Missing folders are made.

    Returns:
        The path written.

    Raises:
        OSError: If the file cannot be written.
        ValueError: If `path` does not end in `.png`.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise InvalidInputError(f"`path` must end in .png. Received: path={str(target)!r}")
    with atomic_path(target) as unfinished:
        figure.savefig(unfinished, format="png", dpi=DOTS_PER_INCH)
    return target


def new_figure(width: float, height: float) -> Figure:
    """Returns an empty white figure of a size in inches, or says how to install Matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingPackageError("Pictures need Matplotlib: pip install matplotlib") from error
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    spacing = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1, wspace=0.03, hspace=0.03)
    return Figure(figsize=(width, height), layout=spacing, facecolor="white")


@contextmanager
def narrow() -> Iterator[None]:
    """Draws figures for a phone: about half as wide, with panels below each other."""
    token = _NARROW.set(True)
    try:
        yield
    finally:
        _NARROW.reset(token)


def is_narrow() -> bool:
    """Says whether figures are drawn for a phone."""
    return _NARROW.get()


def new_panels(
    width: float,
    height: float,
    shape: tuple[int, int],
    *,
    sharex: bool = False,
    sharey: bool | Literal["row"] = False,
) -> tuple[Figure, NDArray[Any]]:
    """Returns a figure of a size in inches, and its axes in rows and columns.

    On a phone the columns are below each other, and the figure is as much higher.
    """
    rows, columns = shape
    if not is_narrow():
        figure = new_figure(width, height)
        return figure, figure.subplots(rows, columns, sharex=sharex, sharey=sharey, squeeze=False)
    figure = new_figure(NARROW_WIDTH, NARROW_HEIGHT * height * columns)
    stack = figure.subplots(rows * columns, 1, sharex=sharex, sharey=sharey is True, squeeze=False)
    grid = stack.reshape(rows, columns)
    if sharey == "row":
        for first, *others in grid:
            for axes in others:
                axes.sharey(first)
    return figure, grid


def dress(axes: Axes, *, title: str, x: str = "", y: str = "") -> None:
    """Gives axes their title, labels with units, a light grid and no top or right frame."""
    if is_narrow():
        title, x = (wrapped(text, LETTERS) for text in (title, x))
    heading: dict[str, Any] = {"loc": "left", "fontsize": 11, "fontweight": "bold", "pad": 8}
    axes.set_title(title, color=TEXT, **heading, **PLAIN)
    axes.set_xlabel(x, fontsize=10, color=TEXT, **PLAIN)
    axes.set_ylabel(y, fontsize=10, color=TEXT, **PLAIN)
    axes.tick_params(labelsize=9, colors=TEXT, length=3)
    axes.set_facecolor("white")
    axes.grid(True, which="major", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(NEUTRAL)


def wrapped(text: str, letters: int) -> str:
    """Returns a text in lines of at most so many letters; lines that it has stay apart."""
    return "\n".join(fill(line, letters) for line in text.split("\n"))


def side_label(side: str, values: NDArray[np.float64]) -> str:
    """Returns the legend of a side's autocorrelations, which are undefined where nothing varies."""
    return side if np.isfinite(values).all() else f"{side} (undefined: never varies)"


def set_log_ticks(axis: Axis) -> None:
    """Puts ticks with plain numbers on a log scale, at 1, 2 and 5 times the powers of ten.

    On a phone they are at 1 and 3 times these.
    """
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=(1.0, 3.0) if is_narrow() else (1.0, 2.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def plain(legend: Legend) -> None:
    """Writes the entries of a legend as they are, see `PLAIN`."""
    for entry in legend.get_texts():
        entry.set_parse_math(False)


def add_legend(axes: Axes, place: Literal["best", "upper right"] = "best") -> None:
    """Adds a legend inside the axes, where it hides least."""
    plain(axes.legend(loc=place, fontsize=9, labelcolor=TEXT, edgecolor="none", framealpha=0.8))


def add_legend_below(figure: Figure, *sources: Axes) -> None:
    """Adds a legend under all panels, in one row, or on a phone in one or two columns."""
    entries = [axes.get_legend_handles_labels() for axes in sources]
    handles = [handle for found, _ in entries for handle in found]
    labels = [label for _, found in entries for label in found]
    legend = figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=_legend_columns(labels),
        fontsize=9,
        labelcolor=TEXT,
        frameon=False,
    )
    plain(legend)


def _legend_columns(labels: list[str]) -> int:
    if not is_narrow():
        return len(labels)
    return 2 if max(map(len, labels), default=0) < LETTERS // 2 + 8 else 1
