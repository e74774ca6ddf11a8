"""How long does a Frechet distance take, against the square root of a matrix by SciPy?

    python -m benchmarks.frechet_speed                     # dims 64 to 2048, 10,000 samples a side
    python -m benchmarks.frechet_speed --dims 2048 --rounds 5

For each dim it takes the features of two sets of samples and times, in turn, in rounds:

- streaming: both sets into statistics, in batches of 256, as a callback does;
- number: from two statistics to the distance;
- NumPy and SciPy: the covariances of both sets, and the trace of `scipy.linalg.sqrtm`.

Printed are medians over the rounds: seconds of wall time, in brackets those of the processor, which
other work on the machine disturbs least (with OMP_NUM_THREADS=1 they are what the wall would show
on a free machine), and the relative gap of the two distances.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy
import scipy.linalg

from keras_wgan.metrics import FeatureStatistics, RunningStatistics, frechet_distance

BATCH = 256


def main() -> None:
    """Measures what the command line names, and prints a line a dim."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dims", type=int, nargs="+", default=[64, 128, 256, 512, 1024, 2048])
    parser.add_argument("--samples", type=int, default=10_000, help="on each side")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(
        f"python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"{os.cpu_count()} cores, OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}; "
        f"two sets of {asked.samples}, medians of {asked.rounds} rounds, seconds"
    )
    print(
        f"{'dim':>5} {'streaming':>16} {'number':>16} {'covariances':>16} {'sqrtm':>16} {'gap':>8}"
    )
    for dim in asked.dims:
        print(line(dim, asked.samples, asked.rounds), flush=True)


def line(dim: int, samples: int, rounds: int) -> str:
    """Returns the medians for one dim, ready to print."""
    both = [clouds(dim, samples, seed) for seed in (0, 1)]
    seconds: dict[str, list[tuple[float, float]]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        found = work()
        taken = time.perf_counter() - wall, time.process_time() - processor
        seconds.setdefault(name, []).append(taken)
        return found

    for _ in range(rounds):
        ours = timed("streaming", lambda: [streamed(cloud) for cloud in both])
        distance = timed("number", lambda ours=ours: frechet_distance(*ours))
        theirs = timed("covariances", lambda: [plain(cloud) for cloud in both])
        expected = timed("sqrtm", lambda theirs=theirs: by_square_root(*theirs))
    columns = [zip(*each, strict=True) for each in seconds.values()]
    medians = [[statistics.median(each) for each in pair] for pair in columns]
    cells = [f"{wall:7.3f} ({processor:6.3f})" for wall, processor in medians]
    gap = abs(distance - expected) / expected
    return f"{dim:5} " + " ".join(cells) + f" {gap:8.0e}"


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


if __name__ == "__main__":
    main()
