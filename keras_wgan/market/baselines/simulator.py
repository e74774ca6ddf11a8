"""The interfaces of market simulators and of baselines."""

from __future__ import annotations

from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Simulator(Protocol):
    """Anything that draws paths of daily log returns: a baseline, or a trained model.

    Those of several assets have one more axis, `(n, days, assets)`.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import Simulator


    class Coin:
        name = "coin"

        def sample(self, n, days, seed):
            return np.random.default_rng(seed).choice([-0.01, 0.01], size=(n, days))


    coin: Simulator = Coin()
    assert coin.sample(3, 60, seed=0).shape == (3, 60)
    ```
    """

    @property
    def name(self) -> str:
        """The name in tables and plots."""

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` daily log returns; the same seed draws the same paths."""


@runtime_checkable
class StatefulSimulator(Simulator, Protocol):
    """A simulator whose paths can also continue observed returns.

    Example:
    ```python
    from keras_wgan.market.baselines import IIDNormal, StatefulSimulator, get

    assert isinstance(get("FHS-EGARCH"), StatefulSimulator)
    assert not isinstance(IIDNormal(), StatefulSimulator)
    ```
    """

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` daily log returns that follow `(days,)` observed ones.

        The observed returns set the state; nothing is fitted to them.
        """


@runtime_checkable
class Baseline(Simulator, Protocol):
    """A simulator that is fitted to a history of returns, of one asset or of several.

    Example:
    ```python
    from keras_wgan.market.baselines import Baseline, IIDNormal

    assert isinstance(IIDNormal(), Baseline)
    ```
    """

    def fit(self, returns: ArrayLike) -> Self:
        """Fits the simulator to log returns in the order of time, and returns it.

        They have the shape `(days,)`, or `(days, assets)` of several assets.
        """

    def describe(self) -> dict[str, float]:
        """Returns what the fit found, by name; ready for JSON."""
