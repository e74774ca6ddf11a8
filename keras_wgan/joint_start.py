"""Where does learning how assets move together begin? At the correlations of the data."""

import keras
import numpy as np
from scipy.stats import norm, rankdata

from keras_wgan.networks.market_layers import CorrelatedShocks
from keras_wgan.wgan_gp import WGANGP

SHRUNK = 1e-3  # towards no correlation, so that the same asset twice has a factor too


def start_correlated(model: WGANGP, samples: np.ndarray) -> None:
    """Sets the correlations of a market generator's shocks to those of the data; then they learn.

    From zero, a few hundred small steps do not reach the correlation of two stock indices, and a
    generator that cannot bind its shocks binds its drifts. Correlations are those of normal
    scores, which the tails do not decide. A generator without such shocks stays as it is.

    Args:
        model: A new model; its averaged generator is set too.
        samples: `(windows, days, assets)`, what it will train on.
    """
    factors = [
        number
        for number, weight in enumerate(model.generator.weights)
        if any(weight is layer_weight for layer_weight in _shock_weights(model.generator))
    ]
    if not factors:
        return
    below = _below_diagonal(samples[:, 0])  # each day once, but for the last window's
    networks = [model.generator] if model.average is None else [model.generator, model.average]
    for network in networks:
        network.weights[factors[0]].assign(below)


def _shock_weights(generator: keras.Model) -> list[keras.Variable]:
    layers = [layer for layer in generator.layers if isinstance(layer, CorrelatedShocks)]
    return [weight for layer in layers for weight in layer.weights]


def _below_diagonal(days: np.ndarray) -> np.ndarray:
    """Returns what `CorrelatedShocks` keeps, from `(days, assets)`."""
    scores = norm.ppf(rankdata(days, axis=0) / (len(days) + 1))
    correlations = np.asarray(np.corrcoef(scores, rowvar=False))
    shrunk = (1 - SHRUNK) * correlations + SHRUNK * np.eye(days.shape[1])
    factor = np.linalg.cholesky(shrunk)
    return np.tril(factor / np.diag(factor)[:, None], k=-1).astype(np.float32)
