"""The synthetic benchmark of Tail-GAN: value at risk and shortfall of 65 trading strategies.

    python -m benchmarks.tail_gan

Five assets of 100 steps: normal returns, AR(1) of 0.5 and of -0.12, and GARCH(1,1) with t shocks
of 5 and 10 degrees of freedom, all with correlated shocks. A simulator is scored by the mean
relative error of the 5% value at risk and expected shortfall of static portfolios, mean reversion
and trend following.

Reference: Cont, Cucuringu, Xu and Zhang (2022), Tail-GAN: Learning to Simulate Tail Risk Scenarios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ASSETS, STEPS = 5, 100
TRAINED, EVALUATED, RESAMPLES = 50_000, 1_000, 16
LEVEL = 0.05
CAPITAL = 10.0
WINDOW = 10  # steps of a moving average
THRESHOLDS = (31.0, 69.0)  # percentiles of the distance from it that begin a trade
BURN_IN = 200


@dataclass(frozen=True, eq=False)
class Market:
    """The parameters of the five assets, drawn once from a seed."""

    std: Array
    factor: Array  # of the correlations of the shocks
    garch: Array  # (2, 3): omega, alpha and beta of the last two assets

    @classmethod
    def drawn(cls, seed: int) -> Market:
        """Draws standard deviations, correlations and GARCH parameters."""
        rng = np.random.default_rng(seed)
        std = rng.uniform(0.3, 0.5, size=ASSETS) / np.sqrt(250 * STEPS)
        mixed = rng.standard_normal((ASSETS, ASSETS))
        covariance = mixed @ mixed.T + ASSETS * np.eye(ASSETS)
        scale = np.sqrt(np.diag(covariance))
        correlation = np.abs(covariance / np.outer(scale, scale))
        garch = np.column_stack(
            [
                rng.uniform(0.03, 0.07, size=2),
                rng.uniform(0.08, 0.12, size=2),
                rng.uniform(0.825, 0.875, size=2),
            ]
        )
        return cls(std, np.linalg.cholesky(_positive(correlation)), garch)

    def draw(self, n: int, seed: int) -> Array:
        """Returns `(n, steps, assets)` returns."""
        rng = np.random.default_rng(seed)
        normals = rng.standard_normal((n, BURN_IN + STEPS, ASSETS)) @ self.factor.T
        returns = normals.copy()
        for asset, reaction in ((1, 0.5), (2, -0.12)):
            for step in range(1, BURN_IN + STEPS):
                returns[:, step, asset] += reaction * returns[:, step - 1, asset]
        for asset, freedom, (omega, alpha, beta) in zip((3, 4), (5, 10), self.garch, strict=True):
            heavy = normals[..., asset] / np.sqrt(
                rng.chisquare(freedom, size=normals.shape[:2]) / (freedom - 2)
            )
            variance = np.full(n, omega / (1 - alpha - beta))
            for step in range(BURN_IN + STEPS):
                returns[:, step, asset] = np.sqrt(variance) * heavy[:, step]
                variance = omega + alpha * returns[:, step, asset] ** 2 + beta * variance
        kept = returns[:, BURN_IN:]
        return np.asarray(self.std * kept / kept.std(axis=1, keepdims=True))


class Strategies:
    """The trading strategies, whose thresholds are percentiles of given paths."""

    def __init__(self, paths: Array, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        weights = rng.standard_normal((50, ASSETS)) * (rng.random((50, ASSETS)) < 0.9)
        weights /= np.abs(weights).sum(axis=1, keepdims=True)
        self.portfolios = np.concatenate([np.eye(ASSETS), weights])
        distance = _distance(_prices(paths))
        self.thresholds = np.percentile(distance, THRESHOLDS, axis=(0, 1))

    def gains(self, paths: Array) -> Array:
        """Returns `(strategies, n)` gains at the end of each path."""
        prices = _prices(paths)
        growth = prices[:, -1] / prices[:, 0] - 1.0
        static = CAPITAL * self.portfolios @ growth.T
        low, high = self.thresholds
        distance, moves = _distance(prices), np.diff(prices, axis=1)
        begun = {
            "mean reversion": (distance < low, distance > high),
            "trend": (distance > high, distance < low),
        }
        traded = [_traded(prices, moves, *signals) for signals in begun.values()]
        return np.concatenate([static, *traded])


def tail_risks(gains: Array) -> Array:
    """Returns `(2, strategies)`: value at risk and expected shortfall at 5%, as losses."""
    worst = np.sort(gains, axis=1)[:, : max(1, round(LEVEL * gains.shape[1]))]
    return np.stack([-worst[:, -1], -worst.mean(axis=1)])


def relative_error(exact: Array, found: Array) -> float:
    """Returns the mean relative error of both risks over all strategies, in percent."""
    return float(100.0 * np.mean(np.abs(found - exact) / np.abs(exact)))


def evaluated(
    sample: Callable[[int, int], Array], strategies: Strategies, exact: Array
) -> tuple[float, float]:
    """Returns the mean error of a simulator over resamples of 1,000 paths, and its deviation."""
    errors = [
        relative_error(exact, tail_risks(strategies.gains(sample(EVALUATED, seed))))
        for seed in range(RESAMPLES)
    ]
    return float(np.mean(errors)), float(np.std(errors))


def main() -> None:
    """Prints the table."""
    market = Market.drawn(seed=0)
    training = market.draw(TRAINED, seed=1)
    strategies = Strategies(training)
    exact = tail_risks(strategies.gains(training))
    rows: dict[str, Callable[[int, int], Array]] = {
        "another sample of the market": lambda n, seed: market.draw(n, 100 + seed),
        "copies of training paths": lambda n, seed: training[
            np.random.default_rng(seed).integers(TRAINED, size=n)
        ],
    }
    print(f"{len(exact[0])} strategies, relative error of VaR and ES at 5% in percent:")
    for name, sample in rows.items():
        mean, deviation = evaluated(sample, strategies, exact)
        print(f"  {name}: {mean:.1f} ({deviation:.1f})")


def _positive(correlation: Array) -> Array:
    values, vectors = np.linalg.eigh(correlation)
    fitting = (vectors * np.maximum(values, 1e-3)) @ vectors.T
    scale = np.sqrt(np.diag(fitting))
    return np.asarray(fitting / np.outer(scale, scale))


def _prices(paths: Array) -> Array:
    start = np.ones((len(paths), 1, ASSETS))
    return np.concatenate([start, np.cumprod(1.0 + paths, axis=1)], axis=1)


def _distance(prices: Array) -> Array:
    """Returns each price over the mean of those of the last ten steps, minus 1."""
    total = np.cumsum(prices, axis=1)
    means = (total[:, WINDOW:] - total[:, :-WINDOW]) / WINDOW
    return np.asarray(prices[:, WINDOW:] / means - 1.0)


def _traded(prices: Array, moves: Array, buy: NDArray[np.bool_], sell: NDArray[np.bool_]) -> Array:
    """Returns `(assets, n)` gains of holding all capital in an asset, long or short."""
    signal = np.where(buy, 1.0, 0.0) - np.where(sell, 1.0, 0.0)
    units = CAPITAL * signal[:, :-1] / prices[:, WINDOW:-1]
    return np.asarray((units * moves[:, WINDOW:]).sum(axis=1).T)


if __name__ == "__main__":
    main()
