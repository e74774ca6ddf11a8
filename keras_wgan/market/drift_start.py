"""The drift that a market generator begins with: what yesterday's return says of today's."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from keras_wgan.networks.invertibility import BoundedResponse
from keras_wgan.networks.market_layers import kept_a_day
from keras_wgan.networks.shared_weights import SharedAndOwn
from keras_wgan.wgan_gp import WGANGP

Array = NDArray[np.float64]

RESPONSE_DAYS = 400


def start_drifts(model: WGANGP, autocorrelations: Array) -> None:
    """Sets the drift of an untrained market generator to the autocorrelation of its assets.

    That of one asset is this alone, and is not trained. Until the 1970s a day's return of the S&P
    500 had a correlation of .2 to .3 with the next; then it faded, and a drift that had learned the
    mean of twenty years made worse forecasts than none. Within a bound, training spread it over all
    half-lives alike, so that the next day had a third of it. Of several assets each keeps its own
    too, and the drift that they share is trained.

    Args:
        model: A new model that is not compiled; its averaged generator is set too.
        autocorrelations: `(assets,)`, which every fifth of the data has.
    """
    for layer in model.generator.layers:
        if isinstance(layer, SharedAndOwn):
            own = [response_weights(each, layer.constraint.half_lives) for each in autocorrelations]
            set_weight(model, layer.own, np.array(own))
            # What is shared comes on top: the bound of both is that of the shared alone.
            layer.constraint.limit /= 1 + np.abs(autocorrelations).max()
        elif isinstance(bound := getattr(layer, "kernel_constraint", None), BoundedResponse):
            weights = response_weights(autocorrelations[0], bound.half_lives)
            set_weight(model, layer.kernel, weights[:, np.newaxis])
            layer.trainable = False


def response_weights(autocorrelation: float, half_lives: Sequence[float]) -> Array:
    """Returns the weights of averages with which a shock is followed as in an AR(1).

    The response of the next day and the sum of all later ones are exact; those in between are as
    near as averages of these half-lives come.

    Args:
        autocorrelation: Of the AR(1) at a lag of a day, between -1 and 1.
        half_lives: Days, at least two different ones.

    Returns:
        `(half-lives,)` weights, for averages as `ShockMemory` scales them.
    """
    averages, wanted = _responses(half_lives, autocorrelation)
    exact = np.stack([averages[0], averages.sum(axis=0)])
    zeros = np.zeros((len(exact), len(exact)))
    normal = np.block([[averages.T @ averages, exact.T], [exact, zeros]])
    sides = np.concatenate([averages.T @ wanted, [wanted[0], wanted.sum()]])
    return np.asarray(np.linalg.solve(normal, sides)[: averages.shape[1]], np.float64)


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
