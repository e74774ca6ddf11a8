"""The saving of a run's pictures, of which one that cannot be drawn does not cost the others."""

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.training import losses_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]


def save_pictures(pictures: Mapping[str, Draw], folder: Path) -> list[Path]:
    """Saves pictures under their names, without `.png`; returns the paths of those drawn.

    A picture that cannot be drawn is named in a warning, and an earlier one of its name removed.
    """
    saved = []
    for name, draw in pictures.items():
        path = folder / f"{name}.png"
        try:
            figure = draw()
        except InvalidInputError as error:
            path.unlink(missing_ok=True)  # it would show an earlier state of the run
            warnings.warn(f"{path} was not drawn: {error}", stacklevel=2)
        else:
            saved.append(save_picture(figure, path))
    return saved


def losses_of_run(history: pd.DataFrame) -> "Figure":
    """Draws the losses of a run, or says that there are none yet."""
    if history.empty:
        raise InvalidInputError("no epoch is complete yet, so that there are no losses.")
    if list(history) == ["epoch"]:
        raise InvalidInputError("the training was stopped before the losses were written.")
    return losses_picture(history)
