"""Keras layers that compute a first derivative only, in a form that has a second one.

Recurrent layers on a GPU run as one operation of cuDNN, and attention as one fused kernel. Neither
has a second derivative, which a gradient penalty needs. Inside `twice_differentiable()` Keras
computes both with plain operations; the results are equal up to rounding.
"""

import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

from keras.src import backend

from keras_wgan._tensor import Tensor
from keras_wgan.backends._replacements import Replacement


@contextlib.contextmanager
def twice_differentiable() -> Iterator[None]:
    """Keeps Keras from calling cuDNN's recurrent operations and fused attention."""
    with _CUDNN.active(), _ATTENTION.active():
        yield


def never(*_: Any, **__: Any) -> bool:
    """Replaces `cudnn_ok`, which says whether cuDNN can run a recurrent layer."""
    return False


def plain_attention(*inputs: Tensor, **options: Any) -> Tensor:
    """Replaces `dot_product_attention` by the same without a fused kernel."""
    return _ATTENTION.original(*inputs, **{**options, "flash_attention": False})


_CUDNN = Replacement(inspect.getmodule(backend.cudnn_ok), "cudnn_ok", never)
_ATTENTION = Replacement(backend.nn, "dot_product_attention", plain_attention)
