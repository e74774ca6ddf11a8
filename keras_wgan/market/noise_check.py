"""The check that the noise which explains observed returns is the noise that a generator draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError

# What is accepted beyond three standard errors. Markets are never quite as a model describes them,
# and this much noise too many changes a volatility by as much.
MEAN_TOLERANCE = 0.2
DEVIATION_TOLERANCE = 0.2
ERRORS = 3.0


def refuse_other_noise(noise: NDArray[np.floating[Any]]) -> None:
    """Refuses `(days, assets)` noise of several assets that is not standard."""
    fault = fault_of_several(noise)
    if fault is not None:
        raise InvalidInputError(
            f"No state of the market was found that explains `returns`: {fault}. They are returns "
            "of another market or level than the model was trained on, or it has not learned its "
            "own: train it longer."
        )


def fault_of_several(noise: NDArray[np.floating[Any]]) -> str | None:
    """Returns what `noise_fault` does; None for one asset, whose state is exact all the same."""
    return noise_fault(noise) if noise.shape[1] > 1 else None


def noise_fault(noise: NDArray[np.floating[Any]]) -> str | None:
    """Returns what is wrong with noise whose mean is not 0 or standard deviation not 1, or None.

    Args:
        noise: `(days, assets)` that explains observed returns.
    """
    days, assets = noise.shape
    means, deviations = noise.mean(axis=0), noise.std(axis=0)
    mean_limit = MEAN_TOLERANCE + ERRORS / np.sqrt(days)
    deviation_limit = DEVIATION_TOLERANCE + ERRORS / np.sqrt(2 * days)
    excess = np.maximum(np.abs(means) / mean_limit, np.abs(deviations - 1.0) / deviation_limit)
    worst = int(excess.argmax())
    if excess[worst] <= 1.0:
        return None
    which = "" if assets == 1 else f" of asset {worst + 1} of {assets}"
    return (
        "the model draws noise of mean 0 and standard deviation 1, and that behind these "
        f"{days} returns{which} has mean {means[worst]:.2f} and standard deviation "
        f"{deviations[worst]:.2f} (accepted: up to {mean_limit:.2f} from 0 and "
        f"{deviation_limit:.2f} from 1)"
    )
