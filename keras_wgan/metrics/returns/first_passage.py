"""Waiting times until a loss or a gain of a given size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import in_range
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_windows

HORIZON = 500


@dataclass(frozen=True)
class FirstPassage:
    """The waiting times until a gain and until a loss of a given size.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import first_passage

    passage = first_passage(np.full((1, 600), 0.01), threshold=0.045)
    assert passage.gain_days == 5.0 and passage.gain_share == 1.0
    assert passage.loss_days == float("inf") and passage.loss_share == 0.0
    ```

    Args:
        gain_days: Median days until the log price has risen by the threshold, over the starts
            where it does so within 500 days; `inf` where it never does.
        loss_days: Median days until it has fallen by the threshold, likewise.
        gain_share: Share of the starts with a gain within 500 days.
        loss_share: Share of the starts with a loss within 500 days.
    """

    gain_days: float
    loss_days: float
    gain_share: float
    loss_share: float


def first_passage(paths: ArrayLike, *, threshold: float = 0.05) -> FirstPassage:
    """Measures the gain-loss asymmetry by the first days on which a gain or a loss is reached.

    Every day that is followed by at least 500 days is a start, so the medians do not depend on the
    length of the paths. On the S&P 500 of 2000-2023 they are 55 days to a gain and 46 to a loss of
    0.05. Later starts capture quick passages only; with them, the medians are 54 and 42 days.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import first_passage

    # A random walk without drift gains as fast as it loses.
    paths = 0.01 * np.random.default_rng(0).choice([-1.0, 1.0], size=(50, 1000))
    passage = first_passage(paths)
    assert abs(passage.gain_days - passage.loss_days) < 5
    ```

    Args:
        paths: Daily log returns, shape `(paths, days)` or `(paths, days, 1)`, at least 500 days.
        threshold: The size of the gain and of the loss, a log return. Defaults to `0.05`.

    Returns:
        The `FirstPassage`, pooled over all starts.

    Raises:
        ValueError: If `paths` has another shape, is too short, or is not finite, or `threshold` is
            not above zero.

    Reference:
        Jensen, Johansen and Simonsen (2003), "Inverse statistics in economics: the gain-loss
        asymmetry".
    """
    returns = as_windows(paths, "paths")
    if returns.shape[1] < HORIZON:
        raise InvalidInputError(
            f"`paths` must have at least {HORIZON} days: the median passage takes two months, so "
            "shorter paths show the quick ones alone. "
            f"Received: paths.shape={returns.shape}. Generate longer paths."
        )
    threshold = in_range("threshold", threshold, above=0.0)
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
