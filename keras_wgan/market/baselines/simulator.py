"""What is a market simulator, and what does it need? The face that all of them share."""

from __future__ import annotations

from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

# A year: with less, five to seven parameters of a GARCH model say more about luck than about the
# market, and a bootstrap has one regime to draw from.
MIN_DAYS = 250


class Simulator(Protocol):
    """Anything that draws paths of daily log returns: a baseline, or a trained model.

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
        """What tables and pictures call it."""

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths."""


@runtime_checkable
class Baseline(Simulator, Protocol):
    """A simulator that is fitted to one series of returns.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import IIDNormal
    from keras_wgan.market.baselines import Baseline

    assert isinstance(IIDNormal(), Baseline)
    ```
    """

    def fit(self, returns: ArrayLike) -> Self:
        """Fits it to `(days,)` log returns, in their order, and returns it."""

    def describe(self) -> dict[str, float]:
        """What the fit found, by name; ready for JSON."""


def as_history(returns: ArrayLike) -> NDArray[np.float64]:
    """Returns a history as float64 of shape `(days,)`, or says what is wrong with it.

    Args:
        returns: log returns a day in the order of time, shape `(days,)`, at least 250.

    Returns:
        An array of its own, shape `(days,)`.

    Raises:
        ValueError: for another shape, fewer than 250 days, returns that are NaN or infinite, or
            returns that never vary.
    """
    history = np.array(returns, dtype=np.float64)
    if history.ndim != 1 or len(history) < MIN_DAYS:
        raise InvalidInputError(
            f"`returns` must be one series of at least {MIN_DAYS} daily log returns, a year. "
            f"Received: returns.shape={history.shape}. Pass the whole history, not windows of it."
        )
    bad = int(len(history) - np.isfinite(history).sum())
    if bad:
        raise InvalidInputError(
            f"`returns` must be finite. Received: {bad} of {len(history)} returns NaN or "
            "infinite. Look for a gap in the prices."
        )
    # Prices that grow by the same share each day leave returns that differ by rounding alone.
    if np.ptp(history) <= 1e-12 * max(1.0, float(np.abs(history).max())):
        raise InvalidInputError(
            "`returns` must vary, or there is nothing to fit. "
            f"Received: {len(history)} times {history[0]}. Look for a constant column in the data."
        )
    return history


def check_request(n: int, days: int) -> None:
    """Raises ValueError where `n` or `days` is not a whole number of 1 or more."""
    whole_number("n", n)
    whole_number("days", days)


def not_fitted(name: str) -> RuntimeError:
    """The error of a baseline that is sampled before it has seen a history."""
    return RuntimeError(f"The baseline {name!r} has no history yet. Call `fit(returns)` first.")
