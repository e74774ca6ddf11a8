"""Baselines that draw days or blocks of days from the history."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.market.baselines.fitted import FittedBaseline


class _Bootstrap(FittedBaseline):
    assets = "any"  # whole days are drawn, with the returns of all assets

    @abstractmethod
    def _resampler(self, history: NDArray[np.float64], rng: np.random.Generator) -> Any:
        """Returns the bootstrap of `arch` that draws histories."""

    def _estimate(self, history: NDArray[np.float64]) -> NDArray[np.float64]:
        return history

    def _draw(
        self, found: NDArray[np.float64], shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Draws whole histories end to end, and cuts them into paths that do not overlap.

        A block ends where two histories meet, which adds one joint to `history_days / block`.
        """
        n, days = shape
        histories = -(-n * days // len(found))
        drawn = [arrays[0] for arrays, _ in self._resampler(found, rng).bootstrap(histories)]
        return np.asarray(np.concatenate(drawn)[: n * days].reshape(n, days, *found.shape[1:]))

    def _describe(self, found: NDArray[np.float64]) -> dict[str, float]:
        return {"history_days": len(found)}


class IIDBootstrap(_Bootstrap):
    """Single days drawn from the history with replacement.

    Each day has the right distribution, but the order of the days is lost.

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

    def _resampler(self, history: NDArray[np.float64], rng: np.random.Generator) -> Any:
        from arch.bootstrap import IIDBootstrap as Resampler

        return Resampler(history, seed=rng)


class StationaryBootstrap(_Bootstrap):
    """Blocks of consecutive days drawn from the history, of random length.

    Block lengths are geometric with mean `block`, so that the drawn series is stationary. With
    short blocks the clustering of volatility breaks at every joint. With long ones every score
    of likeness is good, because whole windows are copies of real ones: read it together with the
    copy rate.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import StationaryBootstrap

    history = 0.01 * np.random.default_rng(0).standard_t(4, size=500)
    paths = StationaryBootstrap(block=20).fit(history).sample(100, 60, seed=0)
    assert paths.shape == (100, 60) and np.isin(paths, history).all()
    ```

    Args:
        block: Mean length of a block in days, at least 1. Defaults to `20`.

    Raises:
        ValueError: If `block` is below 1.

    Reference:
        Politis and Romano (1994), The Stationary Bootstrap; `arch.bootstrap.StationaryBootstrap`.
    """

    def __init__(self, block: int = 20) -> None:
        self.block = whole_number("block", block)

    @property
    def name(self) -> str:
        """The name in tables and plots, with the length of the blocks."""
        return f"block bootstrap {self.block}"

    def _resampler(self, history: NDArray[np.float64], rng: np.random.Generator) -> Any:
        from arch.bootstrap import StationaryBootstrap as Resampler

        return Resampler(self.block, history, seed=rng)

    def _describe(self, found: NDArray[np.float64]) -> dict[str, float]:
        return {"block": self.block, **super()._describe(found)}
