"""Has the generator collapsed? Then it makes nearly the same sample, whatever its noise."""

import numpy as np
from numpy.typing import NDArray

COMPARED = 200  # generated samples
LEAST_SPREAD = 0.01  # of the real one; a poor generator spreads too little, but not a hundredth


def spread_ratio(real: NDArray[np.floating], generated: NDArray[np.floating]) -> float:
    """Returns how far generated samples are from their mean, as a share of what real ones are.

    Args:
        real: `(n, *shape)` samples.
        generated: `(m, *shape)` samples on the same scale.

    Returns:
        The root of the ratio of both mean squared distances: 1 as real, 0 for one sample only.
    """
    spreads = [np.sqrt(np.var(side, axis=0, dtype=np.float64).mean()) for side in (generated, real)]
    return float(spreads[0] / spreads[1])


def collapse_lines(real: NDArray[np.floating], generated: NDArray[np.floating]) -> list[str]:
    """Returns for people that a generator has collapsed, or nothing."""
    ratio = spread_ratio(real, generated)
    if not ratio < LEAST_SPREAD:  # also where samples that are no numbers have no spread
        return []
    return [
        "The generator has collapsed: all samples are nearly the same, their spread is "
        f"{ratio:.1%} of the real one. Train anew, with more critic_steps or a smaller "
        "learning_rate."
    ]
