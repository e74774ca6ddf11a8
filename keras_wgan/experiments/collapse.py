"""The check for a collapsed generator, which makes nearly the same sample from any noise."""

import numpy as np
from numpy.typing import NDArray

COMPARED = 200  # generated samples
MIN_RATIO = 0.01  # a poor generator varies too little, but not a hundred times too little


def spread_ratio(real: NDArray[np.floating], generated: NDArray[np.floating]) -> float:
    """Returns the standard deviation of generated samples over that of real ones.

    NaN stands for a missing value of a real sample, and not of a generated one.
    """
    variances = (
        np.var(generated, axis=0, dtype=np.float64),
        np.nanvar(real, axis=0, dtype=np.float64),
    )
    spreads = [np.sqrt(variance.mean()) for variance in variances]
    return float(spreads[0] / spreads[1])


def collapse_lines(real: NDArray[np.floating], generated: NDArray[np.floating]) -> list[str]:
    """Returns a line of text if a generator has collapsed, else none."""
    ratio = spread_ratio(real, generated)
    if not ratio < MIN_RATIO:  # also where samples that are no numbers have no spread
        return []
    return [
        "The generator has collapsed: all samples are nearly the same, their standard deviation is "
        f"{ratio:.1%} of the real one. Train again, with more critic_steps or a smaller "
        "learning_rate."
    ]
