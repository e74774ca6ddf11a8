"""What a market generator takes from its data before training begins."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from keras_wgan.market.autocorrelation import own_autocorrelations, unsmoothed
from keras_wgan.market.drift_start import set_weight, start_drifts
from keras_wgan.market.evidence import shrink_by_evidence
from keras_wgan.networks.joint_layers import MarketShocks
from keras_wgan.networks.market_layers import ShockMemory
from keras_wgan.wgan_gp import WGANGP

SHRINKAGE = 1e-3  # of correlations, so that the same asset twice has a factor too


def start_from_days(model: WGANGP, days: np.ndarray) -> None:
    """Prepares an untrained market generator for the days that it will train on.

    Several assets begin with the correlations of the data. Where returns are autocorrelated in
    every fifth of the days, as those of appraised or seldom traded assets are, each asset keeps
    this autocorrelation. Weights of the past are shrunk where the data shows little of one. Another
    network stays as it is.

    Args:
        model: A new model that is not compiled; its averaged generator is set too.
        days: `(days, assets)` returns on the scale of its samples, in the order of time; an asset
            is NaN before its first day.

    Reference:
        Geltner (1993), Estimating Market Values from Appraised Values without Assuming an Efficient
        Market; Getmansky, Lo and Makarov (2004), An Econometric Model of Serial Correlation and
        Illiquidity in Hedge Fund Returns.
    """
    if not any(isinstance(layer, ShockMemory) for layer in model.generator.layers):
        return
    autocorrelations = own_autocorrelations(days)
    start_drifts(model, autocorrelations)
    news = unsmoothed(days, autocorrelations)
    start_correlated(model, news)
    shrink_by_evidence(model, news)


def start_correlated(model: WGANGP, days: np.ndarray) -> None:
    """Sets the correlations and the market of an untrained market generator to those of the data.

    From zero, a few hundred small steps do not reach the correlation of two stock indices.
    Correlations are those of normal scores, which do not depend on the tails; the market is their
    first principal component. A generator of one asset stays as it is.

    Args:
        model: A new model; its averaged generator is set too.
        days: `(days, assets)` returns that it will train on; an asset is NaN where it is missing.
    """
    for layer in model.generator.layers:
        if not isinstance(layer, MarketShocks):
            continue
        correlations = _correlations(days)
        market = np.linalg.eigh(correlations)[1][:, -1]
        # Up is where its largest part rises: of an asset and its opposite, the sum is zero.
        market *= np.sign(market[np.abs(market).argmax()])
        set_weight(model, layer.below, _below_diagonal(correlations))
        set_weight(model, layer.portfolio, market)


def _correlations(days: np.ndarray) -> np.ndarray:
    ranks = pd.DataFrame(days).rank()  # NaN where an asset is missing
    found = (ranks / (ranks.count() + 1)).apply(norm.ppf).corr().to_numpy()
    if np.isnan(days).any():  # correlations of pairs with other days need not fit each other
        values, vectors = np.linalg.eigh(found)
        found = (vectors * np.maximum(values, 0.0)) @ vectors.T
        found /= np.sqrt(np.outer(np.diag(found), np.diag(found)))
    return (1 - SHRINKAGE) * found + SHRINKAGE * np.eye(days.shape[1])


def _below_diagonal(correlations: np.ndarray) -> np.ndarray:
    """Returns the weight of `CorrelatedShocks` with these correlations."""
    factor = np.linalg.cholesky(correlations)
    return np.tril(factor / np.diag(factor)[:, None], k=-1)
