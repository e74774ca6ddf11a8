"""The networks of a market simulator: a generator of volatility times shock, and its critic."""

from collections.abc import Callable, Mapping
from typing import Protocol, Self

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from keras_wgan._tensor import Tensor
from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.joint_form import JointForm, joint_generator
from keras_wgan.networks.market_layers import Mean, ShockMemory, VolatilityBand
from keras_wgan.networks.path_views import PathViews
from keras_wgan.networks.shock_inversion import ShockInverse
from keras_wgan.networks.shock_memory_form import ShockMemoryForm
from keras_wgan.networks.single_form import SingleForm, single_generator

LONGEST_VIEW = 20  # days that the critic adds up
HISTORY = 504  # days of noise before a window: two years fill the longest average to nine tenths
VIEWED = 8  # portfolios of several assets that the critic looks at


def market_generator(days: int = 60, *, history: int = HISTORY, assets: int = 1) -> keras.Model:
    """Returns a simulator of standardized returns: volatility from past shocks, times a shock.

    `return_t = mean + volatility_t * (drift_t + shock_t)`. The logarithm of volatility is a causal
    function of the shocks before day t: of exponential averages of their falls, their rises and
    their sizes, with half-lives of 1 to 150 days, and of trends, the sizes of averages of the
    shocks. All weights start at zero. So the form contains clustering and leverage, and training
    finds their strength. The drift depends on the averages of the shocks up to a half-life of 8
    days, and on no sizes: over longer ones, one history shows by chance a trend or a return to its
    mean, and to repeat that after a volatile day would promise gains. The shock is the day's noise
    after a two-sided tail transform. Nothing depends on where a window begins: the same weights
    give any horizon, and past returns can be turned back into shocks, whatever was before them.

    Example:
    ```python
    from keras_wgan.networks import market_generator

    generator = market_generator(days=60, history=252)
    assert generator.input_shape == (None, 252 + 60, 1)
    assert generator.output_shape == (None, 60, 1)
    ```

    Args:
        days: Length of a window. Defaults to `60`.
        history: Days of noise before it. Defaults to `504`, two years.
        assets: Number of assets. Defaults to `1`.

    Returns:
        A model from standard normals `(batch, history + days, assets)` to standardized returns
        `(batch, days, assets)`. `MarketGenerator` gives access to its layers.

    Raises:
        ValueError: If a number is too small.

    Reference:
        Nelson (1991), Conditional Heteroskedasticity in Asset Returns, for volatility as a filter
        of shocks and their sizes; Wiese et al. (2019), Quant GANs, for volatility times shock;
        Wintenberger (2013), Continuous Invertibility and Stable QML Estimation of the EGARCH(1,1)
        Model, for when returns determine a volatility.
    """
    days, assets = whole_number("days", days), whole_number("assets", assets)
    history = whole_number("history", history)
    if assets == 1:
        return single_generator(days, history)
    return joint_generator(days, history, assets)


def market_critic(days: int = 60, *, assets: int = 1) -> keras.Model:
    """Returns a critic of standardized returns: strided convolutions over seven views.

    Of more than eight assets it looks at eight portfolios, which it finds itself: those in which
    generated returns differ most from real ones.

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
    days = whole_number("days", days, minimum=LONGEST_VIEW)
    returns = keras.Input((days, assets), name="returns")
    watched = returns
    if assets > VIEWED:
        watched = layers.Dense(VIEWED, use_bias=False, name="portfolios")(returns)
    features = PathViews(name="views")(watched)
    for filters in (32, 48, 64):
        features = layers.Conv1D(filters, 5, strides=2, padding="same")(features)
        features = layers.LeakyReLU(negative_slope=0.2)(features)
    features = layers.Dense(64)(layers.Flatten()(features))
    features = layers.LeakyReLU(negative_slope=0.2)(features)
    return keras.Model(returns, layers.Dense(1)(features), name="market_critic")


class MarketForm(Protocol):
    """The layers of a market generator that only its own form has."""

    log_volatility: VolatilityBand

    def build(
        self, days: int, history: int, assets: int, present: Tensor | None = None
    ) -> keras.Model:
        """Returns a new generator of this form.

        `present` is a second input `(history + days, 1)`, 0 on days that leave no trace.
        """

    def state(self) -> list[Tensor]:
        """Returns what is known of a day before it.

        Log volatility and drift, `(batch, days, assets)`, and the logarithm of the market's
        relative volatility, `(batch, days, 1)`.
        """

    def shocks(self, noise: NDArray[np.float64], log_share: float) -> NDArray[np.float64]:
        """Returns the shocks that noise `(n, assets)` makes at a relative market volatility."""

    def inverse(self) -> ShockInverse:
        """Returns what turns shocks back into noise."""


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
        self.model = model
        self.memory: ShockMemory = found["memory"]
        self.mean: Mean = found["mean"]
        self.form: MarketForm = _form_of(found)(found)

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

    def with_days(self, days: int, *, history: int | None = None) -> Self:
        """Returns a new generator with the same weights for another horizon.

        Args:
            days: Length of a window.
            history: Days of noise before it. Defaults to `None`, as many as now.
        """
        days, history = whole_number("days", days), history or self.history
        return type(self)(self._rebuilt(days, history))

    def remembering(self, days: int, history: int) -> keras.Model:
        """Returns a model of what is known of each day before it, `form.state`.

        Besides the noise it takes which days are present, `(batch, history + days, 1)`: those with
        a 0 leave no trace.
        """
        present = keras.Input((history + days, 1), name="present")
        built = type(self)(self._rebuilt(days, history, present))
        return keras.Model(built.model.inputs, built.form.state())

    def _rebuilt(self, days: int, history: int, present: Tensor | None = None) -> keras.Model:
        model = self.form.build(days, history, self.assets, present)
        if [each.shape for each in model.weights] != [each.shape for each in self.model.weights]:
            raise InvalidInputError(
                "`generator` must be of a released version of the package or of this one. Its "
                f"weights, {self.model.count_params()} in number, are those of a version between "
                f"releases, and here there are {model.count_params()}. Train the run again"
            )
        model.set_weights(self.model.get_weights())
        return model


def _form_of(
    found: Mapping[str, layers.Layer],
) -> Callable[[Mapping[str, layers.Layer]], MarketForm]:
    if "news" in found:
        return JointForm
    return SingleForm if "volatility_from_moves" in found else ShockMemoryForm
