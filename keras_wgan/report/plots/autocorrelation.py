"""The picture of autocorrelations and leverage, lag by lag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from keras_wgan.report.plots.style import (
    NEUTRAL,
    SIDES,
    add_legend_below,
    dress,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Memory(Protocol):
    """Autocorrelations by lag from 1 on, each an array of shape `(lags,)`."""

    @property
    def acf(self) -> NDArray[np.float64]:
        """Autocorrelation of r."""

    @property
    def acf_abs(self) -> NDArray[np.float64]:
        """Autocorrelation of |r|."""

    @property
    def acf_square(self) -> NDArray[np.float64]:
        """Autocorrelation of r^2."""

    @property
    def leverage(self) -> NDArray[np.float64]:
        """Correlation of r with r^2 some days later."""


PANELS = (
    ("acf_abs", "Size: volatility clusters", "Autocorrelation of |r|"),
    ("acf_square", "Size, with more weight on large moves", "Autocorrelation of r²"),
    ("acf", "Direction: returns do not repeat", "Autocorrelation of r"),
    ("leverage", "Leverage: falls are followed by large moves", "Correlation of r and later r²"),
)


def autocorrelation_picture(real: Memory, generated: Memory) -> Figure:
    """Compares autocorrelations of r, |r| and r^2, and the leverage effect, lag by lag.

    Example:
    ```python
    from types import SimpleNamespace
    import numpy as np
    from keras_wgan.report import autocorrelation_picture

    fading = 0.3 * 0.97 ** np.arange(20)
    facts = SimpleNamespace(
        acf=np.zeros(20), acf_abs=fading, acf_square=fading, leverage=-0.3 * fading
    )
    figure = autocorrelation_picture(facts, facts)
    assert figure.axes[0].lines[0].get_ydata()[0] == 0.3
    ```

    Args:
        real: Autocorrelations of the real returns, such as `return_facts` gives.
        generated: Autocorrelations of the generated returns, with the same lags. A line that is
            undefined, as for a constant generator, is left out.

    Returns:
        A Matplotlib figure: |r| and r^2 on one scale in the upper row, r and leverage in the lower.
    """
    figure = new_figure(10.0, 6.4)
    panels = figure.subplots(2, 2, sharex=True, sharey="row")
    for axes, (name, title, unit) in zip(panels.flat, PANELS, strict=True):
        for memory, (side, color) in zip((real, generated), SIDES, strict=True):
            _draw(axes, np.asarray(getattr(memory, name), dtype=np.float64), color, side)
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


def _draw(axes: Axes, values: NDArray[np.float64], color: str, side: str) -> None:
    label = side if np.isfinite(values).all() else f"{side} (undefined: never varies)"
    lags = np.arange(1, len(values) + 1)
    axes.plot(lags, values, "o-", color=color, linewidth=1.5, markersize=4.0, label=label)
