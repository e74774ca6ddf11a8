"""Made returns whose law is known."""

import numpy as np
from scipy.signal import lfilter


def smoothed_assets(autocorrelations, days=5000, seed=0):
    """Returns AR(1) returns of these assets, whose shocks have a correlation of .5."""
    shocks = np.random.default_rng(seed).normal(size=(days, len(autocorrelations)))
    shocks[:, 1:] = 0.5 * shocks[:, :1] + np.sqrt(0.75) * shocks[:, 1:]
    assets = [
        lfilter([1.0], [1.0, -each], x) for each, x in zip(autocorrelations, shocks.T, strict=True)
    ]
    return np.stack(assets, axis=1)
