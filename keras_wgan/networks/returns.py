"""Which networks make and judge windows of 60 daily returns? The ones of the source deck."""

import keras
from keras import layers

from keras_wgan.networks.images import MASKS


def classic_returns_generator(latent_size: int = 100) -> keras.Model:
    """Returns the deck's return generator, two transposed convolutions up from 15 steps.

    Example:
    ```python
    from keras_wgan.networks import classic_returns_generator

    assert classic_returns_generator().output_shape == (None, 60, 1)
    ```

    Args:
        latent_size: How many numbers feed it. Defaults to `100`.

    Returns:
        A model from `(batch, latent_size)` to `(batch, 60, 1)` in [-1, 1].

    Reference:
        The source deck, section 5, Architecture.
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
    """Returns the deck's return critic, two strided convolutions down to 15 steps.

    Example:
    ```python
    from keras_wgan.networks import classic_returns_critic

    assert classic_returns_critic().output_shape == (None, 1)
    ```

    Returns:
        A model from `(batch, 60, 1)` to scores `(batch, 1)`.

    Reference:
        The source deck, section 5, Architecture.
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
