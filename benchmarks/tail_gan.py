"""The synthetic benchmark of Tail-GAN: value at risk and shortfall of 65 trading strategies.

    python -m benchmarks.tail_gan --out runs/tail_gan
    python -m benchmarks.tail_gan --epochs 1 --seeds 1   # a first look

Five assets of 100 steps: normal returns, AR(1) of 0.5 and of -0.12, and GARCH(1,1) with t shocks
of 5 and 10 degrees of freedom, all with correlated shocks. A simulator is scored by the mean
relative error of the 5% value at risk and expected shortfall of static portfolios, mean reversion
and trend following. The recipe `portfolio` trains on the first 60 steps of the training paths.

Reference: Cont, Cucuringu, Xu and Zhang (2022), Tail-GAN: Learning to Simulate Tail Risk Scenarios.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Table, write_page
from keras_wgan.data import Scaler
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.experiments import recipes
from keras_wgan.experiments.settings import WINDOW as DAYS
from keras_wgan.market import PathSimulator
from keras_wgan.market.data_start import start_from_days

Array = NDArray[np.float64]

ASSETS, STEPS = 5, 100
TRAINED, EVALUATED, RESAMPLES = 50_000, 1_000, 16
LEVEL = 0.05
CAPITAL = 10.0
WINDOW = 10  # steps of a moving average
THRESHOLDS = (31.0, 69.0)  # percentiles of the distance from it that begin a trade
BURN_IN = 200
WINDOWS, EPOCHS = 20_000, 10  # more updates than forty epochs of the years of a market have

PUBLISHED = (
    ("another sample", 2.4),
    ("Tail-GAN", 10.1),
    ("historical simulation", 10.4),
    ("WGAN", 26.9),
)


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


def trained(training: Array, epochs: int, seed: int) -> Callable[[int, int], Array]:
    """Returns the sampler of the recipe `portfolio`, trained on the first steps of some paths."""
    recipe = recipes.get("portfolio").with_settings({"epochs": epochs})
    scaler = Scaler.standard(training.reshape(-1, ASSETS))
    samples = scaler.transform(training[:WINDOWS, :DAYS]).astype("float32")
    model = recipe.build(seed, ASSETS)
    # One path after another: where they meet is one day of sixty.
    start_from_days(model, samples.reshape(-1, ASSETS))
    recipe.compile(model, recipe.settings.steps_per_epoch(len(samples)))
    batches = ShuffledBatches(samples, batch_size=recipe.settings.batch_size, seed=seed)
    model.fit(batches, shuffle=False, epochs=epochs, verbose=2)
    market = PathSimulator("trained", model, scaler)
    return lambda n, seed: np.asarray(market.sample(n, STEPS, seed))


def main() -> None:
    """Trains the recipe, and prints and writes the table."""
    asked = _arguments()
    market = Market.drawn(seed=0)
    training = market.draw(TRAINED, seed=1)
    strategies = Strategies(training)
    exact = tail_risks(strategies.gains(training))
    samplers: dict[str, Callable[[int, int], Array]] = {
        "another sample of the market": lambda n, seed: market.draw(n, 100 + seed),
        "copies of training paths": lambda n, seed: training[
            np.random.default_rng(seed).integers(TRAINED, size=n)
        ],
        "independent steps of the training paths": lambda n, seed: _shuffled(training, n, seed),
    }
    for seed in range(asked.seeds):
        samplers[f"portfolio, seed {seed}"] = trained(training, asked.epochs, seed)
    rows: list[dict[str, float | str]] = []
    for name, sample in samplers.items():
        mean, deviation = evaluated(sample, strategies, exact)
        rows.append({"": name, "relative error, %": mean, "±": deviation})
        print(rows[-1], flush=True)
    rows += [{"": f"published: {name}", "relative error, %": each} for name, each in PUBLISHED]
    note = (
        f"Value at risk and expected shortfall at 5% of {len(exact[0])} strategies, {EVALUATED:,} "
        f"paths, mean and deviation of {RESAMPLES} draws. The recipe trains on {WINDOWS:,} "
        f"windows of {DAYS} steps for {asked.epochs} epochs."
    )
    print(write_page(asked.out, "tail_gan", Table("Tail-GAN's five assets", rows, [note])))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the recipe portfolio")
    parser.add_argument("--seeds", type=int, default=3, help="trainings")
    parser.add_argument("--out", type=Path, default=Path("runs/tail_gan"), help="a folder")
    return parser.parse_args()


def _shuffled(training: Array, n: int, seed: int) -> Array:
    """Returns paths of days drawn one by one, of all assets together."""
    rng = np.random.default_rng(seed)
    paths, steps = (rng.integers(most, size=(n, STEPS)) for most in training.shape[:2])
    return np.asarray(training[paths, steps])


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
