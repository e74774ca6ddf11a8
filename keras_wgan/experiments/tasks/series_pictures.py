"""The headings and captions of the pictures of a run of series, which say what each shows."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from keras_wgan.report.pages.returns_captions import losses_caption
from keras_wgan.report.plots.series import DRAWN, MAX_COLUMNS


def picture_captions(
    history: pd.DataFrame, saved: Sequence[Path], *, columns: int
) -> dict[str, tuple[str, str]]:
    """Returns heading and caption by file name, in the order of a page.

    `saved` are the pictures of the animation.
    """
    shown = ""
    if columns > MAX_COLUMNS:
        shown = f" The first {MAX_COLUMNS} of {columns} columns are drawn; scores take them all."
    found = {
        "samples.png": (
            "Windows",
            f"On the left of each panel {DRAWN} real windows, evenly spaced over the data; on the "
            f"right {DRAWN} generated ones, on the same scale and in the units of the data. In a "
            f"good run one cannot tell which side is which.{shown}",
        ),
        "progress.gif": (
            "Windows during training",
            f"Windows from the same latents, in {len(saved)} epochs of the training one after the "
            "other. In a good run the shapes settle and stay varied.",
        ),
        "distributions.png": (
            "Distributions",
            "How often the values of each column occur, in real and in 1,000 generated "
            "windows; values beyond the real range count at its ends. In a good run the outlines "
            f"agree, peaks and tails included.{shown}",
        ),
        "autocorrelations.png": (
            "Autocorrelations",
            "Solid: how a value is related to the one some rows later, by the number of rows. "
            "Dashed: how a step from row to row is related to a later step. In a good run lines of "
            f"the same kind lie on each other.{shown}",
        ),
    }
    if not history.empty:
        found["losses.png"] = (
            "Losses",
            f"{losses_caption(history)} Losses show whether training is stable, not how good the "
            "windows are.",
        )
    return found
