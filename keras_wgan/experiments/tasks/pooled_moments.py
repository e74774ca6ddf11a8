"""The moments of several assets during a training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.callbacks import Moments
from keras_wgan.data import ReturnsData
from keras_wgan.metrics import return_moments


class PooledMoments(Moments):
    """The moments of several assets pooled, with their distance on the generator's scale.

    In units of returns the most volatile asset would decide alone. The other numbers are in these
    units, as those of one asset are.
    """

    def __init__(self, data: ReturnsData, *, samples: int, every: int) -> None:
        real = _pooled(data.samples)
        observed = real[~np.isnan(real).any(axis=1)]
        super().__init__(observed, inverse=_pooled, samples=samples, every=every)
        self.to_returns = data.facts.scaler.inverse

    def measure(self, samples: NDArray[Any]) -> dict[str, float]:
        """Returns the distance and the generated moments."""
        found = super().measure(samples)
        if found:
            pooled = return_moments(_pooled(self.to_returns(samples)))
            moments = (pooled.mean, pooled.std, pooled.skew, pooled.excess_kurtosis)
            found |= dict(zip(self.names[1:], moments, strict=True))
        return found


def _pooled(samples: NDArray[Any]) -> NDArray[Any]:
    """Returns `(assets * windows, days)`."""
    return np.moveaxis(samples, -1, 0).reshape(-1, samples.shape[1])
