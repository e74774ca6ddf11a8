"""Which networks simulate a market? Volatility times shock, and a critic with several views."""

import math

import keras
from keras import layers, ops

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.market_layers import (
    CorrelatedShocks,
    Mean,
    ShockMemory,
    TwoSidedTail,
    VolatilityBand,
)
from keras_wgan.networks.path_views import PathViews

HALF_LIVES = (1, 3, 8, 20, 60, 150)  # days; a spread like this decays much like a power law
RECENT = 20  # days whose shocks are also seen one by one
HISTORY = 504  # days of noise before a window: two years fill the longest memory to nine tenths
HIDDEN = 24


def market_generator(days: int = 60, *, history: int = HISTORY, assets: int = 1) -> keras.Model:
    """Returns a simulator of standardised returns: volatility from past shocks, times a shock.

    `return_t = mean + volatility_t * (drift_t + shock_t)`. The logarithm of volatility and the
    drift are causal functions of the shocks before day t and of their sizes: exponential averages
    with half-lives of 1 to 150 days, and a two-layer causal convolution, which both start at zero.
    So clustering and leverage are in the form and their strength is learned. The shock is the
    day's noise after a two-sided tail transform. Nothing depends on where a window begins: the
    same weights give any horizon, and past returns can be turned back into shocks.

    Example:
    ```python
    from keras_wgan.networks import market_generator

    generator = market_generator(days=60, history=252)
    assert generator.input_shape == (None, 252 + 60, 1)
    assert generator.output_shape == (None, 60, 1)
    ```

    Args:
        days: Length of a window. Defaults to `60`.
        history: Days of noise before it, at least 20. Defaults to `504`, two years.
        assets: Returns a day. Defaults to `1`.

    Returns:
        A model from standard normals `(batch, history + days, assets)` to standardised returns
        `(batch, days, assets)`.

    Raises:
        ValueError: If a number is too small.

    Reference:
        Nelson (1991), Conditional Heteroskedasticity in Asset Returns, for volatility as a filter
        of shocks and their sizes; Wiese et al. (2019), Quant GANs, for volatility times shock.
    """
    for name, value, least in (
        ("days", days, 1),
        ("history", history, RECENT),
        ("assets", assets, 1),
    ):
        whole_number(name, value, minimum=least)
    noise = keras.Input((history + days, assets), name="noise")
    shocks = CorrelatedShocks(name="shocks")(noise) if assets > 1 else noise
    # |z| of a standard normal, brought to mean 0 and variance 1.
    sizes = (ops.abs(shocks) - math.sqrt(2 / math.pi)) / math.sqrt(1 - 2 / math.pi)
    # Side by side only when few are left: to weave two years of both into one another is slow.
    remember = ShockMemory(HALF_LIVES, history, name="memory")
    memory = layers.Concatenate(name="memories")([remember(shocks), remember(sizes)])
    recent = layers.Concatenate(name="recent")(
        [each[:, history - RECENT : -1] for each in (shocks, sizes)]
    )
    pattern = layers.Conv1D(HIDDEN, RECENT, activation="tanh", name="recent_pattern")(recent)
    hidden = layers.Dense(HIDDEN, activation="tanh", name="hidden")(
        layers.Concatenate(name="pattern_and_memory")([pattern, memory])
    )
    log_volatility = VolatilityBand(name="log_volatility")(
        _from_zero(assets, "volatility_from_memory")(memory)
        + layers.Conv1D(
            assets, RECENT, use_bias=False, kernel_initializer="zeros", name="volatility_from_days"
        )(recent)
        + _from_zero(assets, "volatility_from_hidden")(hidden)
    )
    drift = layers.Add(name="drift")(
        [
            _from_zero(assets, "drift_from_memory")(memory),
            _from_zero(assets, "drift_from_hidden")(hidden),
        ]
    )
    shock = TwoSidedTail(name="tail")(shocks[:, history:])
    moves = layers.Multiply(name="moves")([ops.exp(log_volatility), shock + drift])
    returns = Mean(name="mean")(moves)
    return keras.Model(noise, returns, name="market_generator")


def market_critic(days: int = 60, *, assets: int = 1) -> keras.Model:
    """Returns a critic of standardised returns: strided convolutions over seven views.

    Example:
    ```python
    from keras_wgan.networks import market_critic

    assert market_critic(days=60).output_shape == (None, 1)
    ```

    Args:
        days: Length of a window, at least 20. Defaults to `60`.
        assets: Returns a day. Defaults to `1`.

    Returns:
        A model from `(batch, days, assets)` to scores `(batch, 1)`.

    Raises:
        ValueError: If a window is shorter than the longest sum that the critic looks at.
    """
    whole_number("days", days, minimum=RECENT)
    returns = keras.Input((days, assets), name="returns")
    features = PathViews(name="views")(returns)
    for filters in (32, 48, 64):
        features = layers.Conv1D(filters, 5, strides=2, padding="same")(features)
        features = layers.LeakyReLU(negative_slope=0.2)(features)
    features = layers.Dense(64)(layers.Flatten()(features))
    features = layers.LeakyReLU(negative_slope=0.2)(features)
    return keras.Model(returns, layers.Dense(1)(features), name="market_critic")


def with_days(generator: keras.Model, days: int) -> keras.Model:
    """Returns the same market simulator, with the same weights, for another horizon.

    Example:
    ```python
    import numpy as np
    from keras import ops
    from keras_wgan.networks import market_generator, with_days

    month = market_generator(days=20, history=60)
    year = with_days(month, 250)
    noise = np.random.default_rng(0).normal(size=(1, 310, 1)).astype("float32")
    first = ops.convert_to_numpy(month(noise[:, :80]))
    np.testing.assert_allclose(ops.convert_to_numpy(year(noise))[:, :20], first, atol=1e-5)
    ```

    Args:
        generator: What `market_generator` returned.
        days: The new length of a window.

    Returns:
        A new model; the old one stays as it is.

    Raises:
        ValueError: If the generator is another network, whose length is fixed.
    """
    try:
        history = generator.get_layer("memory").history
    except ValueError as error:
        raise InvalidInputError(
            "`generator` must be a `market_generator`, which runs over any number of days. "
            f"Received: {generator.name}, which makes {generator.output_shape[1]}."
        ) from error
    longer = market_generator(days, history=history, assets=generator.output_shape[-1])
    longer.set_weights(generator.get_weights())
    return longer


def _from_zero(assets: int, name: str) -> layers.Layer:
    return layers.Dense(assets, use_bias=False, kernel_initializer="zeros", name=name)
