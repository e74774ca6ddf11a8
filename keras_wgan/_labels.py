"""Labels that the Embeddings of a network know: beyond them each backend computes other numbers."""

import threading
import weakref
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.backends._replacements import Replacement
from keras_wgan.errors import InvalidInputError

_HERE = threading.local()
_KNOWN: weakref.WeakKeyDictionary[keras.Model, set[bytes]] = weakref.WeakKeyDictionary()


def check_labels(
    network: keras.Model, role: str, first_shape: tuple[int, ...], condition: Any
) -> None:
    """Raises ValueError if the condition holds a label that the network does not know.

    The network runs once on the smallest and the largest labels, while its Embeddings note what
    they look up: a network of the user's own does not show which of them gets the condition.
    """
    embeds = any(isinstance(each, keras.layers.Embedding) for each in network._flatten_layers())
    given = np.asarray(ops.convert_to_numpy(condition)) if embeds else np.empty(0)
    if not given.size:
        return
    rows = np.atleast_1d(given)
    extremes = np.stack([rows.min(axis=0), rows.max(axis=0)])
    known = _KNOWN.setdefault(network, set())
    if extremes.tobytes() in known:
        return
    first = np.zeros((2, *first_shape), "float32")
    for layer, smallest, largest in _lookups(network, [first, extremes]):
        if smallest < 0 or largest >= layer.input_dim:
            raise InvalidInputError(
                f"`condition` must be a label from 0 to {layer.input_dim - 1}, the labels of the "
                f"{role}'s layer '{layer.name}'. Received: labels from {given.min()} to "
                f"{given.max()}"
            )
    known.add(extremes.tobytes())


def _lookups(network: keras.Model, inputs: list[Any]) -> list[tuple[keras.layers.Layer, int, int]]:
    """Returns the Embeddings that a call uses, with the smallest and the largest row they read."""
    _HERE.found = []
    # Any weights will do, and during `fit` JAX holds them elsewhere.
    zeros = [(each, ops.zeros(each.shape, each.dtype)) for each in network.variables]
    with keras.StatelessScope(zeros), _EMBEDDING.active():
        network(inputs, training=False)
    found: list[tuple[keras.layers.Layer, int, int]] = _HERE.found
    return found


def noted_lookup(layer: Any, inputs: Tensor) -> Tensor:
    """Replaces `Embedding.call`: notes the rows, and reads those that there are."""
    rows = np.asarray(ops.convert_to_numpy(inputs))
    _HERE.found.append((layer, int(rows.min()), int(rows.max())))
    return _EMBEDDING.original(layer, np.clip(rows, 0, layer.input_dim - 1))


_EMBEDDING = Replacement(keras.layers.Embedding, "call", noted_lookup)
