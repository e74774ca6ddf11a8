"""The picture of the losses over the epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import GENERATED, NEUTRAL, REAL, add_legend, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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
    figure = losses_picture(history)
    assert figure.axes[0].lines[0].get_ydata().tolist() == [-5.0, -3.0, -2.0]
    ```

    Args:
        history: One row an epoch, with any of the columns `epoch`, `critic_loss`,
            `generator_loss`, `wasserstein`, `gradient_norm` and their `val_` counterparts, as
            `pandas.DataFrame(model.fit(...).history)` gives them. Without `epoch` the rows are
            counted from 0, as Keras does.

    Returns:
        A Matplotlib figure with one to three panels.

    Raises:
        ValueError: If `history` has no row or none of the columns.
    """
    panels = [panel for panel in PANELS if _columns_of(panel[2], history)]
    if not panels or history.empty:
        raise InvalidInputError(
            "`history` must have a row an epoch and at least one of the columns critic_loss, "
            "generator_loss, wasserstein, gradient_norm. "
            f"Received: {len(history)} rows, columns={list(history.columns)}. "
            "Pass pandas.DataFrame(model.fit(...).history)."
        )
    figure = new_figure(8.0, 0.5 + 2.5 * len(panels))
    stack = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (title, unit, lines) in zip(stack, panels, strict=True):
        _draw_lines(axes, history, lines)
        last = axes is stack[-1]
        dress(axes, title=title, x="Epoch" if last else "", y=unit)
        if unit == "Gradient norm":
            axes.axhline(1.0, color=NEUTRAL, linestyle="--", linewidth=1.2, label="Target: 1")
        add_legend(axes)
    epochs = _epochs(history)
    stack[-1].set_xlim(epochs.min() - 0.5, epochs.max() + 0.5)
    stack[-1].xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    return figure


def _columns_of(lines: tuple[tuple[str, str, str], ...], history: pd.DataFrame) -> list[str]:
    names = [prefix + column for column, _, _ in lines for prefix in ("", "val_")]
    return [name for name in names if _is_logged(name, history)]


def _is_logged(name: str, history: pd.DataFrame) -> bool:
    # Keras' CSVLogger writes empty `val_` columns where there is no validation.
    return name in history.columns and not (name.startswith("val_") and history[name].isna().all())


def _epochs(history: pd.DataFrame) -> NDArray[np.float64]:
    if "epoch" in history.columns:
        return history["epoch"].to_numpy(dtype=float)
    return np.arange(len(history), dtype=float)


def _draw_lines(axes: Axes, history: pd.DataFrame, lines: tuple[tuple[str, str, str], ...]) -> None:
    marker = "o" if len(history) == 1 else ""  # a line through one point cannot be seen
    for column, label, color in lines:
        for name, style, suffix in ((column, "-", ""), ("val_" + column, "--", " (validation)")):
            if _is_logged(name, history):
                axes.plot(
                    _epochs(history),
                    history[name].to_numpy(dtype=float),
                    color=color,
                    linestyle=style,
                    linewidth=1.6,
                    marker=marker,
                    label=label + suffix,
                )
