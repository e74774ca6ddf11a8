"""The picture of real and generated paths: prices and rolling volatility."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range, whole_number
from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.metrics.returns.windows import as_windows
from keras_wgan.report.plots.style import GENERATED, REAL, TEXT, add_legend_below, dress, new_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VOLATILITY_DAYS = 20  # about one month


def price_and_volatility_picture(
    real: ArrayLike,
    generated: ArrayLike,
    start_price: float,
    *,
    paths: int = 8,
    periods_per_year: float = TRADING_DAYS,
) -> Figure:
    """Draws a few scenarios as prices, with their rolling volatility below.

    The windows shown are spread evenly over the array, first to last, so that the same arrays give
    the same picture. The shaded band is the middle 90% of all windows. Real and generated share
    their axes. Windows of 20 days or fewer have no rolling volatility, and no lower row.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import price_and_volatility_picture

    windows = np.random.default_rng(0).normal(scale=0.01, size=(50, 60))
    figure = price_and_volatility_picture(windows, windows, 100.0, paths=3)
    assert len(figure.axes) == 4 and len(figure.axes[0].lines) == 3
    assert figure.axes[0].lines[0].get_ydata()[0] == 100.0
    ```

    Args:
        real: Real log returns a day, shape `(windows, days)` or `(windows, days, 1)`.
        generated: Generated log returns a day, of the same form.
        start_price: Price before the first day of each scenario, above zero.
        paths: The number of windows of each drawn as lines. Defaults to `8`.
        periods_per_year: The number of returns in a year. Defaults to `252`.

    Returns:
        A Matplotlib figure: prices above, volatility in percent a year below.

    Raises:
        ValueError: If the returns have another shape, or are NaN or infinite, `start_price` is not
            above zero, or `paths` is below 1.
    """
    year = np.sqrt(in_range("periods_per_year", periods_per_year, above=0.0))
    sides = (
        _Side("Real", REAL, as_windows(real, "real")),
        _Side("Generated", GENERATED, as_windows(generated, "generated")),
    )
    paths = whole_number("paths", paths)
    rows = 2 if min(side.returns.shape[1] for side in sides) > VOLATILITY_DAYS else 1
    figure, panels = new_panels(10.0, 0.3 + 3.3 * rows, (rows, 2), sharex=True, sharey="row")
    for column, side in enumerate(sides):
        prices = panels[0, column]
        _draw_fan(prices, side, price_curves(side.returns, start_price), first_day=0, paths=paths)
        dress(prices, title=f"{side.name} scenarios: price", y="" if column else "Price, in points")
        if rows == 2:
            volatility, curves = panels[1, column], year * _rolling_volatility(side.returns)
            _draw_fan(volatility, side, curves, first_day=VOLATILITY_DAYS, paths=paths)
            title = f"{side.name} scenarios: volatility of the last {VOLATILITY_DAYS} days"
            dress(volatility, title=title, y="" if column else "Volatility, percent a year")
        panels[-1, column].set_xlabel("Trading day", fontsize=10, color=TEXT)
    for row in panels:
        _share_frame(*row)
    add_legend_below(figure, *panels[0])
    return figure


@dataclass(frozen=True, eq=False)
class _Side:
    name: str
    color: str
    returns: NDArray[np.float64]


def _rolling_volatility(returns: NDArray[np.float64]) -> NDArray[np.float64]:
    deviations = pd.DataFrame(returns.T).rolling(VOLATILITY_DAYS).std().to_numpy().T
    return np.asarray(100.0 * deviations[:, VOLATILITY_DAYS - 1 :])


def _draw_fan(
    axes: Axes, side: _Side, curves: NDArray[np.float64], *, first_day: int, paths: int
) -> None:
    days = first_day + np.arange(curves.shape[1])
    low, high = np.quantile(curves, [0.05, 0.95], axis=0)
    band = f"{side.name}: middle 90% of all {len(curves):,}"
    axes.fill_between(days, low, high, color=side.color, alpha=0.13, linewidth=0, label=band)
    shown = evenly_spread(curves, paths)
    lines = axes.plot(days, shown.T, color=side.color, linewidth=1.0, alpha=0.85)
    lines[0].set_label(f"{side.name}: {len(shown)} windows")


def _share_frame(real: Axes, generated: Axes) -> None:
    """Sets vertical limits for both: all of the real, and the generated that is close to it."""
    low, high = real.dataLim.intervaly
    lowest, highest = generated.dataLim.intervaly
    # Beyond one more real height the generated leaves the frame: a generator that diverged
    # would otherwise press everything real into one flat line.
    height = (high - low) or abs(high) or 1.0
    if lowest > high + height or highest < low - height:
        note = generated.text(0.5, 0.5, "Far beyond the frame", transform=generated.transAxes)
        note.set(ha="center", va="center", color=GENERATED)
    low, high = min(low, max(lowest, low - height)), max(high, min(highest, high + height))
    margin = 0.05 * ((high - low) or height)
    real.set_ylim(low - margin, high + margin)


def evenly_spread(curves: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Returns some of the curves, from the first to the last."""
    return curves[np.unique(np.linspace(0, len(curves) - 1, number).round().astype(int))]


def price_curves(returns: NDArray[np.float64], start_price: float) -> NDArray[np.float64]:
    """Returns `(windows, days + 1)` prices from `start_price`, of `(windows, days)` log returns.

    Growth is capped at e^600, so that a diverged generator stays in the range of floats.
    """
    growth = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
    start = in_range("start_price", start_price, above=0.0)
    return np.asarray(start * np.exp(np.minimum(growth, 600.0)))
