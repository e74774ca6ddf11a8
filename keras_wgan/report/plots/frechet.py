"""The Frechet distance over the epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from keras_wgan.metrics import Measurement
from keras_wgan.report.plots.style import (
    GENERATED,
    REAL,
    TEXT,
    add_legend,
    dress,
    new_figure,
    set_log_ticks,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def frechet_picture(history: pd.DataFrame, watched: Measurement) -> Figure:
    """Draws the Frechet distance over the epochs, with its floor and the last epoch's error bar.

    Example:
    ```python
    import pandas as pd
    from keras_wgan.metrics import Measurement, Protocol
    from keras_wgan.report import frechet_picture

    protocol = Protocol(
        metric="frechet distance", extractor="mnist-classifier", extractor_hash="5e8f",
        resize="none", value_range="[-1, 1]", channels="1", data="0b2a", split="train",
        real=60_000, generated=1000, seed=0,
    )
    watched = Measurement.of_repeats([34.0, 36.0], floor=8.0, protocol=protocol)
    history = pd.DataFrame({"epoch": [0, 1, 2], "fid": [90.0, 50.0, 35.0]})
    assert len(frechet_picture(history, watched).axes) == 1
    ```

    Args:
        history: One row an epoch, with `epoch`, `fid` and, where not every epoch was measured,
            `fid_fresh`; none where no epoch is complete.
        watched: The measurement of the finished model under the protocol of `history`. A floor of
            NaN, as with too few real images, is left out.

    Returns:
        A Matplotlib figure; its y axis is logarithmic.
    """
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(8.0, 4.2)
    axes = figure.subplots()
    measured = measured_epochs(history)
    if len(measured):
        axes.plot(
            measured["epoch"] + 1,
            measured["fid"],
            color=GENERATED,
            marker="o",
            markersize=3,
            label="Generated",
        )
    if np.isfinite(watched.value):
        axes.errorbar(
            [len(history)],
            [watched.value],
            yerr=[np.nan_to_num(2.0 * watched.standard_error)],
            color=TEXT,
            marker="s",
            markersize=4,
            capsize=4,
            linestyle="",
            label=f"Now: {watched.value:.1f}, and two standard errors of {watched.repeats} draws",
        )
    if np.isfinite(watched.floor):
        axes.axhline(
            watched.floor,
            color=REAL,
            linestyle="--",
            linewidth=1.2,
            label=f"Floor: other real images, {watched.floor:.1f}",
        )
    axes.set_yscale("log")
    set_log_ticks(axes.yaxis)
    title = f"Frechet distance of {watched.protocol.generated} samples to the training images"
    dress(axes, title=title, x="Epoch", y="Distance, log scale")
    add_legend(axes)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    return figure


def measured_epochs(history: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of the epochs whose distance was measured and is finite."""
    if "fid" not in history:
        return history[:0]
    fresh = history["fid_fresh"] > 0 if "fid_fresh" in history else np.full(len(history), True)
    return history[fresh & np.isfinite(history["fid"])]
