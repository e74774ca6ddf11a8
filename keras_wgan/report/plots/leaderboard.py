"""The picture of a leaderboard's composites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.market.leaderboard import HISTORY, Leaderboard
from keras_wgan.market.reference import FLOOR
from keras_wgan.market.reference import REAL as REAL_ROW
from keras_wgan.report.plots.style import (
    GENERATED,
    GRID,
    NEUTRAL,
    PLAIN,
    REAL,
    dress,
    is_narrow,
    new_panels,
    set_log_ticks,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 28  # beside the names, on a phone
MAX_COPIES = 0.01  # above this share, likeness may be copying
UNITS = {
    "families": "Mean of nine families of scores over their sampling floors, the level matched",
    "composite": "Composite: mean of each score over its sampling floor",
}
SEEDS = "Line: from the best to the worst seed"
WIDEST_LINEAR = 4.0  # where worst over best is more, a linear scale would crush the best


def leaderboard_picture(board: Leaderboard, *, highlight: Sequence[str] = ()) -> Figure:
    """Draws the score of each simulator as a dot, with the best one at the top.

    The score is the mean over the families after the level is matched, `families`, or on a board
    that has none the `composite`.

    A line through the dot reaches from the best to the worst seed. The dashed line at 1 is the
    sampling floor: left of it, a simulator is closer to history than another draw of history
    would be. A hollow dot copies over 1% of its paths from the training windows, which its score
    rewards. The scale is logarithmic where the worst score is over four times the best.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.market import Leaderboard
    from keras_wgan.report import leaderboard_picture

    scores = pd.DataFrame({"composite": [0.5, 0.9]}, index=["my run", "EGARCH-skewt"])
    board = Leaderboard("in sample", scores, {}, {}, {})
    figure = leaderboard_picture(board, highlight=["my run"])
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["my run", "EGARCH-skewt"]
    ```

    Args:
        board: The leaderboard.
        highlight: Names of rows in another color, such as the trained model's. Defaults to none.

    Returns:
        A Matplotlib figure with a row for each simulator. One whose score is not finite is at
        the bottom, with a note at the right edge.

    Raises:
        ValueError: If no simulator has a finite score above zero, or a highlighted name is not
            a row.
    """
    composites = board.scores[board.ranked_by].drop([REAL_ROW, FLOOR], errors="ignore")
    names = [str(name) for name in composites.sort_values(kind="stable", na_position="last").index]
    unknown = [name for name in highlight if name not in names]
    if unknown:
        raise InvalidInputError(
            f"`highlight` must hold names of rows: {', '.join(names)}. Received: {unknown}."
        )
    drawn = [float(composites[name]) for name in names]
    finite = [value for value in drawn if np.isfinite(value) and value > 0.0]
    if not finite:
        raise InvalidInputError(
            "`board` must hold a simulator with a finite score above zero. "
            f"Received: {dict(zip(names, drawn, strict=True))}."
        )
    around, row = (2.4, 0.6) if is_narrow() else (1.4, 0.34)  # inches
    figure, ((axes,),) = new_panels(9.0, around + row * len(names), (1, 1))
    seeds = [_of_seeds(board, name) for name in names]
    reach = [*finite, 1.0, *(value for found in seeds for value in found)]
    if max(finite) > WIDEST_LINEAR * min(finite):
        axes.set_xscale("log")
        margin = (max(reach) / min(reach)) ** 0.12  # of the labels, right of the last dot
        low, high = min(reach) / 1.2, max(reach) * margin
    else:
        low, high = 0.0, max(reach) * 1.12
    for place, (name, value, found) in enumerate(zip(names, drawn, seeds, strict=True)):
        color = GENERATED if name in highlight else NEUTRAL if name == HISTORY else REAL
        _draw_row(axes, place, _Dot(value, found, _copies(board, name), color), low, high)
    axes.axvline(1.0, color=NEUTRAL, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    title = f"Distance from the real market, {board.protocol}"
    unit = "\n".join([UNITS[board.ranked_by], *[SEEDS] * any(len(found) > 1 for found in seeds)])
    labels = names
    if is_narrow():
        title, unit = (wrapped(text, LETTERS) for text in (title, unit))
        labels = [fill(name, LETTERS // 2) for name in names]
    dress(axes, title=title, x=unit)
    axes.set_xlim(low, high)
    axes.set_ylim(len(names) - 0.4, -1.0)  # the best on top, and room for the floor's name
    axes.text(1.0, -0.62, " sampling floor", fontsize=9, color=NEUTRAL, va="center")
    axes.set_yticks(range(len(names)), labels=labels, **PLAIN)
    if axes.get_xscale() == "log":
        set_log_ticks(axes.xaxis)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(False, axis="y")
    marked = [label for label, name in zip(labels, names, strict=True) if name in highlight]
    for label in axes.get_yticklabels():
        if label.get_text() in marked:
            label.set(color=GENERATED, fontweight="bold")
    return figure


@dataclass(frozen=True)
class _Dot:
    value: float
    seeds: Sequence[float]
    copies: float
    color: str

    @property
    def label(self) -> str:
        text = f"{self.value:.2f}" if self.value < 10.0 else f"{self.value:.3g}"
        return f"{text}, copies {self.copies:.0%}" if self.copies > MAX_COPIES else text


def _of_seeds(board: Leaderboard, name: str) -> list[float]:
    found = [scores[board.ranked_by] for scores in board.by_seed.get(name, ())]
    return [value for value in found if np.isfinite(value) and value > 0.0]


def _copies(board: Leaderboard, name: str) -> float:
    return float(board.scores["copies"][name]) if "copies" in board.scores else 0.0


def _draw_row(axes: Axes, place: int, dot: _Dot, low: float, high: float) -> None:
    finite = np.isfinite(dot.value)
    end = dot.value if finite else high
    axes.hlines(place, low, end, color=GRID, linewidth=1.4, zorder=1)
    if not finite:
        axes.annotate(
            "beyond the scale ▸",
            (1.0, place),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            fontsize=9,
            color=dot.color,
        )
        return
    if dot.seeds:
        axes.hlines(place, min(dot.seeds), max(dot.seeds), color=dot.color, linewidth=2.2, zorder=2)
    face = "white" if dot.copies > MAX_COPIES else dot.color
    axes.plot(
        [dot.value],
        [place],
        "o",
        markersize=8,
        markerfacecolor=face,
        markeredgecolor=dot.color,
        markeredgewidth=1.6,
        zorder=3,
    )
    right = max([dot.value, *dot.seeds])
    axes.annotate(
        dot.label,
        (right, place),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=dot.color,
        **PLAIN,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )
