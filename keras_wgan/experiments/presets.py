"""Presets: trained models that come with the package."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.model_card import ModelCard
from keras_wgan.experiments.preset_index import (
    PREFIX,
    is_preset,
    preset_card,
    preset_folder,
    preset_names,
)
from keras_wgan.experiments.run import Run

if TYPE_CHECKING:
    from keras_wgan.wgan_gp import WGANGP


class Preset(Run):
    """A trained model that comes with the package, as a run that is read only.

    What commands make of it, such as samples and pages, goes to `path`, a folder `runs/preset-NAME`
    of the user. Its model has the averaged weights of its training and no optimizer.

    Args:
        name: One of `preset_names()`.

    Raises:
        ValueError: If there is no such preset, or its files are damaged.
    """

    def __init__(self, name: str) -> None:
        folder = preset_folder(name)
        self.name = folder.name
        super().__init__(Path("runs") / f"preset-{self.name}")
        self.config_path = folder / self.config_path.name
        self.model_path = folder / self.model_path.name
        self.history_path = folder / self.history_path.name

    def __repr__(self) -> str:
        return f"Preset({self.name!r})"

    def _repr_html_(self) -> str:
        """Returns the card for notebooks."""
        return self.card._repr_html_()

    @functools.cached_property
    def card(self) -> ModelCard:
        """What it was trained on, how good it is, and what it must not be used for."""
        return preset_card(self.name)

    def last_model(self) -> NoReturn:
        """Refuses to resume."""
        raise InvalidInputError(
            f"{self.name} is a preset, which has no optimizers to resume with. Train the same "
            "again, with other settings if you like: keras-wgan train --config "
            f"{PREFIX}{self.name}"
        )

    def epochs_of(self, model: WGANGP) -> int:
        """Returns the number of epochs that the preset was trained for."""
        return self.recipe.settings.epochs  # no optimizer counts them


def from_preset(name: str) -> Preset:
    """Opens a trained model that comes with the package.

    Its files are compared with their checksums, and loading them runs no code.

    Example:
    ```python
    import keras_wgan

    preset = keras_wgan.from_preset("sp500")
    returns = preset.simulator().sample(4, days=60, seed=1)  # log returns a day
    assert returns.shape == (4, 60)
    ```

    Args:
        name: One of `keras_wgan.experiments.preset_names()`.

    Returns:
        The `Preset`: `card` says how good it is, `model()` is the `WGANGP`, `simulator()` makes
        paths of returns.

    Raises:
        ValueError: If there is no such preset, or its files are damaged.
    """
    return Preset(name)


def find_preset(place: str | Path) -> Preset | None:
    """Returns the preset that a name means, or `None` where it means a folder."""
    text = str(place)
    if is_preset(text):
        return Preset(text)
    if text in preset_names():
        warnings.warn(
            f"{text} is a folder here, and so not the preset of that name, which is "
            f"{PREFIX}{text}.",
            stacklevel=3,
        )
    return None
