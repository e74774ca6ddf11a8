"""What each asset contributes to the value at risk and the expected shortfall of a portfolio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan.market.risk.distribution import Sample

Array = NDArray[np.float64]

WIDTH = 0.25  # of a tail: the scenarios around its value at risk that stand for it


@dataclass(frozen=True, eq=False)
class Contributions:
    """Contributions of the assets, which add up to the risk of the portfolio.

    The marginal contributions are the components of a weight of 1: what a little more of an asset
    adds, in cash that is not invested otherwise.

    Args:
        marginal_var: `(assets,)` mean profits for a weight of 1 in the scenarios at the value at
            risk.
        marginal_es: `(assets,)` mean profits for a weight of 1 in the tail.
        component_var: `(assets,)` the first times the weights; they add up to the value at risk.
        component_es: `(assets,)` the second times the weights; they add up to the expected
            shortfall.
        component_es_error: `(assets,)` Monte Carlo errors of these.
    """

    marginal_var: Array
    marginal_es: Array
    component_var: Array
    component_es: Array
    component_es_error: Array


def contributions(
    returns: Sample, profits: Array, weights: Array, *, level: float
) -> Contributions:
    """Returns the contributions of `(scenarios, assets)` profits for a weight of 1.

    The mean profit given a return of exactly the value at risk is estimated from the scenarios
    around it, and scaled so that the components add up (Tasche 2008, "Capital allocation to
    business units and sub-portfolios: the Euler principle").
    """
    value_at_risk = returns.quantile(level).value
    marginal_var = returns.near_quantile(level, WIDTH) @ profits
    total = float(marginal_var @ weights)
    if total != 0.0:
        marginal_var = marginal_var * (value_at_risk / total)
    tail = returns.in_tail(level)
    marginal_es = tail @ profits
    component_var, component_es = marginal_var * weights, marginal_es * weights
    inside = tail > 0.0
    errors = [
        returns.error_of(np.where(inside, each - at, 0.0) / level - (mean - at))
        for each, at, mean in zip((profits * weights).T, component_var, component_es, strict=True)
    ]
    return Contributions(marginal_var, marginal_es, component_var, component_es, np.array(errors))
