"""Time and memory of a training of many assets, and the correlations that it finds.

    python -m benchmarks.many_assets --assets 100 --epochs 2 --out runs/many

The returns are made: three factors whose loadings are known, heavy tails, and one volatility that
moves all of them, so that the true correlations are known. With fewer epochs than the recipe's the
time of all of them is projected from those after the first.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from benchmarks import machine
from benchmarks.memory import MIB, peak_bytes
from benchmarks.tables import Table, write_page
from keras_wgan.data import Source
from keras_wgan.experiments import recipes

FACTORS = 3
FREEDOM = 5
PERSISTENCE, NOISE = 0.98, 0.12  # of the logarithm of the common volatility
DAILY = 0.012  # the usual volatility of an asset


def main() -> None:
    """Trains on made returns, and writes one table."""
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    prices, truth = made_prices(asked.assets, asked.days, asked.seed)
    file = asked.out / f"made-{asked.assets}.csv"
    prices.to_csv(file)
    recipe = recipes.get("portfolio")
    data = recipe.task.load(Source(str(file), ",".join(prices.columns)))
    model, clock = recipe.build_for(data, seed=asked.seed), EpochTimes()
    batches = recipe.batches(data, seed=asked.seed)
    model.fit(batches, shuffle=False, epochs=asked.epochs, callbacks=[clock], verbose=2)
    training_peak = peak_bytes()
    returns = data.facts.scaler.inverse(model.generate(asked.count, seed=asked.seed))
    found = np.corrcoef(np.asarray(returns).reshape(-1, asked.assets), rowvar=False)
    pairs = np.triu_indices(asked.assets, 1)
    gap = float(np.sqrt(np.mean((found - truth)[pairs] ** 2)))
    later = np.mean(clock.seconds[1:] or clock.seconds)
    measured = {
        "assets; days": f"{asked.assets}; {asked.days:,}",
        "generator weights": f"{model.generator.count_params():,}",
        "first epoch, with compiling": f"{clock.seconds[0]:.0f} s",
        "a later epoch": f"{later:.1f} s",
        f"{recipe.settings.epochs} epochs": (
            f"{(clock.seconds[0] + later * (recipe.settings.epochs - 1)) / 60:.0f} minutes"
            + (", projected" if asked.epochs < recipe.settings.epochs else "")
        ),
        "peak memory of the training": f"{training_peak / MIB / 1024:.2f} GiB",
        f"with {asked.count:,} windows generated": f"{peak_bytes() / MIB / 1024:.2f} GiB",
        f"gap from the true correlations after {asked.epochs} epochs": f"{gap:.3f}",
    }
    rows = [{"what": name, "measured": value} for name, value in measured.items()]
    title = f"Training {asked.assets} assets on {keras.backend.backend()}"
    on = "; ".join(f"{name} {value}" for name, value in machine.facts().items())
    print(write_page(asked.out, "many_assets", Table(title, rows, [f"Measured on: {on}."])))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=int, default=100)
    parser.add_argument("--days", type=int, default=3270)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--count", type=int, default=500, help="generated windows of 60 days")
    parser.add_argument("--seed", type=int, default=0, help="of the returns and of the training")
    parser.add_argument("--out", type=Path, default=Path("runs/many"), help="a folder")
    return parser.parse_args(given)


def made_prices(assets: int, days: int, seed: int) -> tuple[pd.DataFrame, Any]:
    """Returns prices that the seed fixes, and the true correlations of their returns."""
    rng = np.random.default_rng(seed)
    loadings = np.column_stack(
        [rng.uniform(0.4, 0.7, assets), rng.normal(0.0, 0.2, (assets, FACTORS - 1))]
    )
    own = np.sqrt(1.0 - (loadings**2).sum(axis=1))
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = PERSISTENCE * level[day - 1] + NOISE * rng.normal()
    shocks = rng.standard_t(FREEDOM, (days, FACTORS + assets)) / np.sqrt(FREEDOM / (FREEDOM - 2))
    moves = shocks[:, :FACTORS] @ loadings.T + own * shocks[:, FACTORS:]
    returns = DAILY * np.exp(level - level.var())[:, None] * moves
    dates = pd.bdate_range("2010-01-04", periods=days + 1, name="Date")
    prices = 100 * np.exp(np.cumsum(np.vstack([np.zeros(assets), returns]), axis=0))
    names = [f"A{number:03d}" for number in range(1, assets + 1)]
    truth = loadings @ loadings.T + np.diag(own**2)
    return pd.DataFrame(prices, index=dates, columns=names), truth


class EpochTimes(keras.callbacks.Callback):
    """Keeps the seconds of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Starts the clock."""
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Keeps what it shows."""
        self.seconds.append(time.perf_counter() - self._start)


if __name__ == "__main__":
    main()
