"""Two-sample tests of many paths at once: Kolmogorov-Smirnov and Anderson-Darling.

SciPy's, path by path, take twenty times as long. The tests hold the two together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwo

Array = NDArray[np.float64]

LEVEL = 0.05
# Scholz and Stephens (1987), K-sample Anderson-Darling tests, table 2: two samples, 5%.
AD_CRITICAL = 1.961


def pass_rates(paths: Array, real: Array) -> tuple[float, float]:
    """Returns the percent of `(n, days)` paths that each test does not reject at 5%."""
    sizes = (paths.shape[1], len(real))
    ks_critical = kstwo.isf(LEVEL, round(sizes[0] * sizes[1] / sum(sizes)))
    found = np.array([statistics(path, real) for path in paths])
    return (
        100.0 * float(np.mean(found[:, 0] < ks_critical)),
        100.0 * float(np.mean(found[:, 1] < AD_CRITICAL)),
    )


def statistics(first: Array, second: Array) -> tuple[float, float]:
    """Returns the KS distance, and the Anderson-Darling statistic about its mean in deviations.

    Values are taken to differ, as those of a continuous distribution do.
    """
    n, total = len(first), len(first) + len(second)
    order = np.argsort(np.concatenate([first, second]), kind="stable")
    below = np.cumsum(order < n)[:-1]  # values of the first sample among the j smallest of all
    j = np.arange(1, total)
    gap = total * below - j * n
    ks = float(np.abs(gap).max()) / (n * (total - n))
    ad = float((gap**2 / (j * (total - j))).sum()) / (n * (total - n))
    return ks, (ad - 1.0) / _deviation(n, total - n)


def _deviation(n: int, m: int) -> float:
    """Returns the standard deviation of the statistic of two samples, equation 4 of the paper."""
    total = n + m
    inverse = 1.0 / np.arange(1, total)
    h, harmonic = float(inverse.sum()), 1.0 / n + 1.0 / m
    later = h - np.cumsum(inverse)  # sum of 1 / j over the j above i
    g = float((later[:-1] / (total - np.arange(1, total - 1))).sum())
    a = (4 * g - 6) + (10 - 6 * g) * harmonic
    b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * harmonic - 8 * h + 4 * g - 6
    c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * harmonic + 4 * h
    d = 4 * (2 * h + 6) - 8 * h
    variance = (a * total**3 + b * total**2 + c * total + d) / (
        (total - 1.0) * (total - 2.0) * (total - 3.0)
    )
    return float(np.sqrt(variance))
