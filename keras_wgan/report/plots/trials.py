"""The picture of a hyperparameter search: settings and scores of all trials."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, REAL, TEXT, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE_SETTINGS = ("trial", "score", "status", "seconds")
WORST, MIDDLE = "#d3dae4", "#7d95b5"  # light is bad, REAL is good
FAILED_PLACE = -0.16  # of the row for trials without a score, under the axes' ends
WIDEST_LINEAR = 4.0  # where worst over best is more, a linear scale would crush the best


def trials_picture(table: pd.DataFrame, *, objective: str, log: Collection[str] = ()) -> Figure:
    """Draws each trial of a search as a line through its settings to its score.

    Each vertical line is a setting, the last one is the score with the best at the top. Better
    trials are darker; the best is orange and labeled with its numbers. Dashed lines are trials
    without a score, which diverged or failed.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.report import trials_picture

    table = pd.DataFrame(
        {
            "trial": [0, 1, 2],
            "score": [0.4, 0.2, float("nan")],
            "status": ["done", "done", "diverged"],
            "seconds": [3.0, 3.1, 0.4],
            "learning_rate": [1e-4, 3e-4, 1e-2],
            "critic_steps": [1, 5, 5],
            "cause": ["", "", "diverged: critic_loss is nan"],
        }
    )
    figure = trials_picture(table, objective="moment_distance", log=["learning_rate"])
    assert len(figure.axes[0].lines) >= 3
    ```

    Args:
        table: A row for each trial, as in `trials.csv`: `trial`, `score`, `status`, `seconds`,
            then a column for each setting, and last `cause`. A trial is drawn with its score where
            its status is `"done"`.
        objective: The name of the score.
        log: Settings that are searched on a log scale. Defaults to none.

    Returns:
        A Matplotlib figure. Settings with one value in all trials are listed below it.

    Raises:
        ValueError: If no trial is done.
    """
    done = table[table["status"] == "done"].sort_values("score", ascending=False, kind="stable")
    failed = table[~table["status"].isin(["done", "unfinished"])]
    if done.empty:
        raise InvalidInputError(
            "`table` must hold a trial whose status is done. "
            f"Received: status={sorted(set(table['status']))}."
        )
    names = [str(name) for name in table.columns if name not in (*BEFORE_SETTINGS, "cause")]
    constant = [name for name in names if table[name].nunique() == 1 < len(table)]
    scales = [_scale(table[name], name, log=name in log) for name in names if name not in constant]
    wide = done["score"].min() > 0 and done["score"].max() > WIDEST_LINEAR * done["score"].min()
    score = _scale(done["score"], objective, log=bool(wide), best_on_top=True)
    figure = new_figure(max(6.5, 1.9 * (len(scales) + 1)), 5.0)
    axes = figure.subplots()
    for place, scale in enumerate([*scales, score]):
        _draw_axis(axes, place, scale, last=place == len(scales))
    for _, row in failed.iterrows():
        heights = [*(scale(row[scale.name]) for scale in scales), FAILED_PLACE]
        axes.plot(heights, color=NEUTRAL, linewidth=1.0, linestyle=(0, (4, 3)), alpha=0.7, zorder=2)
        axes.plot([len(scales)], [FAILED_PLACE], "x", color=NEUTRAL, markersize=6, zorder=2)
    for rank, (_, row) in enumerate(done.iterrows()):
        heights = [*(scale(row[scale.name]) for scale in scales), score(row["score"])]
        if rank < len(done) - 1:
            shade = _shade(heights[-1])
            axes.plot(heights, color=shade, linewidth=1.5, zorder=3 + rank / len(done))
        else:
            _draw_best(axes, row, heights, [*scales, score])
    _finish(axes, len(scales), objective, len(done), failed, constant, table)
    return figure


@dataclass(frozen=True)
class _Scale:
    """The map of a setting's values to heights from 0 to 1, and its ticks."""

    name: str
    low: float
    high: float
    log: bool
    flipped: bool
    choices: tuple[float, ...]
    ticks: tuple[float, ...]

    def __call__(self, value: Any) -> float:
        if self.choices:
            most = len(self.choices) - 1
            return self.choices.index(float(value)) / most if most else 0.5
        low, high, at = (
            (np.log(x) if self.log else x) for x in (self.low, self.high, float(value))
        )
        share = 0.5 if high == low else (at - low) / (high - low)
        return float(1.0 - share if self.flipped else share)


def _scale(values: pd.Series[Any], name: str, *, log: bool, best_on_top: bool = False) -> _Scale:
    found = np.unique(values.to_numpy(np.float64))
    whole = pd.api.types.is_integer_dtype(values)
    if whole and not best_on_top:  # such as critic_steps: a choice of few, evenly apart
        choices = tuple(float(value) for value in found)
        return _Scale(name, found[0], found[-1], False, False, choices, choices)
    low, high = float(found[0]), float(found[-1])
    ticks = _round_ticks(low, high, log)
    return _Scale(name, low, high, log, best_on_top, (), ticks)


def _round_ticks(low: float, high: float, log: bool) -> tuple[float, ...]:
    from matplotlib.ticker import LogLocator, MaxNLocator

    if low == high:
        return ()
    if log:
        digits = (1.0, 3.0) if high / low > 100 else (1.0, 2.0, 5.0)
        found = LogLocator(subs=digits, numticks=12).tick_values(low, high)
    else:
        found = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high)
    inside = tuple(float(tick) for tick in found if low <= tick <= high)
    return inside or (low, high)


def _shade(height: float) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("trials", [WORST, MIDDLE, REAL])(height)


def _draw_axis(axes: Axes, place: int, scale: _Scale, *, last: bool) -> None:
    axes.vlines(place, 0.0, 1.0, color=NEUTRAL, linewidth=1.2, zorder=1)
    side, align = (9, "left") if last else (-7, "right")
    for tick in scale.ticks:
        axes.plot([place], [scale(tick)], "_", color=NEUTRAL, markersize=7, zorder=1)
        _write(
            axes,
            f"{tick:g}",
            place,
            scale(tick),
            (side, 0),
            ha=align,
            va="center",
            fontsize=8.5,
            color=NEUTRAL,
            zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )
    small = ["log scale"] * scale.log + ["lower is better"] * scale.flipped
    _write(axes, scale.name, place, 1.0, (0, 28), ha="center", fontweight="bold", color=TEXT)
    _write(axes, ", ".join(small), place, 1.0, (0, 15), ha="center", fontsize=8.5, color=NEUTRAL)


def _draw_best(
    axes: Axes, row: pd.Series[Any], heights: Sequence[float], scales: Sequence[_Scale]
) -> None:
    axes.plot(heights, color="white", linewidth=5.5, zorder=5)
    axes.plot(heights, "o-", color=GENERATED, linewidth=3.0, markersize=6, zorder=6)
    for place, scale in enumerate(scales):
        last = place == len(scales) - 1
        value = row["score"] if last else row[scale.name]
        falls = not last and heights[place + 1] < heights[place]
        _write(
            axes,
            f"{value:.3g}",
            place,
            heights[place],
            (9, 0 if last else 8 if falls else -10),  # next to the line, not on it
            fontweight="bold",
            color=GENERATED,
            zorder=7,
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8},
        )


def _finish(
    axes: Axes,
    last: int,
    objective: str,
    done: int,
    failed: pd.DataFrame,
    constant: Sequence[str],
    table: pd.DataFrame,
) -> None:
    axes.set_xlim(-0.45, last + 0.5)
    axes.set_ylim(FAILED_PLACE - 0.08 if len(failed) else -0.08, 1.05)
    axes.axis("off")
    best = table[table["status"] == "done"].sort_values("score", kind="stable").iloc[0]
    title = f"Settings and scores: the best of {done} trials is trial {int(best['trial'])}"
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=TEXT, pad=34)
    kinds = [f"{count} {kind}" for kind, count in failed["status"].value_counts().items()]
    _write(axes, ", ".join(kinds), last, FAILED_PLACE, (9, 0), va="center", color=NEUTRAL)
    below = f"Orange: the best. Darker lines have a lower, better {objective}."
    below += " Dashed: without a score." if kinds else ""
    if constant:
        same = ", ".join(f"{name} = {table[name].iloc[0]:g}" for name in constant)
        below += f"\nIn all trials: {same}."
    axes.text(0.0, 0.0, below, transform=axes.transAxes, fontsize=9, color=NEUTRAL, va="top")


def _write(
    axes: Axes, text: str, place: float, height: float, offset: tuple[int, int], **style: Any
) -> None:
    axes.annotate(
        text,
        (place, height),
        xytext=offset,
        textcoords="offset points",
        **{"fontsize": 9, **style},
    )
