"""The simplest baseline: independent normal returns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.baselines.fitted import FittedBaseline

Moments = tuple[float, float]


class IIDNormal(FittedBaseline):
    """Independent normal returns with the mean and standard deviation of the history.

    It has no fat tails, no clustering and no leverage, so it shows what a score is worth.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import IIDNormal

    history = np.random.default_rng(0).normal(0.0003, 0.01, size=500)
    paths = IIDNormal().fit(history).sample(1000, 60, seed=0)
    assert paths.shape == (1000, 60) and abs(paths.std() / history.std() - 1.0) < 0.02
    ```
    """

    name = "iid normal"

    def _estimate(self, history: NDArray[np.float64]) -> Moments:
        return float(history.mean()), float(history.std())

    def _draw(
        self, found: Moments, shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        return rng.normal(*found, size=shape)

    def _describe(self, found: Moments) -> dict[str, float]:
        return dict(zip(("mean", "std"), found, strict=True))
