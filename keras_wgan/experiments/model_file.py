"""The file of a run's model."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.console import without_start_up_noise
from keras_wgan.io.files import atomic_path

if TYPE_CHECKING:
    from keras_wgan.wgan_gp import WGANGP


def save_model_file(model: "WGANGP", path: Path) -> None:
    """Writes a model with both optimizers, whole or not at all."""
    # Keras loads more than its backend to save.
    with atomic_path(path) as unfinished, without_start_up_noise():
        model.save(unfinished)


def load_model_file(path: Path) -> "WGANGP":
    """Reads a model; refuses a damaged file, or one that holds another model."""
    import keras

    import keras_wgan.wgan_gp  # registers the class with Keras

    with warnings.catch_warnings():
        # The critic's layers were warned about when it was built.
        warnings.filterwarnings("ignore", "The critic", UserWarning)
        try:
            model = keras.saving.load_model(path)
        except Exception as error:  # a damaged archive fails in as many ways as it has parts
            # Keras puts each layer's whole config before the cause.
            cause = str(error).rpartition("Exception encountered: ")[2]
            raise InvalidInputError(f"{path} cannot be read: {cause}") from error
    if not isinstance(model, keras_wgan.wgan_gp.WGANGP):
        raise InvalidInputError(
            f"{path} was not written by `keras-wgan train`: it holds a "
            f"{type(model).__name__}, not a WGANGP. Bring back the run's own file."
        )
    return model
