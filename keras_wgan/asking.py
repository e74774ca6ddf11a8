"""What may be asked of `generate`? Checked at the door, in words that say what to do."""

from typing import Any

import keras
import numpy as np

from keras_wgan import checks


def request(n: int, batch_size: int, condition: Any, generator: keras.Model) -> None:
    """Raises ValueError where the arguments of `generate` do not fit."""
    for name, value in (("n", n), ("batch_size", batch_size)):
        if value != int(value) or value < 1:
            raise ValueError(
                f"`{name}` must be a whole number of at least 1. Received: {name}={value!r}"
            )
    if condition is None and checks.takes_condition(generator):
        raise ValueError(
            "`generate` needs a `condition`, because the generator takes one: a single value for "
            "all samples, or one for each. Received: condition=None"
        )
    if (
        condition is not None
        and hasattr(generator, "inputs")
        and not checks.takes_condition(generator)
    ):
        raise ValueError(
            "`condition` has nowhere to go: the generator takes latents alone. "
            f"Received: condition={condition!r}"
        )


def conditions(condition: Any, n: int, generator: keras.Model) -> np.ndarray:
    """Returns one condition for each of `n` samples, from as many or from a single one.

    Labels that the generator looks up must be among those it has: beyond them each backend makes
    something else up.
    """
    given = np.asarray(condition)
    _labels_known(given, generator)
    if given.ndim == 0:
        given = given[None]
    if len(given) == 1:
        return np.repeat(given, n, axis=0)
    if len(given) != n:
        raise ValueError(
            f"`condition` must be a single value, an array of one, or one for each of the {n} "
            "samples. "
            f"Received: condition of shape {given.shape}"
        )
    return given


def _labels_known(given: np.ndarray, generator: keras.Model) -> None:
    condition = generator.inputs[1] if checks.takes_condition(generator) else None
    for layer in getattr(generator, "layers", []):
        if not isinstance(layer, keras.layers.Embedding) or layer.input is not condition:
            continue
        if np.any(given < 0) or np.any(given >= layer.input_dim):
            raise ValueError(
                f"`condition` must be a label from 0 to {layer.input_dim - 1}, which is what the "
                f"generator's layer '{layer.name}' knows. Received: labels from {given.min()} to "
                f"{given.max()}"
            )
