"""How far does one come with mean and volatility alone? The simplest baseline, and the worst."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.market.baselines.simulator import as_history, check_request, not_fitted


class IIDNormal:
    """Independent normal returns with the history's mean and standard deviation.

    No fat tails, no clustering, no leverage: what a score is worth is seen against it.

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

    def __init__(self) -> None:
        self._moments: tuple[float, float] | None = None

    def fit(self, returns: ArrayLike) -> Self:
        """Keeps the mean and the standard deviation (`ddof=0`) of `(days,)` log returns."""
        history = as_history(returns)
        self._moments = (float(history.mean()), float(history.std()))
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` log returns a day; the same seed draws the same paths."""
        if self._moments is None:
            raise not_fitted(self.name)
        check_request(n, days)
        return np.random.default_rng(seed).normal(*self._moments, size=(n, days))

    def describe(self) -> dict[str, float]:
        """The mean and the standard deviation of a day."""
        if self._moments is None:
            raise not_fitted(self.name)
        return dict(zip(("mean", "std"), self._moments, strict=True))
