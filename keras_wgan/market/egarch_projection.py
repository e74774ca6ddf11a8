"""Projection of a fitted EGARCH onto the weights of a market generator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import norm

from keras_wgan.errors import InvalidInputError
from keras_wgan.networks.market_layers import MEAN_SIZE, SIZE_DEVIATION, kept_a_day

Array = NDArray[np.float64]

LAGS = 1_000  # days over which the response to a shock is matched: four trading years
# The kernels are nearly collinear: without a ridge their weights are in the thousands and cancel,
# and training could not move them. With it those of the S&P 500 are below 5, at an error of 1%.
RIDGE = 1e-2
NORMALS = np.linspace(-6.0, 6.0, 2401)  # quadrature nodes; 1e-9 of the days lie beyond
DENSITY = norm.pdf(NORMALS) / norm.pdf(NORMALS).sum()
MIN_TAIL = (1e-3, 1e-3, -1.0)  # losses, gains, skew
MAX_TAIL = (0.4, 0.4, 1.0)  # a Tukey-h of 0.5 has no variance


@dataclass(frozen=True, eq=False)
class ProjectedEgarch:
    """A fitted EGARCH in the terms of a market generator, for returns in percent.

    Args:
        mean: The mean return.
        level: The mean of log volatility.
        deviation: The standard deviation of log volatility.
        memory: `(2, half-lives)` weights of the averages of past shocks, and of their sizes.
        days: `(2, days)` weights of the last days' shocks and sizes, yesterday first.
        tail: The weight of losses, the weight of gains, and the skew of a two-sided tail.
        response_error: The largest difference between the generator's and EGARCH's response to a
            shock, as a share of the response on the day after.
    """

    mean: float
    level: float
    deviation: float
    memory: Array
    days: Array
    tail: tuple[float, float, float]
    response_error: float


def project_egarch(
    fit: Mapping[str, float], half_lives: Sequence[float], days: int
) -> ProjectedEgarch:
    """Projects an EGARCH(1,1) with skewed-t shocks onto a market generator, by least squares.

    Written as a moving average, EGARCH's log volatility is `level + 1/2 sum_j beta^(j-1) n(e_t-j)`
    with the news `n(e) = alpha (|e| - E|e|) + gamma e`. A generator sees the normal `z` behind the
    skewed-t shock `e` of the same rank, and its size `|z|`. So the news is regressed on both, and
    the powers of beta on the generator's exponential averages and its last days.

    Example:
    ```python
    from keras_wgan.market import project_egarch

    fit = {"mu": 0.02, "omega": 0.0, "alpha[1]": 0.14, "gamma[1]": -0.16, "beta[1]": 0.98}
    egarch = project_egarch({**fit, "eta": 8.0, "lambda": -0.15}, [1, 3, 8, 20, 60, 150], days=20)
    losses, gains, _ = egarch.tail
    assert losses > gains and egarch.response_error < 0.02
    ```

    Args:
        fit: The description of a fitted `keras_wgan.market.baselines.Garch("EGARCH", "skewt")`,
            for returns in percent.
        half_lives: Half-lives of the generator's averages, in days.
        days: Number of last days whose shocks the generator sees one by one.

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
    # z and |z| are uncorrelated, and both are scaled to mean 0 and variance 1.
    sizes = (np.abs(NORMALS) - MEAN_SIZE) / SIZE_DEVIATION
    by_input = np.array([_mean(news * NORMALS), _mean(news * sizes)])
    kernels, response = _kernels(half_lives, days), np.power(beta, np.arange(LAGS), dtype=float)
    weights = _ridge(kernels, response)
    halves = np.outer(by_input / 2, weights)
    matched = kernels @ weights
    return ProjectedEgarch(
        mean=fit["mu"],
        # arch uses sqrt(2/pi) for E|e| with any shocks, and omega compensates for it.
        level=(fit["omega"] + _mean(news) - alpha * MEAN_SIZE) / (1 - beta) / 2,
        deviation=float(np.linalg.norm(np.outer(by_input / 2, matched))),
        memory=halves[:, : len(half_lives)],
        days=halves[:, len(half_lives) :],
        tail=_closest_tail(shocks),
        response_error=float(np.abs(matched - response).max()),
    )


def _mean(values: Array) -> float:
    return float(DENSITY @ values)


def _kernels(half_lives: Sequence[float], days: int) -> Array:
    """Returns `(LAGS, half-lives + days)` responses of a generator's inputs to a shock."""
    kept = kept_a_day(half_lives)
    averages = np.sqrt(1 - kept**2) * kept ** np.arange(LAGS)[:, None]
    return np.hstack([averages, np.eye(LAGS, days)])


def _ridge(kernels: Array, response: Array) -> Array:
    count = kernels.shape[1]
    shrunk = np.vstack([kernels, RIDGE * np.eye(count)])
    return np.asarray(np.linalg.lstsq(shrunk, np.append(response, np.zeros(count)), rcond=None)[0])


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
