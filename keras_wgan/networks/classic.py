"""The generators and critics of the classic recipes, `mnist-classic` and `sp500-classic`."""

import keras
from keras import layers

# Without a seed, Keras on PyTorch takes masks from a global generator, whose state is not saved.
MASKS = 0


def classic_image_generator(latent_size: int = 100) -> keras.Model:
    """Returns the classic digit generator, two transposed convolutions up from 7 x 7.

    Example:
    ```python
    from keras_wgan.networks import classic_image_generator

    assert classic_image_generator().output_shape == (None, 28, 28, 1)
    ```

    Args:
        latent_size: How many numbers feed it. Defaults to `100`.

    Returns:
        A model from `(batch, latent_size)` to `(batch, 28, 28, 1)` in [-1, 1].
    """
    return keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(7 * 7 * 256),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 3, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="tanh"),
        ],
        name="classic_image_generator",
    )


def classic_image_critic() -> keras.Model:
    """Returns the classic digit critic, two strided convolutions down to 7 x 7.

    It has BatchNormalization, so `WGANGP` warns about it.

    Example:
    ```python
    from keras_wgan.networks import classic_image_critic

    assert classic_image_critic().count_params() == 1_681_409
    ```

    Returns:
        A model from `(batch, 28, 28, 1)` to scores `(batch, 1)`.
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 3, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2D(128, 3, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.2, seed=MASKS),
            layers.Dense(1),
        ],
        name="classic_image_critic",
    )


def classic_returns_generator(latent_size: int = 100) -> keras.Model:
    """Returns the classic return generator, two transposed convolutions up from 15 steps.

    Example:
    ```python
    from keras_wgan.networks import classic_returns_generator

    assert classic_returns_generator().output_shape == (None, 60, 1)
    ```

    Args:
        latent_size: How many numbers feed it. Defaults to `100`.

    Returns:
        A model from `(batch, latent_size)` to `(batch, 60, 1)` in [-1, 1].
    """
    return keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(15 * 100),
            layers.LeakyReLU(),
            layers.Reshape((15, 100)),
            layers.Conv1DTranspose(256, 3, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Conv1DTranspose(1, 3, strides=2, padding="same", activation="tanh"),
        ],
        name="classic_returns_generator",
    )


def classic_returns_critic() -> keras.Model:
    """Returns the classic return critic, two strided convolutions down to 15 steps.

    Example:
    ```python
    from keras_wgan.networks import classic_returns_critic

    assert classic_returns_critic().output_shape == (None, 1)
    ```

    Returns:
        A model from `(batch, 60, 1)` to scores `(batch, 1)`.
    """
    return keras.Sequential(
        [
            keras.Input((60, 1)),
            layers.Conv1D(128, 3, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Conv1D(256, 3, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.3, seed=MASKS),
            layers.Dense(1),
        ],
        name="classic_returns_critic",
    )
