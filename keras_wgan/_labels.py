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
    extremes = np.stack([rows.min(axis=0), rows.max(axis=0), *_fractional(network, rows)])
    known = _KNOWN.setdefault(network, set())
    if extremes.tobytes() in known:
        return
    first = np.zeros((len(extremes), *first_shape), "float32")
    for layer, smallest, largest in _lookups(network, [first, extremes]):
        if smallest is None or largest is None:
            raise _no_whole_number(role, layer.name, extremes)
        if smallest < 0 or largest >= layer.input_dim:
            raise InvalidInputError(
                f"`condition` must be a label from 0 to {layer.input_dim - 1}, the labels of the "
                f"{role}'s layer '{layer.name}'. Received: labels from {given.min()} to "
                f"{given.max()}"
            )
    known.add(extremes.tobytes())


def _fractional(network: keras.Model, rows: np.ndarray) -> list[np.ndarray]:
    """Returns a row with a number that is no whole one in each column that has any, else nothing.

    Raises ValueError if the network takes whole numbers only, which would cut them off.
    """
    if rows.dtype.kind != "f" or not (broken := rows != np.round(rows)).any():
        return []
    inputs = getattr(network, "inputs", None) or []
    if len(inputs) > 1 and "int" in inputs[1].dtype:
        raise _no_whole_number("network", inputs[1].name, rows[broken])
    return [np.take_along_axis(rows, broken.argmax(axis=0)[None], axis=0)[0]]


def _no_whole_number(role: str, layer: str, values: np.ndarray) -> InvalidInputError:
    found = values[values != np.round(values)]
    return InvalidInputError(
        f"`condition` must hold whole numbers, the labels of the {role}'s layer '{layer}', which "
        f"would cut off what comes after the point. Received: {found[0]}"
    )


def _lookups(
    network: keras.Model, inputs: list[Any]
) -> list[tuple[keras.layers.Layer, int | None, int | None]]:
    """Returns the Embeddings that a call uses, with the smallest and the largest row they read.

    Both are `None` if one of the rows is no whole number.
    """
    _HERE.found = []
    # Any weights will do, and during `fit` JAX holds them elsewhere.
    zeros = [(each, ops.zeros(each.shape, each.dtype)) for each in network.variables]
    with keras.StatelessScope(zeros), _EMBEDDING.active():
        network(inputs, training=False)
    found: list[tuple[keras.layers.Layer, int | None, int | None]] = _HERE.found
    return found


def noted_lookup(layer: Any, inputs: Tensor) -> Tensor:
    """Replaces `Embedding.call`: notes the rows, and reads those that there are."""
    rows = np.asarray(ops.convert_to_numpy(inputs))
    if rows.dtype.kind in "iu" or np.array_equal(rows, np.round(rows)):
        _HERE.found.append((layer, int(rows.min()), int(rows.max())))
    else:
        _HERE.found.append((layer, None, None))
        rows = np.zeros(rows.shape, "int32")
    return _EMBEDDING.original(layer, np.clip(rows, 0, layer.input_dim - 1))


_EMBEDDING = Replacement(keras.layers.Embedding, "call", noted_lookup)
