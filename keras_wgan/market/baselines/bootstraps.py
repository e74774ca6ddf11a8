"""What does history itself say, shuffled day by day or block by block?"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.market.baselines.simulator import as_history, check_request, not_fitted


class IIDBootstrap:
    """Days drawn from the history with replacement, one by one.

    The right distribution of a day and no memory at all: what it misses is all in the order.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import IIDBootstrap

    history = 0.01 * np.random.default_rng(0).standard_t(4, size=500)
    paths = IIDBootstrap().fit(history).sample(100, 60, seed=0)
    assert np.isin(paths, history).all()
    ```

    Reference:
        `arch.bootstrap.IIDBootstrap`.
    """

    name = "iid bootstrap"

    def __init__(self) -> None:
        self._history: NDArray[np.float64] | None = None

    def fit(self, returns: ArrayLike) -> Self:
        """Keeps the history, `(days,)` log returns."""
        self._history = as_history(returns)
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths."""
        from arch.bootstrap import IIDBootstrap as Resampler

        check_request(n, days)
        history = _known(self._history, self.name)
        return _cut(Resampler(history, seed=np.random.default_rng(seed)), len(history), n, days)

    def describe(self) -> dict[str, float]:
        """How many days there are to draw from."""
        return {"history_days": len(_known(self._history, self.name))}


class StationaryBootstrap:
    """Blocks of consecutive days drawn from the history, of random length.

    Block lengths are geometric with mean `block`, so that the series drawn is stationary. With
    short blocks the clustering of volatility breaks at every joint. With long ones every score
    of likeness is good, because whole windows are copies of real ones: read it beside its copy
    rate.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import StationaryBootstrap

    history = 0.01 * np.random.default_rng(0).standard_t(4, size=500)
    paths = StationaryBootstrap(block=20).fit(history).sample(100, 60, seed=0)
    assert paths.shape == (100, 60) and np.isin(paths, history).all()
    ```

    Args:
        block: mean length of a block in days, 1 or more. Defaults to `20`.

    Raises:
        ValueError: for a `block` below 1.

    Reference:
        Politis and Romano (1994), The Stationary Bootstrap; `arch.bootstrap.StationaryBootstrap`.
    """

    def __init__(self, block: int = 20) -> None:
        self.block = whole_number("block", block)
        self._history: NDArray[np.float64] | None = None

    @property
    def name(self) -> str:
        """What tables call it, with the length of its blocks."""
        return f"block bootstrap {self.block}"

    def fit(self, returns: ArrayLike) -> Self:
        """Keeps the history, `(days,)` log returns in the order of time."""
        self._history = as_history(returns)
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths."""
        from arch.bootstrap import StationaryBootstrap as Resampler

        check_request(n, days)
        history = _known(self._history, self.name)
        resampler = Resampler(self.block, history, seed=np.random.default_rng(seed))
        return _cut(resampler, len(history), n, days)

    def describe(self) -> dict[str, float]:
        """The mean length of a block, and how many days there are to draw from."""
        return {"block": self.block, "history_days": len(_known(self._history, self.name))}


def _known(history: NDArray[np.float64] | None, name: str) -> NDArray[np.float64]:
    if history is None:
        raise not_fitted(name)
    return history


def _cut(resampler: Any, history_days: int, n: int, days: int) -> NDArray[np.float64]:
    """Draws whole histories end to end, and cuts them into paths that do not overlap.

    Where two histories meet, a block ends: one joint more among `history_days / block`.
    """
    histories = -(-n * days // history_days)
    drawn = [arrays[0] for arrays, _ in resampler.bootstrap(histories)]
    return np.asarray(np.concatenate(drawn)[: n * days].reshape(n, days))
