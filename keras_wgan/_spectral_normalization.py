"""Spectral normalization of the layers of two networks that train each other, once a batch.

Keras' `SpectralNormalization` improves its estimate of the largest singular value, and divides the
kernel by it, in each call that trains. A step of a GAN calls the critic four times: each call would
find another kernel, on PyTorch the earlier ones could no longer be differentiated, and JAX would
differentiate through the division where the others do not.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from keras_wgan._tensor import Tensor
from keras_wgan.backends._replacements import Replacement


@contextlib.contextmanager
def normalized_once(*networks: keras.layers.Layer) -> Iterator[None]:
    """Normalizes the kernels that train, after which calls inside the context leave them alone."""
    found = [
        layer
        for network in networks
        for layer in network._flatten_layers()
        if isinstance(layer, keras.layers.SpectralNormalization)
    ]
    for layer in found:
        if layer.kernel.trainable:
            _normalize(layer)
    with _CALL.active() if found else contextlib.nullcontext():
        yield


def _normalize(layer: keras.layers.SpectralNormalization) -> None:
    direction, kernel = layer.normalized_weights()
    is_zero = ops.all(ops.equal(layer.kernel.value, 0))  # has no direction
    layer.vector_u.assign(ops.where(is_zero, layer.vector_u.value, direction))
    layer.kernel.assign(ops.where(is_zero, layer.kernel.value, kernel))


def call_without_normalizing(layer: Any, inputs: Tensor, training: bool = False) -> Tensor:
    """Replaces `SpectralNormalization.call`."""
    del training
    return _CALL.original(layer, inputs, training=False)


_CALL = Replacement(keras.layers.SpectralNormalization, "call", call_without_normalizing)
