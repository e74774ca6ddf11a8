"""What a market generator takes from its data before training begins."""

from collections.abc import Sequence
from typing import TypeVar

import keras
import numpy as np
import pandas as pd
from scipy.optimize import nnls
from scipy.stats import norm

from keras_wgan.market.autocorrelation import own_autocorrelations, unsmoothed
from keras_wgan.market.evidence import shrink_by_evidence
from keras_wgan.networks.invertibility import BoundedResponse
from keras_wgan.networks.joint_layers import MarketShocks
from keras_wgan.networks.market_layers import DRIFTING, HALF_LIVES, kept_a_day
from keras_wgan.networks.shared_weights import SharedAndOwn
from keras_wgan.wgan_gp import WGANGP

Layer = TypeVar("Layer", bound=keras.Layer)

SHRINKAGE = 1e-3  # of correlations, so that the same asset twice has a factor too
RESPONSE_DAYS = 400


def start_from_days(model: WGANGP, days: np.ndarray) -> None:
    """Prepares an untrained market generator for the days that it will train on.

    Several assets begin with the correlations of the data. Where returns are autocorrelated in
    every fifth of the days, as those of appraised or seldom traded assets are, the drift of one
    asset begins with this autocorrelation; of several, each keeps its own, which the drift that all
    share cannot have. Weights of the past are shrunk where the data shows little of one. Another
    network stays as it is.

    Args:
        model: A new model, compiled or not; its averaged generator is set too.
        days: `(days, assets)` returns on the scale of its samples, in the order of time; an asset
            is NaN before its first day.

    Reference:
        Geltner (1993), Estimating Market Values from Appraised Values without Assuming an Efficient
        Market; Getmansky, Lo and Makarov (2004), An Econometric Model of Serial Correlation and
        Illiquidity in Hedge Fund Returns.
    """
    news, correlations = days, own_autocorrelations(days)
    for layer in _layers(model, SharedAndOwn):
        _set(model, layer.own, np.array([response_weights(each) for each in correlations]))
        # Shared drifts come on top: the bound of both together is that of the shared ones alone.
        layer.constraint.limit /= 1 + np.abs(correlations).max()
        news = unsmoothed(days, correlations)
    start_correlated(model, news)
    shrink_by_evidence(model, news)
    for weight in model.generator.trainable_variables:
        if isinstance(weight.constraint, BoundedResponse) and len(correlations) == 1:
            _set(model, weight, bounded_weights(correlations[0], weight.constraint)[:, None])


def bounded_weights(autocorrelation: float, bound: BoundedResponse) -> np.ndarray:
    """Returns weights within a bound, with which a shock is followed nearly as in an AR(1).

    All have one sign, so that they use no more of the bound than they need. Moves that come back
    do so on the next day alone: averages cannot alternate.

    Args:
        autocorrelation: Of the AR(1) at a lag of a day, between -1 and 1.
        bound: What the weights are kept to; it has their half-lives.

    Returns:
        `(half-lives,)` weights, for averages as `ShockMemory` scales them.
    """
    averages, wanted = _responses(bound.half_lives, autocorrelation)
    if autocorrelation < 0:
        wanted[1:] = 0.0
    weights = np.sign(autocorrelation) * nnls(averages, np.abs(wanted))[0]
    return keras.ops.convert_to_numpy(bound(weights[:, None].astype(np.float32)))[:, 0]


def response_weights(autocorrelation: float) -> np.ndarray:
    """Returns the weights of averages with which a shock is followed as in an AR(1).

    The response of the next day and the sum of all later ones are exact; those in between are as
    near as averages of half-lives of 1, 3 and 8 days come.

    Args:
        autocorrelation: Of the AR(1) at a lag of a day, between -1 and 1.

    Returns:
        `(3,)` weights, for averages as `ShockMemory` scales them.
    """
    averages, wanted = _responses(HALF_LIVES[:DRIFTING], autocorrelation)
    exact = np.stack([averages[0], averages.sum(axis=0)])
    zeros = np.zeros((len(exact), len(exact)))
    normal = np.block([[averages.T @ averages, exact.T], [exact, zeros]])
    sides = np.concatenate([averages.T @ wanted, [wanted[0], wanted.sum()]])
    return np.linalg.solve(normal, sides)[: averages.shape[1]]


def _responses(
    half_lives: Sequence[float], autocorrelation: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns what follows a shock of one: in averages, `(days, half-lives)`, and in an AR(1)."""
    age, kept = np.arange(RESPONSE_DAYS), kept_a_day(half_lives)
    return np.sqrt(1 - kept**2) * kept ** age[:, None], autocorrelation ** (age + 1.0)


def start_correlated(model: WGANGP, days: np.ndarray) -> None:
    """Sets the correlations and the market of an untrained market generator to those of the data.

    From zero, a few hundred small steps do not reach the correlation of two stock indices.
    Correlations are those of normal scores, which do not depend on the tails; the market is their
    first principal component. A generator of one asset stays as it is.

    Args:
        model: A new model; its averaged generator is set too.
        days: `(days, assets)` returns that it will train on; an asset is NaN where it is missing.
    """
    for layer in _layers(model, MarketShocks):
        correlations = _correlations(days)
        market = np.linalg.eigh(correlations)[1][:, -1]
        # Up is where its largest part rises: of an asset and its opposite, the sum is zero.
        market *= np.sign(market[np.abs(market).argmax()])
        _set(model, layer.below, _below_diagonal(correlations))
        _set(model, layer.portfolio, market)


def _layers(model: WGANGP, kind: type[Layer]) -> list[Layer]:
    return [layer for layer in model.generator.layers if isinstance(layer, kind)]


def _set(model: WGANGP, weight: keras.Variable, value: np.ndarray) -> None:
    """Sets a weight of the generator, and the same of its average."""
    (number,) = (i for i, each in enumerate(model.generator.weights) if each is weight)
    for network in (model.generator, model.average):
        if network is not None:
            network.weights[number].assign(value.astype(np.float32))


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
