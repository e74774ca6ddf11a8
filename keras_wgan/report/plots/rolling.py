"""The picture of the scores over rolling origins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.market.rolling_origins import CONTROLS, HISTORY
from keras_wgan.market.rolling_result import RollingScores
from keras_wgan.report.plots.style import (
    GENERATED,
    NEUTRAL,
    PLAIN,
    REAL,
    add_legend,
    dress,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINES = 5  # models whose scores at each origin are drawn; more cannot be told apart
STYLES = ("-", "--", "-.", ":", (0, (1, 3)))


def rolling_picture(found: RollingScores, *, highlight: Sequence[str] = ()) -> Figure:
    """Draws the mean of each model with its standard error, and the best ones at each origin.

    Example:
    ```python
    from keras_wgan.market import OriginScores, RollingScores
    from keras_wgan.report import rolling_picture

    one = OriginScores(1.25, 1.0, 0.1, 2.0, {"sums": 1.25})
    figure = rolling_picture(RollingScores({"PDV": {1970: one, 1974: one}}))
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["PDV"]
    ```

    Args:
        found: The scores.
        highlight: Names of models in another color. Defaults to none.

    Returns:
        A Matplotlib figure: on the left a row for each model, the best at the top, with a line of
        one standard error to each side; on the right the scores of the five best models and of the
        training history at each origin.
    """
    table, means = found.table(), found.means()
    names = [str(name) for name in table.index]
    figure = new_figure(12.0, 1.6 + 0.3 * max(len(names), 8))
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.3))
    errors = np.nan_to_num(table["standard_error"].to_numpy())
    for row, name in enumerate(names):
        color = _color(name, highlight)
        mean, error = float(table["mean"].iloc[row]), float(errors[row])
        left.plot([mean - error, mean + error], [row, row], color=color, linewidth=1.5)
        left.plot([mean], [row], "o", color=color, markersize=6)
    left.set_yticks(range(len(names)), names, **PLAIN)
    left.invert_yaxis()
    dress(
        left,
        title=f"Mean of {len(found.origins)} origins (lower is better)",
        x="Score over sampling floor, with one standard error",
    )
    drawn = [name for name in names if name not in CONTROLS][:LINES]
    drawn += [name for name in highlight if name not in drawn]
    for style, name in zip(STYLES * len(drawn), drawn, strict=False):
        right.plot(
            means.index,
            means[name],
            linestyle=style,
            marker=".",
            label=name,
            color=_color(name, highlight or drawn[:1]),
        )
    if HISTORY in means:
        right.plot(
            means.index, means[HISTORY], color=REAL, linewidth=2.5, alpha=0.35, label=HISTORY
        )
    right.set_xticks(means.index)
    right.tick_params(axis="x", rotation=45)
    dress(right, title="Each origin", x="First test year")
    add_legend(right)
    return figure


def _color(name: str, highlight: Sequence[str]) -> str:
    return REAL if name in CONTROLS else GENERATED if name in highlight else NEUTRAL
