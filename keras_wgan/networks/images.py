"""Generators and critics of images of any height, width and number of channels."""

from typing import Any

import keras
from keras import layers

SLOPE = 0.2  # of LeakyReLU (Radford et al. 2016)
HALVINGS = 2  # 28 x 28 becomes 14 x 14 and 7 x 7
EXACT = "float32"  # for pixels and scores, also where the rest computes in bfloat16
UNCUT = ((0, 0), (0, 0))
RESIDUALS = 2  # convolutions of the critic after its last halving, each added to its input
LABEL_SIZE = 16  # size of the embedding of a label


def image_generator(
    latent_size: int = 100,
    shape: tuple[int, int, int] = (28, 28, 1),
    *,
    width: int = 32,
    classes: int | None = None,
) -> keras.Model:
    """Returns a generator of images, twice doubled up to their height and width.

    The last doubling is done by a plain convolution whose channels become pixels, which is faster
    than a transposed one to a single channel. Where the height or width is no multiple of four, the
    image is cut out of a larger one.

    Example:
    ```python
    from keras_wgan.networks import image_generator

    assert image_generator(shape=(32, 32, 3)).output_shape == (None, 32, 32, 3)
    digits = image_generator(classes=10)
    assert [tuple(given.shape) for given in digits.inputs] == [(None, 100), (None,)]
    ```

    Args:
        latent_size: How many numbers feed it. Defaults to `100`.
        shape: Height, width and channels of the images. Defaults to `(28, 28, 1)`.
        width: Channels of its last hidden layers; those before have twice as many. Defaults to
            `32`.
        classes: How many labels there are, for a generator that takes `[latents, label]` with
            whole numbers from 0 on. Defaults to `None`, latents alone.

    Returns:
        A model to `(batch, *shape)` in [-1, 1].

    Reference:
        Radford et al. (2016), Unsupervised Representation Learning with DCGANs; Shi et al. (2016),
        Real-Time Single Image and Video Super-Resolution, for channels that become pixels.
    """
    height, breadth, channels = shape
    rows, columns = _at_the_bottom(height), _at_the_bottom(breadth)
    latents = keras.Input((latent_size,), name="latents")
    inputs: Any = latents
    given: Any = latents
    if classes is not None:
        label = keras.Input((), dtype="int32", name="label")
        inputs = [latents, label]
        given = layers.Concatenate()([latents, layers.Embedding(classes, LABEL_SIZE)(label)])
    x = layers.Dense(rows * columns * 2 * width, use_bias=False)(given)
    x = _normalized(layers.Reshape((rows, columns, 2 * width))(x))
    x = _normalized(layers.Conv2D(2 * width, 3, padding="same", use_bias=False)(x))
    # A kernel size that is a multiple of the stride avoids a checkerboard.
    x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False)(x)
    x = _normalized(x)
    x = _normalized(layers.Conv2D(width, 3, padding="same", use_bias=False)(x))
    x = channels_to_pixels(layers.Conv2D(4 * channels, 3, padding="same")(x))
    x = layers.Activation("tanh", dtype=EXACT)(x)
    if (beyond := (_beyond(height), _beyond(breadth))) != UNCUT:
        x = layers.Cropping2D(beyond)(x)
    return keras.Model(inputs, x, name="image_generator")


def image_critic(
    shape: tuple[int, int, int] = (28, 28, 1), *, width: int = 32, classes: int | None = None
) -> keras.Model:
    """Returns a critic of images, twice halved by turning pixels into channels.

    The gradient penalty is per sample, so no layer mixes the samples of a batch. With
    labels it is a projection critic: the score of an image, and how well its features go with the
    label's. Where the height or width is no multiple of four, the image gets a gray margin.

    Example:
    ```python
    from keras_wgan.networks import image_critic

    assert image_critic((32, 32, 3)).output_shape == (None, 1)
    assert len(image_critic(classes=10).inputs) == 2
    ```

    Args:
        shape: Height, width and channels of the images. Defaults to `(28, 28, 1)`.
        width: Channels of its first hidden layer; the others have twice as many. Defaults to `32`.
        classes: How many labels there are, for a critic that takes `[images, label]`. Defaults to
            `None`, images alone.

    Returns:
        A model to scores `(batch, 1)`.

    Reference:
        Gulrajani et al. (2017), section 4, against BatchNorm in the critic; Miyato and Koyama
        (2018), cGANs with Projection Discriminator; He et al. (2016), Deep Residual Learning.
    """
    images = keras.Input(shape, name="images")
    x = images
    if (beyond := (_beyond(shape[0]), _beyond(shape[1]))) != UNCUT:
        x = layers.ZeroPadding2D(beyond)(x)
    x = layers.Conv2D(width, 3, padding="same")(pixels_to_channels(x))
    x = pixels_to_channels(layers.LeakyReLU(SLOPE)(x))
    x = layers.LeakyReLU(SLOPE)(layers.Conv2D(2 * width, 1)(x))
    for _ in range(RESIDUALS):
        change = layers.LeakyReLU(SLOPE)(layers.Conv2D(2 * width, 3, padding="same")(x))
        x = layers.Add()([x, change])
    x = layers.Flatten()(x)
    scores = layers.Dense(1, dtype=EXACT)(x)
    if classes is None:
        return keras.Model(images, scores, name="image_critic")
    label = keras.Input((), dtype="int32", name="label")
    features = layers.Dense(2 * width, use_bias=False, dtype=EXACT)(x)
    wanted = layers.Embedding(classes, 2 * width, dtype=EXACT)(label)
    agreement = layers.Dot(axes=-1, dtype=EXACT)([features, wanted])
    total = layers.Add(dtype=EXACT)([scores, agreement])
    return keras.Model([images, label], total, name="image_critic")


def _normalized(x: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(x))


def _at_the_bottom(pixels: int) -> int:
    return -(-pixels // 2**HALVINGS)


def _beyond(pixels: int) -> tuple[int, int]:
    """Returns how far the doubled bottom reaches beyond an image, before and after it."""
    extra = 2**HALVINGS * _at_the_bottom(pixels) - pixels
    return extra // 2, extra - extra // 2


Symbol = Any

BLOCK = 2  # pixels of a block's side


def pixels_to_channels(images: Symbol) -> Symbol:
    """Returns images of half the height and width: each 2 x 2 block is one pixel's channels.

    A convolution on the result sees what a strided one would see, but is a plain one: its second
    derivative, which a gradient penalty takes, is quicker.

    Example:
    ```python
    import keras
    from keras_wgan.networks import pixels_to_channels

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
    from keras_wgan.networks import channels_to_pixels

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
