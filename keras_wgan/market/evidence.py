"""How strongly the weights of the past are shrunk, by how much past the data shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keras_wgan.market.autocorrelation import rank_autocorrelations
from keras_wgan.wgan_gp import WGANGP

LAGS = 20  # days, a month
# The autocorrelation that takes no more than the shrinkage of the form. Stocks have .06 to .14, a
# GARCH(1, 1) of a = .05 and b = .93 has .04, and 2,500 independent days have less than .003.
ENOUGH = 0.02
ERRORS = 2.0  # standard errors that are no evidence
# Times the shrinkage of the form, at which weights of the past stay at zero. Of five assets of
# constant volatility the furthest state was 22% off without it, 10.5% at 100 times.
MOST = 1000.0


def shrink_by_evidence(model: WGANGP, days: np.ndarray) -> None:
    """Shrinks the weights of the past more, where the data shows little of one.

    Assets of constant volatility have, by chance, wild days after falls. Weights that learn
    this make some day of any history seem wild. The remedy is that of empirical Bayes: the prior of
    the weights is as wide as the data says.

    Args:
        model: A new model, compiled or not, that has not been trained.
        days: `(days, assets)` returns that it will train on, in the order of time, NaN where an
            asset is missing.

    Reference:
        Efron and Morris (1973), Stein's Estimation Rule and Its Competitors.
    """
    factor = shrinkage_factor(days)
    for weight in model.generator.trainable_variables:
        if weight.regularizer is not None:
            weight.regularizer.l2 = weight.regularizer.l2 * factor


def shrinkage_factor(days: np.ndarray) -> float:
    """Returns what shrinkage is multiplied by, 1 to 1000, for `(days, assets)` returns."""
    # Assets that move together are hardly more evidence than one.
    chance = ERRORS / np.sqrt(LAGS * len(days))
    found = max(clustering(days) - chance, ENOUGH / np.sqrt(MOST))
    return max(float((ENOUGH / found) ** 2), 1.0)


def clustering(days: np.ndarray) -> float:
    """Returns the autocorrelation of the sizes of returns, mean over assets and a month of lags.

    It is that of ranks, which extremes do not move.

    Args:
        days: `(days, assets)` returns in the order of time, NaN where an asset is missing.
    """
    table = pd.DataFrame(days)
    sizes = (table - table.median()).abs()
    return float(np.mean(rank_autocorrelations(sizes, range(1, LAGS + 1))))
