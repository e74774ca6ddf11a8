"""Do returns remember what real ones remember: their size, and not their direction?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from keras_wgan.report.plots.style import (
    GENERATED,
    NEUTRAL,
    REAL,
    add_legend_below,
    dress,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Memory(Protocol):
    """What returns remember, by lag from 1 on: each an array of shape `(lags,)`."""

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
    ("acf_abs", "Calm and wild spells last: memory of size", "Autocorrelation of |r|"),
    ("acf_square", "The same with more weight on wild days", "Autocorrelation of r²"),
    ("acf", "Ups and downs do not repeat: direction", "Autocorrelation of r"),
    ("leverage", "Falls are followed by wild days: leverage", "Correlation of r and later r²"),
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
        real: what the real returns remember.
        generated: what the generated returns remember, with the same lags. What is undefined, as
            for a constant generator, leaves its line out.

    Returns:
        A Matplotlib figure: |r| and r^2 above on one scale, r and leverage below on another.
    """
    figure = new_figure(10.0, 6.4)
    panels = figure.subplots(2, 2, sharex=True, sharey="row")
    for axes, (name, title, unit) in zip(panels.flat, PANELS, strict=True):
        for memory, color, side in ((real, REAL, "Real"), (generated, GENERATED, "Generated")):
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
