"""The picture of the dependence between assets."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from keras_wgan.metrics import asset_dependence
from keras_wgan.metrics.returns.dependence import WORST
from keras_wgan.report.plots.style import (
    GENERATED,
    NARROW_WIDTH,
    NEUTRAL,
    REAL,
    TEXT,
    dress,
    is_narrow,
    new_figure,
    plain,
)
from keras_wgan.report.tables.dependence import LABELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_PAIRS = 3  # with a cloud of days each
FEW_PAIRS = 10  # whose marks are large
MARKS = ("o", "s", "D", "v")


def dependence_picture(history: pd.DataFrame, generated: ArrayLike) -> Figure:
    """Draws the dependence of real and generated assets, and the days of up to three pairs.

    Of more pairs they are those with the highest, the middle and the lowest real correlation. On a
    phone it is the first of them.

    Example:
    ```python
    import numpy as np
    import pandas as pd
    from keras_wgan.report import dependence_picture

    days = 0.01 * np.random.default_rng(0).normal(size=(300, 2))
    figure = dependence_picture(pd.DataFrame(days, columns=["SPY", "TLT"]), days.reshape(5, 60, 2))
    assert figure.axes[1].get_xlabel() == "SPY, percent a day"
    ```

    Args:
        history: Real log returns a day, a column for each asset.
        generated: Generated log returns a day, `(windows, days, assets)`.

    Returns:
        A Matplotlib figure. Each cloud holds as many days as the smaller of the two sides, at most
        5000.
    """
    tickers = [str(name) for name in history.columns]
    made = np.asarray(generated, dtype=np.float64)
    days = made.shape[1]
    real = history.to_numpy(np.float64)
    windows = np.moveaxis(np.lib.stride_tricks.sliding_window_view(real, days, axis=0), -1, 1)
    pairs = list(combinations(range(len(tickers)), 2))
    shown = _shown(pairs, np.corrcoef(real, rowvar=False))
    if is_narrow():
        shown = shown[:1]
        figure = new_figure(NARROW_WIDTH, 3.2 * NARROW_WIDTH)
        first, *places = figure.subplots(3, 1, height_ratios=(1.25, 1.0, 1.0))
    else:
        figure = new_figure(12.0, 0.5 + 3.7 * len(shown))
        grid = figure.add_gridspec(len(shown), 3, width_ratios=(1.15, 1.0, 1.0))
        first = figure.add_subplot(grid[:, 0])
        places = [
            figure.add_subplot(grid[row, side]) for row in range(len(shown)) for side in (1, 2)
        ]
    _draw_dependence(first, windows, made, pairs)
    clouds = [real, made.reshape(-1, len(tickers))]
    size = min(5000, *map(len, clouds))
    # The last real days, and random generated ones, since their windows are in no order.
    chosen = np.random.default_rng(0).choice(len(clouds[1]), size, replace=False)
    for row, pair in enumerate(shown):
        limit = 105.0 * float(np.abs(real[:, pair]).max())
        for column, (side, all_days, days_shown, color) in enumerate(
            [
                ("Real", clouds[0], clouds[0][-size:], REAL),
                ("Generated", clouds[1], clouds[1][chosen], GENERATED),
            ]
        ):
            axes = places[2 * row + column]
            one, other = (tickers[asset] for asset in pair)
            _draw_cloud(axes, all_days[:, pair], days_shown[:, pair], color, limit)
            dress(axes, title=side, x=f"{one}, percent a day", y=f"{other}, percent a day")
    return figure


def _draw_dependence(
    axes: Axes,
    real: NDArray[np.float64],
    generated: NDArray[np.float64],
    pairs: list[tuple[int, int]],
) -> None:
    month = min(20, real.shape[1])
    wanted, found = (asset_dependence(windows, month=month) for windows in (real, generated))
    upper = tuple(np.array(pairs).T)
    lowest = 0.0
    size, line = (64.0, 1.6) if len(pairs) <= FEW_PAIRS else (14.0, 0.8)
    for (name, label), mark in zip(LABELS.items(), MARKS, strict=True):
        x, y = getattr(wanted, name)[upper], getattr(found, name)[upper]
        lowest = min(lowest, float(x.min()), float(y.min()))
        color = NEUTRAL if name == "falls" else REAL
        axes.scatter(
            x,
            y,
            s=size,
            marker=mark,
            facecolor="none",
            edgecolor=color,
            linewidth=line,
            label=label,
        )
    low = np.floor(4.0 * lowest) / 4.0 if lowest < -0.05 else 0.0
    axes.plot([low, 1.0], [low, 1.0], color=NEUTRAL, linewidth=1.0, linestyle="--")
    axes.set_xlim(low, 1.0)
    axes.set_ylim(low, 1.0)
    axes.set_aspect("equal", adjustable="box", anchor="N")
    axes.locator_params(nbins=5)
    dress(axes, title="Dependence between the assets", x="Real", y="Generated")
    place: dict[str, Any] = {"loc": "upper left"}
    if is_narrow():  # where it would cover half of the marks
        place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.16)}
    legend = axes.legend(**place, fontsize=8.5, labelcolor=TEXT, edgecolor="none", framealpha=0.8)
    plain(legend)


def _shown(
    pairs: list[tuple[int, int]], correlations: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Returns the pairs of the highest, the middle and the lowest correlation, or all of a few."""
    if len(pairs) <= MAX_PAIRS:
        return pairs
    ranked = sorted(pairs, key=lambda pair: -float(correlations[pair]))
    return [ranked[0], ranked[len(ranked) // 2], ranked[-1]]


def _draw_cloud(
    axes: Axes,
    every_day: NDArray[np.float64],
    shown: NDArray[np.float64],
    color: str,
    limit: float,
) -> None:
    lines = np.quantile(every_day, WORST, axis=0)
    together = (every_day <= lines).all(axis=1)
    falls = (shown <= lines).all(axis=1)
    for days, size, alpha in ((shown[~falls], 5.0, 0.25), (shown[falls], 9.0, 0.9)):
        x, y = 100.0 * days.T
        axes.scatter(x, y, s=size, color=color, alpha=alpha, linewidth=0, rasterized=True)
    axes.axvline(100.0 * lines[0], color=NEUTRAL, linewidth=0.8, linestyle=":")
    axes.axhline(100.0 * lines[1], color=NEUTRAL, linewidth=0.8, linestyle=":")
    axes.set_xlim(-limit, limit)
    axes.set_ylim(-limit, limit)
    axes.text(
        0.03,
        0.97,
        f"both in their worst 5%:\n{together.mean():.1%} of days (if independent: {WORST**2:.2%})",
        transform=axes.transAxes,
        va="top",
        fontsize=8.5,
        color=TEXT,
    )
