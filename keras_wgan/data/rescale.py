"""The linear map of generated returns to an exact mean and volatility."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.spill import ArrayOnDisk

NUMBERS = 500_000  # of returns on disk, in memory at a time

BlockFunction = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def anchor(
    returns: ArrayLike, *, mean: float | None = None, volatility: float | None = None
) -> NDArray[np.float64]:
    """Shifts and scales returns to an exact mean and volatility, pooled over all scenarios.

    One linear map applies to all days of all scenarios, so skewness, kurtosis, autocorrelations,
    the leverage effect and the relative differences between scenarios do not change. Each scenario
    keeps its own drift and volatility clusters.

    Both are daily. Divide an annual mean by 252 and an annual volatility by the square root of 252.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import anchor

    returns = np.random.default_rng(0).normal(0.001, 0.02, size=(100, 60))
    calm = anchor(returns, mean=0.0, volatility=0.16 / 252**0.5)  # 16% a year
    assert np.isclose(calm.std() * 252**0.5, 0.16, rtol=1e-12) and abs(calm.mean()) < 1e-15
    ```

    Args:
        returns: Daily log returns of any shape, such as `(scenarios, days)`.
        mean: Mean daily log return; prices grow faster, by about half the variance. Defaults to
            `None`, no change.
        volatility: Standard deviation (`ddof=0`) of the daily log returns, above zero. Defaults
            to `None`, no change.

    Returns:
        New float64 returns of the same shape, exact up to rounding.

    Raises:
        ValueError: If `returns` is empty or not finite, `mean` is not finite, `volatility` is not
            above zero, or it is given for constant returns.
    """
    values = np.asarray(returns, dtype=np.float64)
    return np.asarray(anchor_of(values, mean=mean, volatility=volatility)(values))


def anchor_of(
    returns: NDArray[np.float64] | ArrayOnDisk,
    *,
    mean: float | None = None,
    volatility: float | None = None,
) -> BlockFunction:
    """Returns the map of `anchor`, also for returns on disk that exceed the memory."""
    _refuse_unusable(returns, mean, volatility)
    center = _mean(returns, lambda block: block)
    rest, stretch = 0.0, 1.0
    if volatility is not None:
        rest = _mean(returns, lambda block: block - center)
        variance = _mean(returns, lambda block: ((block - center) - rest) ** 2)
        stretch = volatility / math.sqrt(variance)
    shift = center if mean is None else mean
    # The mean is subtracted in two parts, because the rounding error in the mean of millions of
    # returns would change the volatility.
    return lambda block: ((block - center) - rest) * stretch + shift


def _blocks(returns: NDArray[np.float64] | ArrayOnDisk) -> Iterator[NDArray[np.float64]]:
    if not isinstance(returns, ArrayOnDisk):
        yield returns
        return
    each = max(1, NUMBERS // math.prod(returns.shape[1:]))
    for first in range(0, len(returns), each):
        yield returns[first : first + each]


def _mean(returns: NDArray[np.float64] | ArrayOnDisk, of: BlockFunction) -> float:
    return math.fsum(float(of(block).sum()) for block in _blocks(returns)) / returns.size


def _refuse_unusable(
    returns: NDArray[np.float64] | ArrayOnDisk, mean: float | None, volatility: float | None
) -> None:
    bad = sum(int(np.count_nonzero(~np.isfinite(block))) for block in _blocks(returns))
    if returns.size == 0 or bad:
        raise InvalidInputError(
            "`returns` must be finite and not empty. Received: "
            f"returns.shape={returns.shape}, {bad} of them NaN or infinite. "
            "Look for a generator that diverged."
        )
    if mean is not None:
        in_range("mean", mean)
    if volatility is None:
        return
    in_range("volatility", volatility, above=0.0)
    low = min(float(block.min()) for block in _blocks(returns))
    if low == max(float(block.max()) for block in _blocks(returns)):
        raise InvalidInputError(
            "`returns` must vary, because a constant cannot be scaled. "
            f"Received: {returns.size} returns of {low}. Look for a collapsed generator."
        )
