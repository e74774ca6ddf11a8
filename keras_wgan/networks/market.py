"""The networks of a market simulator: a generator of volatility times shock, and its critic."""

import math
from collections.abc import Callable
from typing import Self

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
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

HALF_LIVES = (1, 3, 8, 20, 60, 150)  # days; averages this far apart decay much like a power law
RECENT = 20  # days whose shocks are also seen one by one
HISTORY = 504  # days of noise before a window: two years fill the longest average to nine tenths
DRIFTING = 3  # the half-lives, shortest first, of the averages that move the drift
HIDDEN = 24


def market_generator(days: int = 60, *, history: int = HISTORY, assets: int = 1) -> keras.Model:
    """Returns a simulator of standardized returns: volatility from past shocks, times a shock.

    `return_t = mean + volatility_t * (drift_t + shock_t)`. The logarithm of volatility is a causal
    function of the shocks before day t and of their sizes: exponential averages with half-lives of
    1 to 150 days, and a two-layer causal convolution, which all start at zero. So the form contains
    clustering and leverage, and training finds their strength. The drift depends on the averages
    of the shocks up to a half-life of 8 days, and on no sizes: over longer ones, one history shows
    by chance a trend or a return to its mean, and to repeat that after a volatile day would promise
    gains. The shock is the day's noise after a two-sided tail transform. Nothing depends on where a
    window begins: the same weights give any horizon, and past returns can be turned back into
    shocks.

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
        assets: Number of assets. Defaults to `1`.

    Returns:
        A model from standard normals `(batch, history + days, assets)` to standardized returns
        `(batch, days, assets)`. `MarketGenerator` gives access to its layers.

    Raises:
        ValueError: If a number is too small.

    Reference:
        Nelson (1991), Conditional Heteroskedasticity in Asset Returns, for volatility as a filter
        of shocks and their sizes; Wiese et al. (2019), Quant GANs, for volatility times shock.
    """
    days, assets = whole_number("days", days), whole_number("assets", assets)
    history = whole_number("history", history, minimum=RECENT)
    return _generator(days, history, assets, _drift)


def market_critic(days: int = 60, *, assets: int = 1) -> keras.Model:
    """Returns a critic of standardized returns: strided convolutions over seven views.

    Example:
    ```python
    from keras_wgan.networks import market_critic

    assert market_critic(days=60).output_shape == (None, 1)
    ```

    Args:
        days: Length of a window, at least 20. Defaults to `60`.
        assets: Number of assets. Defaults to `1`.

    Returns:
        A model from `(batch, days, assets)` to scores `(batch, 1)`.

    Raises:
        ValueError: If a window is shorter than the longest sum among the critic's views.
    """
    days = whole_number("days", days, minimum=RECENT)
    returns = keras.Input((days, assets), name="returns")
    features = PathViews(name="views")(returns)
    for filters in (32, 48, 64):
        features = layers.Conv1D(filters, 5, strides=2, padding="same")(features)
        features = layers.LeakyReLU(negative_slope=0.2)(features)
    features = layers.Dense(64)(layers.Flatten()(features))
    features = layers.LeakyReLU(negative_slope=0.2)(features)
    return keras.Model(returns, layers.Dense(1)(features), name="market_critic")


