"""Waves: a made table of five series, for experiments that need no file."""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = 5
ROWS = 3000
SEED = 20_190_503  # any; the table is always the same
PERIODS = (12.0, 16.0, 20.0, 28.0, 40.0)  # rows, on average
WANDER = 0.25  # standard deviation of the logarithm of all frequencies
MEMORY = 0.98  # of that wandering, from row to row
NOISE = 0.05


def make_waves() -> pd.DataFrame:
    """Returns 3,000 rows of five noisy sine waves, whose frequencies rise and fall together.

    Each column is half its own wave and half the first one, so that columns are correlated, but no
    two windows are alike.
    """
    rng = np.random.default_rng(SEED)
    shocks = WANDER * np.sqrt(1.0 - MEMORY**2) * rng.normal(size=ROWS)
    wander = np.empty(ROWS)
    level = 0.0
    for row, shock in enumerate(shocks):
        wander[row] = level = MEMORY * level + shock
    frequencies = np.exp(wander)[:, np.newaxis] / np.array(PERIODS)
    phases = rng.uniform(size=COLUMNS) + frequencies.cumsum(axis=0)
    waves = np.sin(2.0 * np.pi * phases)
    mixed = (waves + waves[:, :1]) / 2.0 + NOISE * rng.normal(size=waves.shape)
    return pd.DataFrame(mixed, columns=[f"wave_{number}" for number in range(1, COLUMNS + 1)])
