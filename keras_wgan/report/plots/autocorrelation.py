"""The picture of autocorrelations and leverage, lag by lag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from keras_wgan.metrics import ReturnFacts, SamplingNoise
from keras_wgan.report.plots.style import (
    NEUTRAL,
    REAL,
    SIDES,
    add_legend_below,
    dress,
    new_panels,
    side_label,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PANELS = (
    ("acf_abs", "Size: volatility clusters", "Autocorrelation of |r|"),
    ("acf_square", "Size, with more weight on large moves", "Autocorrelation of r²"),
    ("acf", "Direction: returns do not repeat", "Autocorrelation of r"),
    ("leverage", "Leverage: falls are followed by large moves", "Correlation of r and later r²"),
)


def autocorrelation_picture(
    real: ReturnFacts, generated: ReturnFacts, *, noise: SamplingNoise | None = None
) -> Figure:
    """Compares autocorrelations of r, |r| and r^2, and the leverage effect, lag by lag.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import autocorrelation_picture

    facts = return_facts(0.01 * np.random.default_rng(0).normal(size=(200, 60)))
    figure = autocorrelation_picture(facts, facts)
    assert figure.axes[0].lines[0].get_ydata()[0] == facts.acf_abs[0]
    ```

    Args:
        real: Facts of the real returns.
        generated: Facts of the generated returns, with the same lags. A line that is undefined,
            as for a constant generator, is left out.
        noise: The sampling noise of the real history, from `sampling_noise`, drawn as a band.
            Defaults to `None`, no band.

    Returns:
        A Matplotlib figure: |r| and r^2 on one scale in the upper row, r and leverage in the lower.
    """
    figure, panels = new_panels(10.0, 6.4, (2, 2), sharex=True, sharey="row")
    for axes, (name, title, unit) in zip(panels.flat, PANELS, strict=True):
        for facts, (side, color) in zip((real, generated), SIDES, strict=True):
            values = getattr(facts, name)
            lags, label = np.arange(1, len(values) + 1), side_label(side, values)
            axes.plot(lags, values, "o-", color=color, linewidth=1.5, markersize=4.0, label=label)
        if noise is not None:
            low, high = noise.correlations[name]
            lags = np.arange(1, len(low) + 1)
            label = "9 in 10 draws of history"
            axes.fill_between(lags, low, high, color=REAL, alpha=0.14, linewidth=0, label=label)
        axes.axhline(0.0, color=NEUTRAL, linewidth=0.9, zorder=1)
        dress(axes, title=title, y=unit)
        axes.xaxis.get_major_locator().set_params(integer=True)
    for axes in panels[1]:
        axes.set_xlabel("Days between the two", fontsize=10)
    for row in panels:
        low, high = row[0].get_ylim()
        row[0].set_ylim(min(low, -0.02), max(high, 0.02))
    add_legend_below(figure, panels[0, 0])
    return figure