class MarketGenerator:
    """A market generator with its layers by name.

    Example:
    ```python
    import numpy as np
    from keras import ops
    from keras_wgan.networks import MarketGenerator, market_generator

    month = MarketGenerator(market_generator(days=20, history=60))
    assert max(month.half_lives) == 150
    year = month.with_days(250)
    noise = np.random.default_rng(0).normal(size=(1, 310, 1)).astype("float32")
    first = ops.convert_to_numpy(month.model(noise[:, :80]))
    np.testing.assert_allclose(ops.convert_to_numpy(year.model(noise))[:, :20], first, atol=1e-5)
    ```

    Args:
        model: A model that `market_generator` returned, also one that was saved and loaded.

    Raises:
        ValueError: If the model is another network.
    """

    def __init__(self, model: keras.Model) -> None:
        found = {layer.name: layer for layer in model.layers}
        if not isinstance(found.get("memory"), ShockMemory):
            raise InvalidInputError(
                "`generator` must be a `market_generator`, as the recipe sp500 trains it: no other "
                "network runs over any number of days, begins in a chosen state or can be started "
                f"from EGARCH. Received: {model.name}, with outputs of shape {model.output_shape}"
            )
        self.model, self._layers = model, found
        self.memory: ShockMemory = found["memory"]
        self.correlation: CorrelatedShocks | None = found.get("shocks")
        self.volatility_from_memory: layers.Dense = found["volatility_from_memory"]
        self.volatility_from_days: layers.Conv1D = found["volatility_from_days"]
        self.log_volatility: VolatilityBand = found["log_volatility"]
        self.drift: layers.Layer = found["drift"]
        self.tail: TwoSidedTail = found["tail"]
        self.mean: Mean = found["mean"]
        self._drifts_from_all = isinstance(self.drift, layers.Add)

    @property
    def days(self) -> int:
        """Length of a window."""
        return int(self.model.output_shape[1])

    @property
    def history(self) -> int:
        """Days of noise before a window."""
        return self.memory.history

    @property
    def assets(self) -> int:
        """Number of assets."""
        return int(self.model.output_shape[-1])

    @property
    def half_lives(self) -> list[float]:
        """Half-lives in days of the averages of past shocks."""
        return self.memory.half_lives

    def drift_from_memory(self) -> NDArray[np.float64]:
        """Returns `(averages, assets)` weights of all averages, of shocks and sizes, in the drift.

        Those that the drift does not see weigh zero.
        """
        if self._drifts_from_all:
            return _numbers(self._layers["drift_from_memory"].kernel)
        scales, assets = len(self.half_lives), self.assets
        found = np.zeros((2, assets, scales, assets))
        found[0, :, :DRIFTING] = _numbers(self.drift.kernel).reshape(assets, DRIFTING, assets)
        return found.reshape(-1, assets)

    def drift_from_hidden(self) -> NDArray[np.float64]:
        """Returns `(hidden, assets)` weights of the hidden units in the drift."""
        if self._drifts_from_all:
            return _numbers(self._layers["drift_from_hidden"].kernel)
        return np.zeros((HIDDEN, self.assets))

    def with_days(self, days: int, *, history: int | None = None) -> Self:
        """Returns a new generator with the same weights for another horizon.

        Args:
            days: Length of a window.
            history: Days of noise before it. Defaults to `None`, as many as now.
        """
        days, history = whole_number("days", days), history or self.history
        drift_of = _drift_of_version_0_1 if self._drifts_from_all else _drift
        model = _generator(days, history, self.assets, drift_of)
        model.set_weights(self.model.get_weights())
        return type(self)(model)


def _generator(days: int, history: int, assets: int, drift_of: "DriftOf") -> keras.Model:
    noise = keras.Input((history + days, assets), name="noise")
    shocks = CorrelatedShocks(name="shocks")(noise) if assets > 1 else noise
    # |z| of a standard normal, scaled to mean 0 and variance 1.
    sizes = (ops.abs(shocks) - math.sqrt(2 / math.pi)) / math.sqrt(1 - 2 / math.pi)
    # Concatenated only after averaging: interleaving two years of both would be slow.
    remember = ShockMemory(HALF_LIVES, history, name="memory")
    averages = remember(shocks)
    memory = layers.Concatenate(name="memories")([averages, remember(sizes)])
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
    drift = drift_of(averages, memory, hidden)
    shock = TwoSidedTail(name="tail")(shocks[:, history:])
    moves = layers.Multiply(name="moves")([ops.exp(log_volatility), shock + drift])
    returns = Mean(name="mean")(moves)
    return keras.Model(noise, returns, name="market_generator")


DriftOf = Callable[[Tensor, Tensor, Tensor], Tensor]  # of averages, memory and hidden units


def _drift(averages: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
    """Returns the drift from the short averages of each asset's shocks."""
    del memory, hidden
    days, scales = averages.shape[1], len(HALF_LIVES)
    assets = averages.shape[2] // scales
    by_scale = layers.Reshape((days, assets, scales), name="by_half_life")(averages)
    short = layers.Reshape((days, assets * DRIFTING), name="short_averages")(
        by_scale[..., :DRIFTING]
    )
    return _from_zero(assets, "drift")(short)


def _drift_of_version_0_1(averages: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
    """Returns the drift of older runs, from all averages and the hidden units."""
    assets = averages.shape[2] // len(HALF_LIVES)
    return layers.Add(name="drift")(
        [
            _from_zero(assets, "drift_from_memory")(memory),
            _from_zero(assets, "drift_from_hidden")(hidden),
        ]
    )


def _numbers(weights: Tensor) -> NDArray[np.float64]:
    return np.asarray(ops.convert_to_numpy(weights), np.float64)


def _from_zero(assets: int, name: str) -> layers.Layer:
    return layers.Dense(assets, use_bias=False, kernel_initializer="zeros", name=name)
