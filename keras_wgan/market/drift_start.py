"""The drift that a market generator begins with: what yesterday's return says of today's."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from keras_wgan.networks.invertibility import BoundedResponse
from keras_wgan.networks.market_layers import DRIFTING, HALF_LIVES, kept_a_day
from keras_wgan.networks.shared_weights import SharedAndOwn
from keras_wgan.wgan_gp import WGANGP

Array = NDArray[np.float64]

MOST_PASSED_ON = 0.9  # of a lasting error of the shocks, so that it fades
RESPONSE_DAYS = 400


def start_drifts(model: WGANGP, autocorrelations: Array) -> None:
    """Sets the drift of an untrained market generator to the autocorrelation of its assets.

    That of one asset starts there, and training changes it; it passes on no more of a shock than an
    autoregression does. Until the 1970s a day's return of the S&P 500 had a correlation of .2 to .3
    with the next; then it faded, and a drift that had learned the mean of twenty years made worse
    forecasts than none. Of several assets each keeps its own, and what they share is trained.

    Args:
        model: A new model; its averaged generator is set too.
        autocorrelations: `(assets,)`, which every fifth of the data has.
    """
    for layer in model.generator.layers:
        if isinstance(layer, SharedAndOwn):
            own = [response_weights(each) for each in autocorrelations]
            set_weight(model, layer.own, np.array(own))
            # What is shared comes on top: the bound of both is that of the shared alone.
            layer.constraint.limit /= 1 + np.abs(autocorrelations).max()
    if len(autocorrelations) > 1:
        return
    for weight in model.generator.trainable_variables:
        if isinstance(bound := weight.constraint, BoundedResponse):
            bound.limit = passed_on(autocorrelations[0])
            set_weight(model, weight, bounded_weights(autocorrelations[0], bound)[:, np.newaxis])


def passed_on(autocorrelation: float) -> float:
    """Returns how much of a shock an autoregression passes on to all later days, up to .9.

    Where moves come back, those of later days cancel in part, and the next day's is the bound.
    """
    following = 1.0 - max(autocorrelation, 0.0)
    return float(min(abs(autocorrelation) / max(following, 0.1), MOST_PASSED_ON))


def bounded_weights(autocorrelation: float, bound: BoundedResponse) -> Array:
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


def response_weights(autocorrelation: float) -> Array:
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


def _responses(half_lives: Sequence[float], autocorrelation: float) -> tuple[Array, Array]:
    """Returns what follows a shock of one: in averages, `(days, half-lives)`, and in an AR(1)."""
    age, kept = np.arange(RESPONSE_DAYS), kept_a_day(half_lives)
    averages = np.sqrt(1 - kept**2) * kept ** age[:, np.newaxis]
    autoregression = autocorrelation ** (age + 1.0)
    return np.asarray(averages, np.float64), np.asarray(autoregression, np.float64)


def set_weight(model: WGANGP, weight: keras.Variable, value: Array) -> None:
    """Sets a weight of the generator, and the same of its average."""
    (number,) = (i for i, each in enumerate(model.generator.weights) if each is weight)
    for network in (model.generator, model.average):
        if network is not None:
            network.weights[number].assign(value.astype(np.float32))
