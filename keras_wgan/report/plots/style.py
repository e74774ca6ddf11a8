"""The colors, axes and legends of all pictures, and the writer of PNG files.

Only Matplotlib's object-oriented interface is used: no pyplot, no window, no change to the user's
settings.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

REAL = "#1f2a3c"  # black-blue
GENERATED = "#d9622b"  # burnt orange: apart from REAL in print and for the color-blind
SIDES = (("Real", REAL), ("Generated", GENERATED))
NEUTRAL = "#6b7686"
GRID = "#e6e9ee"
TEXT = "#2b3340"

DOTS_PER_INCH = 150


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


def dress(axes: Axes, *, title: str, x: str = "", y: str = "") -> None:
    """Gives axes their title, labels with units, a light grid and no top or right frame."""
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=TEXT, pad=8)
    axes.set_xlabel(x, fontsize=10, color=TEXT)
    axes.set_ylabel(y, fontsize=10, color=TEXT)
    axes.tick_params(labelsize=9, colors=TEXT, length=3)
    axes.set_facecolor("white")
    axes.grid(True, which="major", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(NEUTRAL)


def side_label(side: str, values: NDArray[np.float64]) -> str:
    """Returns the legend of a side's autocorrelations, which are undefined where nothing varies."""
    return side if np.isfinite(values).all() else f"{side} (undefined: never varies)"


def set_log_ticks(axis: Axis) -> None:
    """Puts ticks with plain numbers on a log scale, at 1, 2 and 5 times the powers of ten."""
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def add_legend(axes: Axes) -> None:
    """Adds a legend inside the axes, where it hides least."""
    axes.legend(loc="best", fontsize=9, labelcolor=TEXT, edgecolor="none", framealpha=0.8)


def add_legend_below(figure: Figure, *sources: Axes) -> None:
    """Adds one row of legend under all panels."""
    entries = [axes.get_legend_handles_labels() for axes in sources]
    handles = [handle for found, _ in entries for handle in found]
    labels = [label for _, found in entries for label in found]
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=len(labels),
        fontsize=9,
        labelcolor=TEXT,
        frameon=False,
    )
