"""The picture of real and generated risks, with the sampling noise of the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import (
    GENERATED,
    PLAIN,
    REAL,
    add_legend_below,
    dress,
    new_panels,
)
from keras_wgan.report.tables.risks import RiskRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def risk_picture(rows: Sequence[RiskRow]) -> Figure:
    """Draws real and generated value at risk and expected shortfall, with error bars of the real.

    Example:
    ```python
    from keras_wgan.report import RiskRow, risk_picture

    row = RiskRow(0.01, 1, -0.03, -0.04, -0.05, -0.06, (-0.04, -0.02), (-0.07, -0.04))
    var, shortfall = risk_picture([row]).axes
    assert [label.get_text() for label in var.get_yticklabels()] == ["1%, 1 day"]
    ```

    Args:
        rows: The risks, as `risk_rows` returns them, at least one.

    Returns:
        A Matplotlib figure: value at risk on the left, expected shortfall on the right, in percent.
        The bars hold 9 in 10 histories drawn from the real one.

    Raises:
        ValueError: If there is no row.
    """
    if not rows:
        raise InvalidInputError("`rows` must hold at least one risk. Received: none.")
    figure, ((left, right),) = new_panels(10.0, 1.6 + 0.36 * len(rows), (1, 2), sharey=True)
    for axes, name, title in (
        (left, "var", "Value at risk"),
        (right, "es", "Expected shortfall"),
    ):
        _draw_risks(axes, rows, name)
        dress(axes, title=title, x="Log return, percent")
        axes.grid(False, axis="y")
    names = [f"{row.level:.0%}, {row.days} {'day' if row.days == 1 else 'days'}" for row in rows]
    left.set_yticks(range(len(rows)), labels=names, **PLAIN)
    left.set_ylim(len(rows) - 0.4, -0.6)
    add_legend_below(figure, left)
    return figure


def _draw_risks(axes: Axes, rows: Sequence[RiskRow], name: str) -> None:
    real, generated = (
        100.0 * np.array([getattr(row, f"{side}_{name}") for row in rows])
        for side in ("real", "generated")
    )
    ranges = [getattr(row, f"{name}_range") for row in rows]
    label = "9 in 10 draws of history"
    for place, found in enumerate(ranges):
        if found is not None:
            low, high = found
            axes.hlines(
                place, 100.0 * low, 100.0 * high, color=REAL, alpha=0.3, linewidth=7.0, label=label
            )
            label = "_"
    places = np.arange(len(rows))
    axes.plot(real, places, "|", color=REAL, markersize=13, markeredgewidth=2.2, label="Real")
    axes.plot(generated, places, "o", color=GENERATED, markersize=7, label="Generated")
