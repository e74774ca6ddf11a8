"""How does an image halve or double its sides without losing a pixel? Blocks become channels."""

from typing import Any

from keras import layers

Symbol = Any

BLOCK = 2  # pixels of a block's side


def pixels_to_channels(images: Symbol) -> Symbol:
    """Returns images of half the height and width: each 2 x 2 block is one pixel's channels.

    A convolution on the result sees what a strided one would see, but is a plain one: its second
    derivative, which a gradient penalty takes, is quicker.

    Example:
    ```python
    import keras
    from keras_wgan.networks.rearranging import pixels_to_channels

    assert pixels_to_channels(keras.Input((28, 14, 3))).shape == (None, 14, 7, 12)
    ```

    Args:
        images: A symbol `(batch, height, width, channels)` with an even height and width.

    Returns:
        A symbol `(batch, height / 2, width / 2, 4 * channels)`.

    Reference:
        Shi et al. (2016), Real-Time Single Image and Video Super-Resolution, section 3.2, for the
        way back.
    """
    _, height, width, channels = images.shape
    rows, columns = height // BLOCK, width // BLOCK
    x = layers.Reshape((rows, BLOCK, columns, BLOCK, channels))(images)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((rows, columns, BLOCK * BLOCK * channels))(x)


def channels_to_pixels(images: Symbol) -> Symbol:
    """Returns images of double the height and width, as `pixels_to_channels` would take them.

    Example:
    ```python
    import keras
    from keras_wgan.networks.rearranging import channels_to_pixels

    assert channels_to_pixels(keras.Input((14, 7, 12))).shape == (None, 28, 14, 3)
    ```

    Args:
        images: A symbol `(batch, height, width, 4 * channels)`.

    Returns:
        A symbol `(batch, 2 * height, 2 * width, channels)`.

    Reference:
        Shi et al. (2016), Real-Time Single Image and Video Super-Resolution, section 3.2.
    """
    _, rows, columns, blocks = images.shape
    channels = blocks // (BLOCK * BLOCK)
    x = layers.Reshape((rows, columns, BLOCK, BLOCK, channels))(images)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((BLOCK * rows, BLOCK * columns, channels))(x)
