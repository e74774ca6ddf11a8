"""Image generators as plain numbers, for programs that run them without Keras."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from keras_wgan.networks._numbers import numbers

Numbers = NDArray[np.float64]

# The layers with weights of an `image_generator` without labels, in order.
_WEIGHTED = [
    *[layers.Dense, layers.BatchNormalization],
    *[layers.Conv2D, layers.BatchNormalization],
    *[layers.Conv2DTranspose, layers.BatchNormalization],
    *[layers.Conv2D, layers.BatchNormalization],
    layers.Conv2D,
]


@dataclass(frozen=True, eq=False)
class Affine:
    """A linear layer with its batch normalization folded in.

    Args:
        kernel: `(inputs, outputs)` of a dense layer, `(size, size, inputs, outputs)` of a
            convolution.
        bias: `(outputs,)`.
    """

    kernel: Numbers
    bias: Numbers

    def to_config(self) -> dict[str, Any]:
        """Returns both, ready for JSON."""
        return {"kernel": _packed(self.kernel), "bias": _packed(self.bias)}


@dataclass(frozen=True, eq=False)
class ImageDescription:
    """The numbers of an `image_generator`: all layers but the last are followed by a ReLU.

    Args:
        latent_size: How many normals feed it.
        shape: Height, width and channels of an image.
        embedding: `(classes, size)` numbers that follow the latents, or `None` without labels.
        dense: The first layer, to rows, columns and channels a fourth of the image's size.
        first: A convolution.
        doubling: A transposed convolution with stride 2, to twice the rows and columns.
        second: A convolution.
        last: A convolution whose channels become 2 x 2 pixels each.
    """

    form: ClassVar[str] = "doubled-image"
    latent_size: int
    shape: tuple[int, int, int]
    embedding: Numbers | None
    dense: Affine
    first: Affine
    doubling: Affine
    second: Affine
    last: Affine

    def to_config(self) -> dict[str, Any]:
        """Returns all of it, ready for JSON; arrays as the base64 of float32 numbers."""
        return {
            "form": self.form,
            "latent_size": self.latent_size,
            "shape": list(self.shape),
            "embedding": None if self.embedding is None else _packed(self.embedding),
            "dense": self.dense.to_config(),
            "first": self.first.to_config(),
            "doubling": self.doubling.to_config(),
            "second": self.second.to_config(),
            "last": self.last.to_config(),
        }


def describe_image_generator(generator: keras.Model) -> ImageDescription | None:
    """Describes an `image_generator`, or returns `None` for a network that only Keras can run."""
    weighted = [layer for layer in generator.layers if layer.weights]
    embedding = None
    if weighted and isinstance(weighted[0], layers.Embedding):
        embedding = numbers(weighted.pop(0).embeddings)
    if generator.name != "image_generator" or [type(each) for each in weighted] != _WEIGHTED:
        return None
    _, height, width, channels = generator.output_shape
    return ImageDescription(
        int(generator.inputs[0].shape[-1]),
        (int(height), int(width), int(channels)),
        embedding,
        *_folded(iter(weighted)),
    )


def _folded(weighted: Iterator[layers.Layer]) -> Iterator[Affine]:
    for layer in weighted:
        kernel = numbers(layer.kernel)
        if isinstance(layer, layers.Conv2DTranspose):
            kernel = kernel.swapaxes(2, 3)  # Keras has the outputs before the inputs there
        if layer.bias is not None:
            yield Affine(kernel, numbers(layer.bias))
            continue
        norm = next(weighted)
        scale = numbers(norm.gamma) / np.sqrt(numbers(norm.moving_variance) + norm.epsilon)
        shift = numbers(norm.beta) - scale * numbers(norm.moving_mean)
        repeated = kernel.shape[-1] // len(scale)  # a dense layer has every pixel's channels
        yield Affine(kernel * np.tile(scale, repeated), np.tile(shift, repeated))


def _packed(values: Numbers) -> dict[str, Any]:
    content = values.astype("<f4").tobytes()
    return {"shape": list(values.shape), "base64": base64.b64encode(content).decode("ascii")}
