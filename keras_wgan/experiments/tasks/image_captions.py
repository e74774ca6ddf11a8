"""The headings and captions of the pictures of a run of images, which say what each shows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.metrics import Measurement
from keras_wgan.report.pages.returns_captions import losses_caption
from keras_wgan.report.plots.frechet import measured_epochs


def picture_captions(
    history: pd.DataFrame, watched: Measurement, saved: Sequence[Path], *, labeled: bool
) -> dict[str, tuple[str, str]]:
    """Returns heading and caption by file name, in the order of a page.

    `saved` are the pictures of the animation, and `labeled` says whether rows are labels.
    """
    rows = "a row for each label" if labeled else "from random latents"
    found = {
        "samples.png": (
            "Samples",
            f"Samples of the trained model, {rows}. In a good run they look like the real images "
            "below, and no two are alike.",
        ),
        "real.png": ("Real images", "Training images, for comparison."),
        "progress.gif": (
            "Samples during training",
            f"The same latents after {len(saved)} of the epochs, each named above its picture. "
            "In a good run shapes settle and stay varied.",
        ),
        "frechet.png": ("Frechet distance over the epochs", _frechet_caption(history, watched)),
        "interpolation.png": (
            "Interpolation between latents",
            "Each row leads from one latent to another. In a good run one image turns into the "
            "other in small steps, and every step looks like an image of the data.",
        ),
        "neighbors.png": (
            "Nearest training images",
            "On the left a sample, on the right the training images nearest to it in pixels. In a "
            "good run they are similar, but not the same.",
        ),
    }
    if not history.empty:
        caption = losses_caption(history)
        found["losses.png"] = (
            "Losses",
            f"{caption} Losses show whether training is stable, not how good the samples are.",
        )
    return found


def _frechet_caption(history: pd.DataFrame, watched: Measurement) -> str:
    measured = measured_epochs(history)
    text = "Lower is better. "
    if len(measured) > 1:
        first, last = (measured.iloc[at] for at in (0, -1))
        best = measured.iloc[int(measured["fid"].to_numpy().argmin())]
        text += (
            f"The distance went from {first['fid']:.1f} in epoch {first['epoch'] + 1:.0f} to "
            f"{last['fid']:.1f} in epoch {last['epoch'] + 1:.0f}; it was lowest, "
            f"{best['fid']:.1f}, in epoch {best['epoch'] + 1:.0f}. "
        )
    elif len(measured) == 1:
        text += f"One epoch was measured: {measured['fid'].iloc[0]:.1f}. "
    else:
        text += "No epoch was measured yet. "
    if np.isfinite(watched.floor):
        return (
            f"{text}The dashed line, {watched.floor:.1f}, is the distance of other real images. "
            "In a good run the line falls toward it and does not rise again."
        )
    return (
        f"{text}No floor is drawn: too few real images remain to compare with. In a good run the "
        "line falls and does not rise again."
    )
