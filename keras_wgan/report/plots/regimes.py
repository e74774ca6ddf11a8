"""The picture of a regime check: requested and reached volatility."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, REAL, add_legend, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def regime_picture(table: pd.DataFrame) -> Figure:
    """Draws reached against requested percentiles, and generated next to real volatility.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.report import regime_picture

    table = pd.DataFrame(
        {
            "percentile": [5.0, 50.0, 95.0],
            "starting_volatility": [0.06, 0.13, 0.34],
            "reached": [10.0, 49.0, 92.0],
            "generated": [0.08, 0.14, 0.31],
            "real": [0.08, 0.13, 0.33],
            "real_days": [250, 260, 270],
        }
    )
    reached, months = regime_picture(table).axes
    assert reached.get_xlabel() == "Requested percentile, volatility of the first day"
    ```

    Args:
        table: The table of `keras_wgan.market.regime_calibration.regime_check`.

    Returns:
        A Matplotlib figure: percentiles on the left, volatility of the next 20 days on the right.

    Raises:
        ValueError: If the table lacks a column or has no rows.
    """
    needed = ("percentile", "starting_volatility", "reached", "generated", "real", "real_days")
    missing = [name for name in needed if name not in table]
    if missing or table.empty:
        raise InvalidInputError(
            "`table` must be the table of `regime_check`. "
            f"Received: {len(table)} rows, without the columns {', '.join(missing) or '-'}"
        )
    figure = new_figure(10.0, 4.4)
    percentiles, months = figure.subplots(1, 2)
    _draw_percentiles(percentiles, table)
    _draw_months(months, table)
    return figure


def _draw_percentiles(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot([0, 100], [0, 100], color=NEUTRAL, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.annotate(
        "as requested",
        xy=(86, 86),
        xytext=(-8, 4),
        textcoords="offset points",
        ha="right",
        color=NEUTRAL,
    )
    axes.plot(table["percentile"], table["reached"], "o-", color=GENERATED, linewidth=1.7)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    dress(
        axes,
        title="Requested and reached volatility",
        x="Requested percentile, volatility of the first day",
        y="Percentile reached, volatility of 20 days",
    )


def _draw_months(axes: Axes, table: pd.DataFrame) -> None:
    place = np.arange(len(table))
    sides = (("real", REAL, "Real days in that state"), ("generated", GENERATED, "Generated"))
    for shift, (name, color, label) in zip((-0.19, 0.19), sides, strict=True):
        heights = 100.0 * table[name].to_numpy(np.float64)
        axes.bar(place + shift, heights, width=0.36, color=color, label=label)
    starts = 100.0 * table["starting_volatility"].to_numpy(np.float64)
    label = "Volatility at the start"
    for middle, start in zip(place, starts, strict=True):
        axes.plot([middle - 0.4, middle + 0.4], [start, start], color=NEUTRAL, lw=1.6, label=label)
        label = "_"
    names = [
        f"{row.percentile:.0f}\n{row.real_days:,.0f} days" for row in table.itertuples(index=False)
    ]
    axes.set_xticks(place, names)
    dress(
        axes,
        title="The next 20 days: generated and real",
        x="Requested percentile, and number of real days in it",
        y="Mean volatility, percent a year",
    )
    axes.grid(False, axis="x")
    add_legend(axes)
