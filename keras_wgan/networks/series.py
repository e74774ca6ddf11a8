"""A generator and a critic of windows of several series, of any length and number of columns."""

from functools import partial
from typing import Any

import keras
from keras import layers

from keras_wgan._validation import whole_number

SLOPE = 0.2  # of LeakyReLU
DOUBLINGS = 2  # 6 rows become 12 and 24
KERNEL = 5  # rows
MIN_LENGTH = 2**DOUBLINGS
EXACT = "float32"  # for samples and scores, also where the rest computes in bfloat16

_activated = partial(layers.LeakyReLU, SLOPE)


def series_generator(
    latent_size: int = 64, length: int = 24, columns: int = 5, *, width: int = 64
) -> keras.Model:
    """Returns a generator of windows of several series, twice doubled up to their length.

    Rows are repeated and smoothed by plain convolutions. Where the length is no multiple of four,
    the window is cut out of a longer one. The last layer is linear, since few values of real series
    are near the ends of their range.

    Example:
    ```python
    from keras_wgan.networks import series_generator

    assert series_generator(length=50, columns=3).output_shape == (None, 50, 3)
    ```

    Args:
        latent_size: How many numbers feed it. Defaults to `64`.
        length: Rows of a window, at least 4. Defaults to `24`.
        columns: The number of series. Defaults to `5`.
        width: Channels of its hidden layers. Defaults to `64`.

    Returns:
        A model from `(batch, latent_size)` to `(batch, length, columns)`.

    Raises:
        ValueError: If `length` is below 4, or another number below 1.
    """
    length, columns = _checked(length, columns)
    whole_number("width", width)
    start = -(-length // 2**DOUBLINGS)
    latents = keras.Input((whole_number("latent_size", latent_size),), name="latents")
    x: Any = _activated()(layers.Dense(start * width)(latents))
    x = layers.Reshape((start, width))(x)
    for _ in range(DOUBLINGS):
        x = layers.UpSampling1D(2)(x)
        x = _activated()(layers.Conv1D(width, KERNEL, padding="same")(x))
    x = layers.Conv1D(columns, 1, dtype=EXACT)(x)
    if beyond := 2**DOUBLINGS * start - length:
        x = layers.Cropping1D((beyond // 2, beyond - beyond // 2))(x)
    return keras.Model(latents, x, name="series_generator")


def series_critic(length: int = 24, columns: int = 5, *, width: int = 64) -> keras.Model:
    """Returns a critic of windows of several series, twice halved by strided convolutions.

    The gradient penalty is per sample, so no layer mixes the samples of a batch.

    Example:
    ```python
    from keras_wgan.networks import series_critic

    assert series_critic(50, 3).output_shape == (None, 1)
    ```

    Args:
        length: Rows of a window, at least 4. Defaults to `24`.
        columns: The number of series. Defaults to `5`.
        width: Channels of its first hidden layer; the next ones have twice as many. Defaults to
            `64`.

    Returns:
        A model from `(batch, length, columns)` to scores `(batch, 1)`.

    Raises:
        ValueError: If `length` is below 4, or another number below 1.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs, section 4, against BatchNorm
        in the critic.
    """
    length, columns = _checked(length, columns)
    whole_number("width", width)
    windows = keras.Input((length, columns), name="windows")
    x: Any = windows
    for channels in (width, 2 * width):
        x = layers.Conv1D(channels, KERNEL, strides=2, padding="same")(x)
        x = _activated()(x)
    x = _activated()(layers.Dense(2 * width)(layers.Flatten()(x)))
    return keras.Model(windows, layers.Dense(1, dtype=EXACT)(x), name="series_critic")


def _checked(length: int, columns: int) -> tuple[int, int]:
    return whole_number("length", length, minimum=MIN_LENGTH), whole_number("columns", columns)
