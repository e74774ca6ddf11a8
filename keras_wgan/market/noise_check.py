"""The check that the shocks which explain observed returns are those that a generator draws."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError

# What is accepted beyond three standard errors. Markets are never quite as a model describes them,
# and shocks too large by this much change a volatility by as much.
MEAN_TOLERANCE = 0.2
DEVIATION_TOLERANCE = 0.2
CORRELATION_TOLERANCE = 0.2
ERRORS = 3.0


class OtherCorrelation(NamedTuple):
    """Two assets whose shocks in observed returns are not correlated as the model's are."""

    pair: tuple[int, int]
    observed: float
    model: float


def refuse_other_shocks(shocks: NDArray[np.floating[Any]]) -> None:
    """Refuses `(days, assets)` shocks of several assets that are not standard."""
    fault = fault_of_several(shocks)
    if fault is not None:
        raise InvalidInputError(
            f"No state of the market was found that explains `returns`: {fault}. They are returns "
            "of another market or level than the model was trained on, or it has not learned its "
            "own: train it longer."
        )


def fault_of_several(shocks: NDArray[np.floating[Any]]) -> str | None:
    """Returns what `fault_of_shocks` does; None for one asset, whose state is exact all the same.

    How the assets are correlated is not judged: the state of each is that of its own shocks.
    """
    return fault_of_shocks(shocks) if shocks.shape[1] > 1 else None


def fault_of_shocks(shocks: NDArray[np.floating[Any]]) -> str | None:
    """Returns what is wrong with shocks whose mean is not 0 or standard deviation not 1, or None.

    Args:
        shocks: `(days, assets)` that explain observed returns, standard normals in the model.
    """
    days, assets = shocks.shape
    means, deviations = shocks.mean(axis=0), shocks.std(axis=0)
    mean_limit = MEAN_TOLERANCE + ERRORS / np.sqrt(days)
    deviation_limit = DEVIATION_TOLERANCE + ERRORS / np.sqrt(2 * days)
    excess = np.maximum(np.abs(means) / mean_limit, np.abs(deviations - 1.0) / deviation_limit)
    worst = int(excess.argmax())
    if excess[worst] <= 1.0:
        return None
    which = "" if assets == 1 else f" of asset {worst + 1} of {assets}"
    return (
        "the model draws shocks of mean 0 and standard deviation 1, and those behind these "
        f"{days} returns{which} have mean {means[worst]:.2f} and standard deviation "
        f"{deviations[worst]:.2f} (accepted: up to {mean_limit:.2f} from 0 and "
        f"{deviation_limit:.2f} from 1)"
    )


def other_correlation(
    shocks: NDArray[np.floating[Any]], model: NDArray[np.floating[Any]]
) -> OtherCorrelation | None:
    """Returns the pair of assets whose correlation is furthest from the model's, or None.

    What chance explains, up to three standard errors and a tolerance, is accepted.

    Args:
        shocks: `(days, assets)` that explain observed returns.
        model: `(assets, assets)` correlations of the shocks that the model draws.
    """
    days, assets = shocks.shape
    if assets == 1:
        return None
    observed = np.corrcoef(shocks, rowvar=False)
    accepted = CORRELATION_TOLERANCE + ERRORS * (1.0 - model**2) / np.sqrt(days)
    excess = np.triu(np.abs(observed - model) / accepted, k=1)
    row, column = (int(place) for place in np.unravel_index(excess.argmax(), excess.shape))
    if excess[row, column] <= 1.0:
        return None
    return OtherCorrelation((row, column), float(observed[row, column]), float(model[row, column]))
