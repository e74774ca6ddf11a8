"""A fund whose returns are smoothed: does a training keep how they follow each other?

    python -m benchmarks.smoothed_fund --out runs/smoothed-fund

The returns are an autoregression of GARCH shocks with Student's t, as those of an appraised or
seldom traded asset are. The recipe `sp500` trains on them, and autocorrelations and the variance of
sums are compared with those of the made returns, next to FHS-multiscale and FHS-EGARCH.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

from benchmarks.tables import Table, write_page
from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.settings import WINDOW
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.market import baselines

Array = NDArray[np.float64]

BASELINES = ("FHS-multiscale", "FHS-EGARCH")
LAGS, HORIZONS = (1, 2, 5), (5, 20, 60)  # days
PATHS = 4_000


def main() -> None:
    """Makes the returns, trains on them, and writes the table."""
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    returns = made_returns(asked.days, asked.smoothing, seed=5)
    prices = asked.out / "fund.csv"
    dates = pd.bdate_range("2000-01-03", periods=len(returns) + 1, name="Date")
    levels = 100.0 * np.exp(np.concatenate([[0.0], returns.cumsum()]))
    pd.DataFrame({"Close": levels}, dates).to_csv(prices)
    recipe = recipes.get("sp500")
    if asked.epochs is not None:
        recipe = recipe.with_settings({"epochs": asked.epochs})
    spec = ExperimentSpec(recipe, Source(str(prices)), asked.seed)
    market = trained(spec, asked.out / f"sp500-{asked.seed}", "sp500", print).simulator()
    rows = [{"": "the fund", **facts(np.lib.stride_tricks.sliding_window_view(returns, WINDOW))}]
    rows.append({"": "sp500", **facts(np.asarray(market.sample(PATHS, WINDOW, seed=1)))})
    for name in BASELINES:
        paths = baselines.get(name).fit(returns).sample(PATHS, days=WINDOW, seed=1)
        rows.append({"": name, **facts(paths)})
    note = (
        f"{asked.days:,} days of an autoregression of {asked.smoothing:g}, GARCH(1,1) shocks with "
        f"Student's t; {PATHS:,} paths of {WINDOW} days; seed {asked.seed} of the training. "
        "Variances are over those of independent days."
    )
    print(write_page(asked.out, "smoothed_fund", Table("A smoothed fund", rows, [note])))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=5000)
    parser.add_argument("--smoothing", type=float, default=0.4, help="the autocorrelation")
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--out", type=Path, default=Path("runs/smoothed-fund"), help="a folder")
    return parser.parse_args(given)


def made_returns(days: int, smoothing: float, seed: int) -> Array:
    """Returns daily log returns that follow those of the day before."""
    rng = np.random.default_rng(seed)
    shocks, variance = np.zeros(days), 1.0
    for day in range(days):
        shocks[day] = np.sqrt(variance) * rng.standard_t(6) / np.sqrt(1.5)
        variance = 0.02 + 0.08 * shocks[day] ** 2 + 0.9 * variance
    return np.asarray(0.0002 + lfilter([0.006], [1.0, -smoothing], shocks))


def facts(paths: Array) -> dict[str, Any]:
    """Returns standard deviation, autocorrelations and relative variances of sums of paths."""
    paths = paths.reshape(len(paths), -1)
    days = paths - paths.mean()
    variance = (days**2).mean()
    found: dict[str, Any] = {"deviation, %": 100.0 * float(np.sqrt(variance))}
    for lag in LAGS:
        found[f"lag {lag}"] = float((days[:, lag:] * days[:, :-lag]).mean() / variance)
    for horizon in HORIZONS:
        sums = np.add.reduceat(days, np.arange(0, days.shape[1], horizon), axis=1)
        found[f"variance of {horizon} days"] = float(sums.var() / horizon / variance)
    return found


if __name__ == "__main__":
    main()
