"""Checks and scaling of images and labels from all sources."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InputNotFoundError, InvalidInputError
from keras_wgan.io.npz import read_npz_arrays

Images = tuple[NDArray[np.float32], NDArray[np.int64]]

_MOST_CHANNELS = 4  # red, green, blue, alpha; with more, the channels are probably first


def as_images(pixels: NDArray[Any], labels: NDArray[Any], origin: str) -> Images:
    """Checks uint8 pixels and integer labels of `origin`, and scales the pixels to [-1, 1]."""
    _check_pixels(pixels, origin)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if not np.issubdtype(labels.dtype, np.integer):
        raise InvalidInputError(f"Labels must be integers, but {origin} holds {labels.dtype}.")
    if labels.shape != (len(pixels),):
        raise InvalidInputError(
            f"There must be one label for each image, but {origin} holds {len(pixels)} images and "
            f"labels of shape {labels.shape}."
        )
    images = pixels.astype(np.float32)
    images /= 127.5  # in place: MNIST is 188 MB as float32
    images -= 1.0
    return images if images.ndim == 4 else images[..., None], labels.astype(np.int64)


def _check_pixels(pixels: NDArray[Any], origin: str) -> None:
    if pixels.dtype != np.uint8:
        raise InvalidInputError(
            f"Pixels must be unsigned 8-bit integers from 0 to 255, but {origin} holds "
            f"{pixels.dtype}. Save them as uint8."
        )
    fits = pixels.ndim == 3 or (pixels.ndim == 4 and pixels.shape[3] <= _MOST_CHANNELS)
    if not fits or pixels.size == 0:
        raise InvalidInputError(
            "Images must have the shape (n, height, width) or (n, height, width, channels) with "
            f"at most {_MOST_CHANNELS} channels, but {origin} holds {pixels.shape}."
        )


def read_npz(name: str, path: Path, split: str) -> Images:
    """Reads one split of a Keras-format `.npz` file; `name` is for messages."""
    if not path.is_file():
        raise InputNotFoundError(
            f'There is no file at `path` for the images "{name}". Received: path={str(path)!r}'
        )
    pixels, labels = (f"x_{split}", f"y_{split}")
    arrays = read_npz_arrays(path, (pixels, labels))
    return as_images(arrays[pixels], arrays[labels], f'the "{split}" part of {path}')
