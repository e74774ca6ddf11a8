"""Baselines that are fitted when a test first asks for one, and once a process."""

import functools

import numpy as np
from arch.data import sp500

from keras_wgan.market import baselines

INDEX = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))  # 1999-2018, 5,030 days

RNG = np.random.default_rng(0)
MADE = 0.01 * RNG.standard_t(6, size=1000) * np.repeat(RNG.uniform(0.5, 2.0, size=20), 50)


@functools.cache
def fitted_to_index(name):
    """Returns the baseline of a name, fitted to the returns of the S&P 500."""
    return baselines.get(name).fit(INDEX)


@functools.cache
def fitted_to_made(name):
    """Returns the baseline of a name, fitted to made returns with heavy tails and clustering."""
    return baselines.get(name).fit(MADE)
