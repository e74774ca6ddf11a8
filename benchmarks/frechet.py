"""The time of a Frechet distance, against SciPy's square root and torch-fidelity.

Each way leads from the features of two sets of samples to their distance: ours in batches of 256,
as in a callback; the textbook's from covariances and `scipy.linalg.sqrtm`; and torch-fidelity's,
if it is installed, with its own functions.
"""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from benchmarks.cases import Effort
from benchmarks.tables import Table
from benchmarks.timing import Round, in_turn, ratio_row, time_row, timed
from keras_wgan.metrics import FeatureStatistics, RunningStatistics, frechet_distance

BATCH = 256
TARGET = {(10_000, 2048): "<= 0.50", (1_100, 2048): "<= 1.00"}
OURS, STREAMING, NUMBER = "ours", "of which streaming", "of which the number"
SCIPY, FIDELITY = "covariances and sqrtm", "torch-fidelity"
DIMS = (64, 128, 256, 512, 1024, 2048)
FEW = (1_100, 2048)  # fewer samples than features
SIZES: dict[Effort, tuple[list[tuple[int, int]], int]] = {  # samples a side and dim; rounds
    "quick": ([(200, 8), (5, 8)], 1),
    "usual": ([FEW, *((10_000, dim) for dim in DIMS)], 3),
    "large": ([FEW, *((50_000, dim) for dim in DIMS)], 3),
}


def measure(effort: Effort) -> list[Table]:
    """Returns times and ratios a dim, and how far the numbers are apart."""
    sizes, rounds = SIZES[effort]
    times, compared = [], []
    for samples, dim in sizes:
        size = {"samples": samples, "features": dim}
        both = [clouds(dim, samples, seed) for seed in (0, 1)]
        ways = ways_to_a_distance(both)
        found: dict[str, float] = {}
        seconds = in_turn({n: keeping(found, n, ways[n]) for n in ways} | parts_of(both), rounds)
        times += [{**size, **time_row(name, seconds[name])} for name in seconds]
        for name in [name for name in ways if name != OURS]:
            target = TARGET.get((samples, dim), "") if name == SCIPY else ""
            row = ratio_row(seconds, OURS, name, target)
            gap = abs(found[OURS] - found[name]) / found[name]
            compared.append({**size, **row, "relative gap": f"{gap:.0e}"})
    missing = () if FIDELITY in ways else (f"{FIDELITY} is not installed.",)
    heading = f"two sets of float32 features, medians of {rounds} rounds, in turn"
    return [
        Table(f"Milliseconds a Frechet distance ({heading})", times, missing),
        Table("Ratios, round by round", compared),
    ]


def ways_to_a_distance(both: list[np.ndarray]) -> dict[str, Callable[[], float]]:
    """Returns the ways from two sets of features to their distance, by name."""
    ways = {
        OURS: lambda: frechet_distance(*map(streamed, both)),
        SCIPY: lambda: by_square_root(*map(plain, both)),
    }
    if importlib.util.find_spec("torch_fidelity"):
        ways[FIDELITY] = lambda: by_torch_fidelity(both)
    return ways


def parts_of(both: list[np.ndarray]) -> dict[str, Round]:
    """Returns the parts of our way."""
    ours = [streamed(cloud) for cloud in both]
    return {
        STREAMING: timed(lambda: [streamed(cloud) for cloud in both]),
        NUMBER: timed(lambda: frechet_distance(*ours)),
    }


def keeping(found: dict[str, float], name: str, way: Callable[[], float]) -> Round:
    """Returns a round that also keeps the number it comes to."""
    return timed(lambda: found.update({name: way()}))


def clouds(dim: int, samples: int, seed: int) -> np.ndarray:
    """Returns float32 features like those of a ReLU layer: skewed, of fast falling widths."""
    rng = np.random.default_rng([seed, dim])
    mixed = rng.normal(size=(samples, dim)) @ rng.normal(size=(dim, dim)) / dim**0.5
    widths = np.exp(-np.arange(dim) / (dim / 8))
    return (np.maximum(mixed, 0.0) * widths).astype("float32")


def streamed(cloud: np.ndarray) -> FeatureStatistics:
    """Returns the statistics of features that come in batches."""
    running = RunningStatistics()
    for start in range(0, len(cloud), BATCH):
        running.update(cloud[start : start + BATCH])
    return running.statistics()


def plain(cloud: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean and covariance by NumPy, in double precision."""
    exact = cloud.astype("float64")
    return exact.mean(axis=0), np.cov(exact, rowvar=False)


def by_square_root(
    real: tuple[np.ndarray, np.ndarray], generated: tuple[np.ndarray, np.ndarray]
) -> float:
    """Returns the textbook's distance."""
    (m1, s1), (m2, s2) = real, generated
    root = np.trace(scipy.linalg.sqrtm(s1 @ s2)).real
    return float(np.sum((m1 - m2) ** 2) + np.trace(s1) + np.trace(s2) - 2.0 * root)


def by_torch_fidelity(both: list[np.ndarray]) -> float:
    """Returns the number of torch-fidelity, which computes its statistics from all features."""
    import torch
    from torch_fidelity import metric_fid

    tensors = [torch.from_numpy(cloud) for cloud in both]
    statistics: list[Any] = [metric_fid.fid_features_to_statistics(cloud) for cloud in tensors]
    found = metric_fid.fid_statistics_to_metric(*statistics, verbose=False)
    return float(found["frechet_inception_distance"])
