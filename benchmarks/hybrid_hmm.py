"""The table of the hybrid hidden Markov model: how many simulated paths pass two tests.

    python -m benchmarks.hybrid_hmm --data prices.csv --out runs/hybrid_hmm
    python -m benchmarks.hybrid_hmm fhs-egarch sp500 runs/mine --data prices.csv

A thousand paths as long as the history, 2014 to 2024, are compared with it, and a thousand as long
as the days of 2025 with these: the share of paths that a two-sample Kolmogorov-Smirnov and an
Anderson-Darling test do not reject at 5%, and the distance between the autocorrelations of |r| at
up to 252 lags.

Reference: Alswaidan and Varner (2026), https://arxiv.org/abs/2603.10202.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.stats import kurtosis

from benchmarks.simulators import add_arguments, fitted, read_returns
from benchmarks.tables import Table, write_page
from benchmarks.two_sample import pass_rates

Array = NDArray[np.float64]

FIT = ("2014-01-04", "2024-12-31")  # returns; the first price is that of 2014-01-03
TEST = ("2025-01-01", "2025-12-31")
LAGS = 252
BETWEEN = 250  # days between the starts of other spans of the market
MAPPED = "FHS-EGARCH"  # the simulator whose paths are also given the ranks' returns

# Independent draws give the published distances of a bootstrap by the mean over paths alone.
PUBLISHED_COLUMNS = ("KS", "AD", "ACF of the mean", "KS 2025", "ACF of the mean 2025")
PUBLISHED = {
    "bootstrap": (100.0, 99.7, 0.060, 97.4, 0.043),
    "GARCH": (5.5, 1.9, 0.031, 80.3, 0.026),
    "GRU": (0.6, 0.2, 0.036, 71.8, 0.033),
    "HSMM": (82.0, 42.5, 0.059, 96.2, 0.042),
    "HMM without jumps": (99.7, 99.1, 0.059, 96.7, 0.041),
    "HMM with jumps": (97.6, 91.3, 0.052, 94.4, 0.039),
}


@dataclass(frozen=True)
class Score:
    """The scores of the paths of a simulator against one real span."""

    ks: float  # percent of paths that pass
    ad: float
    acf: float  # mean over paths of the mean absolute difference of a path's autocorrelations
    acf_of_mean: float  # mean absolute difference of the autocorrelations' mean over paths
    kurtosis: float  # excess, median over paths


def scored(paths: Array, real: Array) -> Score:
    """Returns the scores of `(n, days)` log returns against `(days,)` real ones."""
    lags = min(LAGS, len(real) - 1, paths.shape[1] - 1)
    gaps = autocorrelations(np.abs(paths), lags) - autocorrelations(np.abs(real)[None], lags)
    ks, ad = pass_rates(paths, real)
    return Score(
        ks=ks,
        ad=ad,
        acf=float(np.abs(gaps).mean()),
        acf_of_mean=float(np.abs(gaps.mean(axis=0)).mean()),
        kurtosis=float(np.median(kurtosis(paths, axis=1))),
    )


def autocorrelations(values: Array, lags: int) -> Array:
    """Returns `(n, lags)` autocorrelations about the mean of each row, divided by all days."""
    centered = values - values.mean(axis=1, keepdims=True)
    length = next_fast_len(values.shape[1] + lags, real=True)  # so that the ends do not meet
    products = irfft(np.abs(rfft(centered, length)) ** 2, length)
    return np.asarray(products[:, 1 : lags + 1] / products[:, :1])


def with_the_returns_of(history: Array, paths: Array) -> Array:
    """Returns paths whose k-th smallest return is the k-th quantile of a history."""
    days = paths.shape[1]
    quantiles = np.quantile(history, (np.arange(days) + 0.5) / days, method="hazen")
    return np.asarray(quantiles[paths.argsort(axis=1).argsort(axis=1)])


def other_spans(before: Array, days: int) -> Array:
    """Returns `(n, days)` spans of an earlier history, each a year after the last."""
    windows = np.lib.stride_tricks.sliding_window_view(before, days)
    return windows[::BETWEEN]


def rows(returns: pd.Series[float], asked: argparse.Namespace) -> list[dict[str, float | str]]:
    """Returns a row of scores, in and out of sample, for each simulator and control."""
    history, test = (returns[slice(*span)].to_numpy() for span in (FIT, TEST))
    before = returns[: FIT[0]].to_numpy()
    lengths = {"in": (history, len(history))} | ({"out": (test, len(test))} if len(test) else {})
    simulators = fitted(asked.names, history)
    found: dict[str, dict[str, Score]] = {}
    for simulator in simulators:
        for where, (real, days) in lengths.items():
            paths = simulator.sample(asked.paths, days, seed=asked.seed)
            found.setdefault(simulator.name, {})[where] = scored(paths, real)
            if simulator.name == MAPPED:
                mapped = with_the_returns_of(history, paths)
                found.setdefault(f"{MAPPED}, ranks mapped", {})[where] = scored(mapped, real)
        print(simulator.name, found[simulator.name], flush=True)
    if len(before) > len(history):
        spans = other_spans(before, len(history))
        found[f"the market itself, {len(spans)} earlier spans"] = {"in": scored(spans, history)}
    return [_row(name, scores) for name, scores in found.items()]


def table(
    found: list[dict[str, float | str]], asked: argparse.Namespace, returns: pd.Series[float]
) -> Table:
    """Returns the table, with the published rows below."""
    published: list[dict[str, float | str]] = [
        dict(zip(("", *PUBLISHED_COLUMNS), (f"published: {name}", *scores), strict=True))
        for name, scores in PUBLISHED.items()
    ]
    fit, test = (returns[slice(*span)] for span in (FIT, TEST))
    note = (
        f"KS and AD: percent of {asked.paths:,} paths that pass at 5%. ACF: mean absolute "
        f"difference of the autocorrelations of \\|r\\| at {LAGS} lags, of each path, and of the "
        f"mean over paths. Fitted to {fit.index[0]:%Y-%m-%d} to {fit.index[-1]:%Y-%m-%d} "
        f"({len(fit)} returns); {len(test)} days of 2025, and paths as long. "
        f"Seed {asked.seed}."
    )
    title = "S&P 500 by the table of the hybrid hidden Markov model"
    return Table(title, [*found, *published], [note])


def main() -> None:
    """Scores the simulators that the command line names, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, out="runs/hybrid_hmm")
    parser.add_argument("--paths", type=int, default=1000, help="paths of each simulator")
    asked = parser.parse_args()
    returns = read_returns(asked.data)
    found = table(rows(returns, asked), asked, returns)
    print(write_page(asked.out, "hybrid_hmm", found))


def _row(name: str, scores: dict[str, Score]) -> dict[str, float | str]:
    found: dict[str, float | str] = {"": name}
    for where, score in scores.items():
        end = "" if where == "in" else " 2025"
        found |= {f"KS{end}": score.ks, f"AD{end}": score.ad, f"ACF{end}": score.acf}
        found |= {f"ACF of the mean{end}": score.acf_of_mean, f"kurtosis{end}": score.kurtosis}
    return found


if __name__ == "__main__":
    main()
