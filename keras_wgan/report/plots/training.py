"""The picture of the losses over the epochs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, REAL, add_legend, dress, new_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ESTIMATE = "#2a7f9e"  # neither real nor generated

# One panel an entry: title, label of the y axis, and its lines as (column, label, color).
PANELS = (
    (
        "Critic: the estimated distance should rise early, then shrink and level off",
        "Critic units",
        (
            ("wasserstein", "Estimated distance, real to generated", ESTIMATE),
            ("critic_loss", "Critic loss", REAL),
        ),
    ),
    (
        "Generator: only sudden jumps have a meaning, not the level",
        "Critic units",
        (("generator_loss", "Generator loss", GENERATED),),
    ),
    (
        "Slope of the critic: the gradient penalty should hold it near 1",
        "Gradient norm",
        (("gradient_norm", "Gradient norm", REAL),),
    ),
)


def losses_picture(history: pd.DataFrame) -> Figure:
    """Draws losses, Wasserstein estimate and gradient norm over the epochs.

    Missing columns and empty panels are left out. Columns that begin with `val_` are drawn dashed,
    in the color of their training counterpart.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.report import losses_picture

    history = pd.DataFrame({"epoch": [0, 1, 2], "critic_loss": [-5.0, -3.0, -2.0]})
    line = losses_picture(history).axes[0].lines[0]
    assert line.get_ydata().tolist() == [-5.0, -3.0, -2.0]
    assert line.get_xdata().tolist() == [1, 2, 3]
    ```

    Args:
        history: One row an epoch, with any of the columns `epoch`, `critic_loss`,
            `generator_loss`, `wasserstein`, `gradient_norm` and their `val_` counterparts, as
            `pandas.DataFrame(model.fit(...).history)` gives them. `epoch` counts from 0, as Keras
            does, and the picture from 1; without it, each row is the next epoch.

    Returns:
        A Matplotlib figure with one to three panels.

    Raises:
        ValueError: If `history` has no row or none of the columns.
    """
    logged = without_empty_validation(history)
    panels = [
        (title, unit, [curve for curve in _curves(lines) if curve[0] in logged])
        for title, unit, lines in PANELS
    ]
    panels = [panel for panel in panels if panel[2]]
    if not panels or history.empty:
        raise InvalidInputError(
            "`history` must have a row an epoch and at least one of the columns critic_loss, "
            "generator_loss, wasserstein, gradient_norm. "
            f"Received: {len(history)} rows, columns={list(history.columns)}. "
            "Pass pandas.DataFrame(model.fit(...).history)."
        )
    counted = logged["epoch"].to_numpy(float) if "epoch" in logged else np.arange(len(logged))
    epochs = counted + 1.0
    marker = "o" if len(logged) == 1 else ""  # a line through one point cannot be seen
    figure, grid = new_panels(8.0, 0.5 + 2.5 * len(panels), (len(panels), 1), sharex=True)
    stack = grid[:, 0]
    for axes, (title, unit, curves) in zip(stack, panels, strict=True):
        for name, style, label, color in curves:
            values = logged[name].to_numpy(float)
            axes.plot(epochs, values, style, color=color, lw=1.6, marker=marker, label=label)
        dress(axes, title=title, x="Epoch" if axes is stack[-1] else "", y=unit)
        if unit == "Gradient norm":
            axes.axhline(1.0, color=NEUTRAL, linestyle="--", linewidth=1.2, label="Target: 1")
        add_legend(axes)
    stack[-1].set_xlim(epochs.min() - 0.5, epochs.max() + 0.5)
    stack[-1].xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    return figure


def without_empty_validation(history: pd.DataFrame) -> pd.DataFrame:
    """Returns a history without the `val_` columns that Keras' CSVLogger left empty."""
    empty = [name for name in history if history[name].isna().all()]
    return history.drop(columns=[name for name in empty if str(name).startswith("val_")])


def measured_losses(history: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Returns the finite values of a column over the epochs; none where it is missing."""
    if name not in history:
        return np.empty(0)
    values = history[name].to_numpy(np.float64)
    return np.asarray(values[np.isfinite(values)])


def _curves(lines: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Yields column, line style, label and color of each line and its validation counterpart."""
    for column, label, color in lines:
        yield column, "-", label, color
        yield f"val_{column}", "--", f"{label} (validation)", color
