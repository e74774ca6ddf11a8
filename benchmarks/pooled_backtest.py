"""Forecasts from today's state, pooled over the origins of a long history.

    python -m benchmarks.pooled_backtest sp500 fhs-multiscale --data prices.csv --out runs/pooled

At each origin forecasters are fitted to the 20 years before it, recipes trained on them, and
forecast every fifth day of the four years after it, as `keras-wgan backtest` does for one span.
The CRPS of an origin is in units of the standard deviation of the days that were fitted, so that
wild years do not decide. Each origin leaves a file under `--out` and is not repeated.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.data import Source, load_prices, log_returns
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.io.files import atomic_path, write_atomically
from keras_wgan.market import (
    BacktestSettings,
    BacktestSpan,
    RollingOrigin,
    RollingPlan,
    backtest,
    baselines,
    cut_origins,
)
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.metrics import paired_comparison

REFERENCE = "FHS-EGARCH"


def main() -> None:
    """Scores the forecasters that the command line names, and prints their table."""
    asked = arguments()
    settings = BacktestSettings(paths=asked.paths)
    plan = RollingPlan(first=asked.first, last=asked.last)
    returns = log_returns(load_prices(start=None, end=None, source=asked.data))
    names = [REFERENCE, *(name for name in asked.names if name != REFERENCE)]
    asked.out.mkdir(parents=True, exist_ok=True)
    scores = {name: [] for name in names}
    for origin in cut_origins(returns, plan):
        for name in names:
            scores[name].append(origin_scores(name, origin, settings, asked))
    text = table(scores, settings, plan.origins)
    write_atomically(asked.out / "pooled.md", text.encode())
    print(f"{text}\nWrote {asked.out / 'pooled.md'}")


def arguments() -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = {name.lower(): name for name in baselines.FORECASTERS}
    parser.add_argument(
        "names", nargs="+", type=lambda name: known.get(name.lower(), name), metavar="FORECASTER"
    )
    parser.add_argument("--data", required=True, help="daily prices from 20 years before --first")
    parser.add_argument("--first", type=int, default=1970, help="test year of the first origin")
    parser.add_argument("--last", type=int, default=2018, help="test year of the last origin")
    parser.add_argument("--paths", type=int, default=2000, help="paths of each forecast")
    parser.add_argument("--out", type=Path, default=Path("runs/pooled"), help="a folder")
    return parser.parse_args()


def origin_scores(
    name: str, origin: RollingOrigin, settings: BacktestSettings, asked: argparse.Namespace
) -> np.ndarray:
    """Returns `(2, forecasts, horizons)`: CRPS in standard deviations, and 90% coverage."""
    path = asked.out / f"{name}_{origin.year}_{settings.paths}.npy"
    if path.exists():
        return np.load(path)
    model = forecaster(name, origin, settings.seed, asked)
    returns = pd.concat([origin.fit, origin.test])
    span = BacktestSpan(origin.selected_until, f"{origin.test.index[0]:%Y-%m-%d}")
    found = backtest(returns, [model], span, settings)
    scale = float(origin.fit.std())
    kept = found.scores[model.name]
    values = np.stack([kept.crps / scale, kept.inside[:, :, 1].astype(float)])
    with atomic_path(path) as unfinished, open(unfinished, "wb") as file:
        np.save(file, values)
    return values


def forecaster(name: str, origin: RollingOrigin, seed: int, asked: argparse.Namespace) -> Simulator:
    """Returns a baseline, or a recipe that was trained on the days before an origin."""
    if name not in recipes.names():
        return baselines.get(name)
    source = Source(
        asked.data, start=f"{origin.fit.index[0].year}-01-01", end=origin.selected_until
    )
    spec = ExperimentSpec(recipes.get(name), source, seed)
    run = trained(spec, asked.out / "runs" / f"{name}_{origin.year}", f"{origin.year}", print)
    market = run.simulator()
    market.name = name
    return market


def table(
    scores: dict[str, list[np.ndarray]], settings: BacktestSettings, origins: Sequence[int]
) -> str:
    """Returns the table in Markdown."""
    horizons = settings.horizons
    head = "| | " + " | ".join(f"{days} d" for days in horizons)
    lines = [
        f"CRPS over that of {REFERENCE} ± standard error, wins among {len(origins)} origins, and "
        f"coverage of the 90% interval in percent. Origins {', '.join(map(str, origins))}; "
        f"{settings.paths:,} paths, seed {settings.seed}.",
        "",
        f"{head} |",
        "|---|" + "--:|" * len(horizons),
    ]
    for name, found in scores.items():
        cells = [
            _cell(found, scores[REFERENCE], place, settings.lag(days))
            for place, days in enumerate(horizons)
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray], place: int, lag: int) -> str:
    pairs = [(a[0, :, place], b[0, :, place]) for a, b in zip(ours, theirs, strict=True)]
    found = paired_comparison(*(np.concatenate(each) for each in zip(*pairs, strict=True)), lag=lag)
    wins = sum(a.mean() < b.mean() for a, b in pairs)
    covered = 100.0 * np.concatenate([a[1, :, place] for a in ours]).mean()
    return f"{found.ratio:.4f}±{found.ratio_error:.4f}, {wins}, {covered:.1f}"


if __name__ == "__main__":
    main()
