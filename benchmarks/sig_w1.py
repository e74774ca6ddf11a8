"""The signature Wasserstein distance (Sig-W1) of windows of S&P 500 returns.

    python -m benchmarks.sig_w1 --data prices.csv --out runs/sig_w1
    python -m benchmarks.sig_w1 fhs-egarch sp500 runs/mine --data prices.csv --fit-until 2017-12-31

Windows of 16 log returns become paths (scaled by 2, with time, lead-lag and visibility); the
distance is the Euclidean norm between the means of their signatures to depth 4, 780 numbers, level
k times k factorial. Simulators are fitted to 2005 until 1 June 2020, or to the days up to
`--fit-until` and compared with the windows after it.

Reference: Ni, Szpruch, Sabate-Vidales, Xiao, Wiese and Liao (2021), Sig-Wasserstein GANs for Time
Series Generation, https://arxiv.org/abs/2111.01207.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.simulators import add_arguments, fitted, read_returns
from benchmarks.tables import Table, write_page
from keras_wgan.market.baselines import Simulator
from keras_wgan.metrics.returns.sampling_floor import resampled_histories

Array = NDArray[np.float64]

FIRST, LAST = "2005-01-05", "2020-06-01"  # returns; the first price is that of 2005-01-04
WINDOW, DEPTH, SCALE = 16, 4, 2.0
HISTORIES, BLOCK = 10, 250  # of the sampling floor


def signatures(paths: Array, depth: int) -> list[Array]:
    """Returns the levels 1 to `depth`, `(n, d)`, `(n, d, d)` ..., of `(n, points, d)` paths.

    By Chen's identity: the signature of a path of straight lines is the product of those of its
    lines, and that of a line is the tensor exponential of its step.
    """
    n, _, channels = paths.shape
    levels = [np.zeros((n, channels**level)) for level in range(1, depth + 1)]
    for step in np.moveaxis(np.diff(paths, axis=1), 1, 0):
        for level in range(depth, 0, -1):  # the highest first, since it needs the old lower ones
            product = step / level
            for lower in range(1, level):
                product = _outer(levels[lower - 1] + product, step / (level - lower))
            levels[level - 1] += product
    return [one.reshape(n, *[channels] * level) for level, one in enumerate(levels, start=1)]


def expected_signature(windows: Array) -> Array:
    """Returns the mean signature of `(n, days)` log returns, 780 numbers for depth 4."""
    levels = signatures(augmented(windows), DEPTH)
    means = [math.factorial(k) * level.mean(axis=0) for k, level in enumerate(levels, start=1)]
    return np.concatenate([mean.ravel() for mean in means])


def augmented(windows: Array) -> Array:
    """Returns `(n, 2 days + 1, 5)` paths: lagging and leading time and returns, and visibility."""
    n, days = windows.shape
    time = np.broadcast_to(np.linspace(0.0, 1.0, days), (n, days))
    doubled = np.repeat(np.stack([time, SCALE * windows], axis=2), 2, axis=1)
    path = np.concatenate([doubled[:, :-1], doubled[:, 1:]], axis=2)
    start = np.concatenate([np.zeros_like(path[:, :1]), path[:, :1], path], axis=1)
    visible = np.ones((n, start.shape[1], 1))
    visible[:, :2] = 0.0
    return np.concatenate([start, visible], axis=2)


def rolling(history: Array) -> Array:
    """Returns the windows of a history, one starting on each day."""
    return np.lib.stride_tricks.sliding_window_view(history, WINDOW)


def rows(
    history: Array, real: Array, simulators: Sequence[Simulator], asked: argparse.Namespace
) -> list[dict[str, float | str]]:
    """Returns a row for each simulator, below the sampling floor and the controls."""
    target = expected_signature(rolling(real))
    drawn = resampled_histories(real, histories=HISTORIES, block=BLOCK, seed=asked.seed)
    floor = [_distance(rolling(one), target) for one in drawn]
    found = {
        "sampling floor": float(np.mean(floor)),
        "the whole training history": _distance(rolling(history), target),
        "no returns at all": _distance(np.zeros((1, WINDOW)), target),
    }
    for simulator in simulators:
        paths = simulator.sample(asked.paths, WINDOW, seed=asked.seed)
        found[simulator.name] = _distance(np.asarray(paths, dtype=np.float64), target)
        print(simulator.name, found[simulator.name], flush=True)
    return [{"": name, "Sig-W1": value} for name, value in found.items()]


def main() -> None:
    """Scores the simulators that the command line names, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, out="runs/sig_w1")
    parser.add_argument("--fit-until", default=LAST, help="compare with the days after it")
    parser.add_argument("--paths", type=int, default=4000, help="paths of each simulator")
    asked = parser.parse_args()
    returns = read_returns(asked.data)[FIRST:LAST]
    fit = returns[: asked.fit_until]
    later = returns[returns.index > fit.index[-1]]
    real = later if len(later) else fit
    simulators = fitted(asked.names, fit.to_numpy())
    found = rows(fit.to_numpy(), real.to_numpy(), simulators, asked)
    note = (
        f"Fitted to {_span(fit)}, compared with {_span(real)} ({len(real)} returns); norm of its "
        f"mean signature {np.linalg.norm(expected_signature(rolling(real.to_numpy()))):.1f}. "
        f"{asked.paths:,} paths, seed {asked.seed}. The floor is the mean of "
        f"{HISTORIES} histories drawn in blocks of {BLOCK} days from the days compared with."
    )
    table = Table("Sig-W1 of the S&P 500, depth 4, windows of 16", found, [note])
    print(write_page(asked.out, "sig_w1", table))


def _distance(windows: Array, target: Array) -> float:
    return float(np.linalg.norm(expected_signature(windows) - target))


def _span(returns: pd.Series[float]) -> str:
    return f"{returns.index[0]:%Y-%m-%d} to {returns.index[-1]:%Y-%m-%d}"


def _outer(left: Array, right: Array) -> Array:
    return (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)


if __name__ == "__main__":
    main()
