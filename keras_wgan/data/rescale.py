"""The linear map that gives generated returns an exact mean and volatility."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.spill import ArrayOnDisk

NUMBERS = 500_000  # in memory at a time, of returns on disk


def anchor(
    returns: ArrayLike, *, mean: float | None = None, volatility: float | None = None
) -> NDArray[np.float64]:
    """Shifts and scales all returns alike, so that their pooled mean and volatility are exact.

    One linear map applies to all days of all scenarios, so skewness, kurtosis, autocorrelations,
    the leverage effect and the differences between scenarios stay as they are. Mean and volatility
    are those of all days of all scenarios together; a single scenario keeps its own drift and
    volatility clusters.

    Both are per day. Divide a yearly mean by 252, the trading days of a year, and a yearly
    volatility by the square root of 252.

    Example:
    ```python
    import numpy as np
    from keras_wgan.data import anchor

    returns = np.random.default_rng(0).normal(0.001, 0.02, size=(100, 60))
    calm = anchor(returns, mean=0.0, volatility=0.16 / 252**0.5)  # 16% a year
    assert np.isclose(calm.std() * 252**0.5, 0.16, rtol=1e-12) and abs(calm.mean()) < 1e-15
    ```

    Args:
        returns: log returns a day, of any shape, such as `(scenarios, days)`.
        mean: the pooled mean log return a day. Defaults to `None`, no change.
            Prices grow by about half the variance more than this says.
        volatility: standard deviation (`ddof=0`) of the log returns, a day, above zero. Defaults
            to `None`, no change.

    Returns:
        New float64 returns of the same shape; exact up to rounding.

    Raises:
        ValueError: for an empty array, returns that are NaN or infinite, a `mean` that is not
            finite, a `volatility` not above zero, or one asked of returns that never vary.
    """
    values = np.asarray(returns, dtype=np.float64)
    return np.asarray(anchor_of(values, mean=mean, volatility=volatility)(values))


@dataclass(frozen=True)
class Anchor:
    """The linear map `((returns - center) - rest) * stretch + mean`.

    The mean is subtracted in two parts, because the rounding error in a mean of millions of returns
    would change the stretch.
    """

    center: float
    rest: float
    stretch: float
    mean: float

    def __call__(self, returns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns new returns of the same shape."""
        return ((returns - self.center) - self.rest) * self.stretch + self.mean


def anchor_of(
    returns: NDArray[np.float64] | ArrayOnDisk,
    *,
    mean: float | None = None,
    volatility: float | None = None,
) -> Anchor:
    """Returns the map that `anchor` applies, also for returns that do not fit into memory."""
    _refuse_unusable(returns, mean, volatility)
    center = _mean(returns, lambda block: block)
    rest, stretch = 0.0, 1.0
    if volatility is not None:
        rest = _mean(returns, lambda block: block - center)
        variance = _mean(returns, lambda block: ((block - center) - rest) ** 2)
        stretch = volatility / math.sqrt(variance)
    return Anchor(center, rest, stretch, center if mean is None else mean)


def _blocks(returns: NDArray[np.float64] | ArrayOnDisk) -> Iterator[NDArray[np.float64]]:
    if not isinstance(returns, ArrayOnDisk):
        yield returns
        return
    each = max(1, NUMBERS // math.prod(returns.shape[1:]))
    for first in range(0, len(returns), each):
        yield returns[first : first + each]


def _mean(
    returns: NDArray[np.float64] | ArrayOnDisk,
    of: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> float:
    return math.fsum(float(of(block).sum()) for block in _blocks(returns)) / returns.size


def _refuse_unusable(
    returns: NDArray[np.float64] | ArrayOnDisk, mean: float | None, volatility: float | None
) -> None:
    bad = sum(int(np.count_nonzero(~np.isfinite(block))) for block in _blocks(returns))
    if returns.size == 0 or bad:
        raise InvalidInputError(
            "`returns` must be finite, and at least one. "
            f"Received: returns.shape={returns.shape}, {bad} "
            "of them NaN or infinite. Look for a generator that diverged."
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
