"""The picture of a hyperparameter search: settings and scores of all trials."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, PLAIN, REAL, TEXT, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE_SETTINGS = ("trial", "score", "status", "seconds")
WORST, MIDDLE = "#d3dae4", "#7d95b5"  # light is bad, REAL is good
FAILED_PLACE = -0.16  # of the row for trials without a score, under the axes' ends
WIDEST_LINEAR = 4.0  # where worst over best is more, a linear scale would crush the best


def trials_picture(
    table: pd.DataFrame,
    *,
    objective: str,
    log: Collection[str] = (),
    space: Mapping[str, Sequence[float]] | None = None,
) -> Figure:
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
        space: The lowest and highest value of each setting, or its choices, which its axis spans.
            Defaults to `None`, the values that were tried.

    Returns:
        A Matplotlib figure. Settings with one value in all trials are listed below it, unless the
        space has more of them.

    Raises:
        ValueError: If no trial is done.
    """
    done = table[table["status"] == "done"].sort_values(["score", "trial"], ascending=False)
    failed = table[~table["status"].isin(["done", "unfinished"])]
    if done.empty:
        raise InvalidInputError(
            "`table` must hold a trial whose status is done. "
            f"Received: status={sorted(set(table['status']))}."
        )
    names = [str(name) for name in table.columns if name not in (*BEFORE_SETTINGS, "cause")]
    spans = {name: np.unique(np.asarray(ends, np.float64)) for name, ends in (space or {}).items()}
    constant = [
        name
        for name in names
        if table[name].nunique() == 1 < len(table) and len(spans.get(name, ())) < 2
    ]
    settings = [
        _scale(table[name], name, log=name in log, span=spans.get(name))
        for name in names
        if name not in constant
    ]
    scales = [*settings, _score_scale(done["score"], objective)]
    last = len(settings)
    figure = new_figure(max(6.5, 1.9 * len(scales)), 5.0)
    axes = figure.subplots()
    for place, scale in enumerate(scales):
        _draw_axis(axes, place, scale, last=place == last)
    for _, row in failed.iterrows():
        heights = [*(scale(row[scale.name]) for scale in settings), FAILED_PLACE]
        axes.plot(heights, color=NEUTRAL, linewidth=1.0, linestyle=(0, (4, 3)), alpha=0.7, zorder=2)
        axes.plot([last], [FAILED_PLACE], "x", color=NEUTRAL, markersize=6, zorder=2)
    for rank, (_, row) in enumerate(done.iterrows()):
        values = [*(row[scale.name] for scale in settings), row["score"]]
        heights = [scale(value) for scale, value in zip(scales, values, strict=True)]
        if rank < len(done) - 1:
            shade = _shade(heights[-1])
            axes.plot(heights, color=shade, linewidth=1.5, zorder=3 + rank / len(done))
        else:
            _draw_best(axes, values, heights)
    kinds = [f"{count} {kind}" for kind, count in failed["status"].value_counts().items()]
    _write(axes, ", ".join(kinds), last, FAILED_PLACE, (9, 0), va="center", color=NEUTRAL)
    caption = _caption(objective, table[constant].iloc[0], dashed=bool(kinds))
    axes.text(
        0.0, 0.0, caption, transform=axes.transAxes, fontsize=9, color=NEUTRAL, va="top", **PLAIN
    )
    number = int(done["trial"].iloc[-1])
    title = f"Settings and scores: the best of {len(done)} trials is trial {number}"
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=TEXT, pad=34, **PLAIN)
    axes.set_xlim(-0.45, last + 0.5)
    axes.set_ylim(FAILED_PLACE - 0.08 if kinds else -0.08, 1.05)
    axes.axis("off")
    return figure


@dataclass(frozen=True, eq=False)
class _Scale:
    """The map of a setting's values to heights from 0 to 1, and what is written next to it."""

    name: str
    knots: NDArray[np.float64]
    heights: NDArray[np.float64]
    ticks: tuple[float, ...]
    log: bool = False
    note: str = ""

    def __call__(self, value: Any) -> float:
        at, knots = (np.log(x) if self.log else x for x in (float(value), self.knots))
        return float(np.interp(at, knots, self.heights))


def _scale(
    values: pd.Series[Any], name: str, *, log: bool, span: NDArray[np.float64] | None = None
) -> _Scale:
    tried = values.to_numpy(np.float64)
    found = np.unique(tried if span is None else np.concatenate([tried, span]))
    if pd.api.types.is_integer_dtype(values):  # as critic_steps: a choice of few, evenly apart
        return _Scale(name, found, _even(found), tuple(found))
    ends = np.unique(found[[0, -1]])
    ticks = _round_ticks(float(found[0]), float(found[-1]), log)
    return _Scale(name, ends, _even(ends), ticks, log, "log scale" if log else "")


def _score_scale(scores: pd.Series[Any], name: str) -> _Scale:
    """Returns the scale of the scores, with the lowest and best at the top."""
    low, high = scores.min(), scores.max()
    log = bool(0.0 < WIDEST_LINEAR * low < high)
    scale = _scale(scores.astype(float), name, log=log)
    note = ", ".join([*filter(None, [scale.note]), "lower is better"])
    return replace(scale, heights=scale.heights[::-1], note=note)


def _even(knots: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.linspace(0.0, 1.0, len(knots)) if len(knots) > 1 else np.array([0.5])


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
    _write(axes, scale.name, place, 1.0, (0, 28), ha="center", fontweight="bold", color=TEXT)
    _write(axes, scale.note, place, 1.0, (0, 15), ha="center", fontsize=8.5, color=NEUTRAL)


def _draw_best(axes: Axes, values: Sequence[float], heights: Sequence[float]) -> None:
    axes.plot(heights, color="white", linewidth=5.5, zorder=5)
    axes.plot(heights, "o-", color=GENERATED, linewidth=3.0, markersize=6, zorder=6)
    for place, value in enumerate(values):
        last = place == len(values) - 1
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


def _caption(objective: str, constant: pd.Series[Any], *, dashed: bool) -> str:
    text = f"Orange: the best. Darker lines have a lower, better {objective}."
    if dashed:
        text += " Dashed: without a score."
    if len(constant):
        same = ", ".join(f"{name} = {value:g}" for name, value in constant.items())
        text += f"\nIn all trials: {same}."
    return text


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
