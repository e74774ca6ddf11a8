"""Projection of a fitted EGARCH onto the weights of a market generator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls
from scipy.stats import norm

from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.invertibility import SIDE
from keras_wgan.networks.market_layers import MEAN_SIZE, SIZE_DEVIATION, kept_a_day

Array = NDArray[np.float64]

LAGS = 1_000  # days over which the response to a shock is matched: four trading years
NORMALS = np.linspace(-6.0, 6.0, 2401)  # quadrature nodes; 1e-9 of the days lie beyond
DENSITY = norm.pdf(NORMALS) / norm.pdf(NORMALS).sum()
BETWEEN_SIDES = (SIZE_DEVIATION**2 - 1) / SIDE**2  # the correlation of falls with rises
MIN_TAIL = (1e-3, 1e-3, -1.0)  # losses, gains, skew
MAX_TAIL = (0.4, 0.4, 1.0)  # a Tukey-h of 0.5 has no variance


@dataclass(frozen=True, eq=False)
class ProjectedEgarch:
    """A fitted EGARCH in the terms of a market generator, for returns in percent.

    Args:
        mean: The mean return.
        level: The mean of log volatility.
        deviation: The standard deviation of log volatility.
        moves: Weights of the averages of past falls, then of those of rises.
        tail: The weight of losses, the weight of gains, and the skew of a two-sided tail.
        response_error: The largest difference between the generator's and EGARCH's response to a
            shock, as a share of the response on the day after.
    """

    mean: float
    level: float
    deviation: float
    moves: Array
    tail: tuple[float, float, float]
    response_error: float


def project_egarch(fit: Mapping[str, float], half_lives: Sequence[float]) -> ProjectedEgarch:
    """Projects an EGARCH(1,1) with skewed-t shocks onto a market generator, by least squares.

    Written as a moving average, EGARCH's log volatility is `level + 1/2 sum_j beta^(j-1) n(e_t-j)`
    with the news `n(e) = alpha (|e| - E|e|) + gamma e`. A generator sees the falls and rises of the
    normal `z` behind the skewed-t shock `e` of the same rank. So the news is regressed on both, and
    the powers of beta on the generator's exponential averages, with weights of at least zero: where
    EGARCH lets rises lower volatility, they leave it as it is.

    Example:
    ```python
    from keras_wgan.market import project_egarch

    fit = {"mu": 0.02, "omega": 0.0, "alpha[1]": 0.14, "gamma[1]": -0.12, "beta[1]": 0.98}
    egarch = project_egarch({**fit, "eta": 8.0, "lambda": -0.15}, [1, 3, 8, 20, 60, 150])
    losses, gains, _ = egarch.tail
    assert losses > gains and egarch.response_error < 0.1
    ```

    Args:
        fit: The description of a fitted `keras_wgan.market.baselines.Garch("EGARCH", "skewt")`,
            for returns in percent.
        half_lives: Half-lives of the generator's averages, in days.

    Returns:
        The weights.

    Raises:
        ValueError: If the fitted volatility is not stationary.

    Reference:
        Nelson (1991), Conditional Heteroskedasticity in Asset Returns, section 2.
    """
    from arch.univariate import SkewStudent

    beta, alpha, gamma = (fit[f"{name}[1]"] for name in ("beta", "alpha", "gamma"))
    if not abs(beta) < 1.0:
        raise InvalidInputError(
            f"The fitted EGARCH must be stationary, with beta between -1 and 1. Received: "
            f"beta={beta}. Train on a longer history, or without `--warm-start`."
        )
    shocks = np.asarray(SkewStudent().ppf(norm.cdf(NORMALS), np.array([fit["eta"], fit["lambda"]])))
    news = alpha * np.abs(shocks) + gamma * shocks
    fall, rise = np.maximum(_by_side(news / 2), 0.0)
    averages, response = _averages(half_lives), np.power(beta, np.arange(LAGS), dtype=float)
    weights, _ = nnls(averages, response)
    matched = averages @ weights
    return ProjectedEgarch(
        mean=fit["mu"],
        # arch uses sqrt(2/pi) for E|e| with any shocks, and omega compensates for it.
        level=(fit["omega"] + _mean(news) - alpha * MEAN_SIZE) / (1 - beta) / 2,
        deviation=math.sqrt(fall**2 + rise**2 + 2 * BETWEEN_SIDES * fall * rise)
        * float(np.linalg.norm(matched)),
        moves=np.concatenate([fall * weights, rise * weights]),
        tail=_closest_tail(shocks),
        response_error=float(np.abs(matched - response).max()),
    )


def _mean(values: Array) -> float:
    return float(DENSITY @ values)


def _by_side(news: Array) -> Array:
    """Returns the regression of news on falls and rises, each of mean 0 and variance 1."""
    sizes = (np.abs(NORMALS) - MEAN_SIZE) / SIZE_DEVIATION
    # z and its size are uncorrelated, of mean 0 and variance 1; falls and rises are their sums.
    of_sign, of_size = _mean(news * NORMALS), _mean(news * sizes) / SIZE_DEVIATION
    return SIDE / 2 * np.array([of_size - of_sign, of_size + of_sign])


def _averages(half_lives: Sequence[float]) -> Array:
    """Returns `(LAGS, half-lives)` responses of a generator's averages to a move."""
    kept = kept_a_day(half_lives)
    return np.asarray(np.sqrt(1 - kept**2) * kept ** np.arange(LAGS)[:, None])


def _closest_tail(shocks: Array) -> tuple[float, float, float]:
    """Returns the two-sided tail whose quantiles are nearest, in the Wasserstein-2 distance."""

    def gaps(shape: Array) -> Array:
        return np.asarray(np.sqrt(DENSITY) * (_tail(shape) - shocks))

    found = least_squares(gaps, [0.05, 0.05, 0.0], bounds=(MIN_TAIL, MAX_TAIL))
    left, right, skew = map(float, found.x)
    return left, right, skew


def _tail(shape: Sequence[float] | Array) -> Array:
    """Returns the output of `TwoSidedTail` at the quadrature nodes."""
    left, right, skew = shape
    below = NORMALS < 0.0
    stretched = NORMALS * np.exp(np.where(below, left, right) * NORMALS**2 / 2)
    stretched *= np.exp(np.where(below, -skew, skew))
    centered = stretched - _mean(stretched)
    return np.asarray(centered / math.sqrt(_mean(centered**2)))
