"""Scores of resampled histories against the real history: the floor of every score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.metrics.returns.scores import fact_scores


def sampling_floor(
    returns: ArrayLike, *, days: int = 60, histories: int = 30, block: int = 250, seed: int = 0
) -> dict[str, float]:
    """Measures how large each score of `fact_scores` is by the luck of one history alone.

    New histories as long as the real one are drawn from blocks of successive real days, with every
    day as likely as any other (a circular block bootstrap). Each is cut into windows, one starting
    each day, and compared with the windows of the real history. A simulator that scores below this
    floor cannot be told from history by the length of history there is.

    The floor is itself the mean of noisy numbers. With 30 histories of 24 years it has a standard
    error of 10 to 15 %.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sampling_floor

    returns = 0.01 * np.random.default_rng(0).standard_t(4, size=1500)
    floor = sampling_floor(returns, histories=3)
    print(floor["w1"], floor["kurtosis"])
    assert 0.0 < floor["w1"] < floor["w60"]
    ```

    Args:
        returns: log returns a day in the order of time, shape `(days,)`.
        days: days in a window. Defaults to `60`.
        histories: how many histories to draw; 30 of 6,000 days take some 10 seconds. Defaults to
            `30`.
        block: days in a block: longer than the memory of volatility, and short enough for many
            blocks. Defaults to `250`, one year.
        seed: whole number that the drawn blocks depend on. Defaults to `0`.

    Returns:
        The mean of |score| over the drawn histories, by name of the score.

    Raises:
        ValueError: for returns of another shape, NaN or infinite, fewer than two blocks or too
            few for 100 windows; for `histories` or `block` below 1; or where `fact_scores` finds
            nothing to measure by.

    Reference:
        Politis and Romano (1992), "A circular block-resampling procedure for stationary data".
    """
    history = _as_history(returns, days, block)
    histories = whole_number("histories", histories)
    real = return_facts(_cut(history, days))
    rng = np.random.default_rng(seed)
    drawn = [
        fact_scores(real, return_facts(_cut(_bootstrapped(history, block, rng), days)))
        for _ in range(histories)
    ]
    return {name: float(np.mean([abs(scores[name]) for scores in drawn])) for name in drawn[0]}


def _as_history(returns: ArrayLike, days: int, block: int) -> NDArray[np.float64]:
    history = np.asarray(returns, dtype=np.float64)
    if history.ndim != 1 or not np.isfinite(history).all():
        raise InvalidInputError(
            "`returns` must be one series of finite log returns, shape (days,). "
            f"Received: returns.shape={history.shape}, "
            f"{int(np.sum(~np.isfinite(history)))} of them NaN or infinite. "
            "Hand in the history itself, not windows of it."
        )
    if whole_number("block", block) > len(history) // 2:
        raise InvalidInputError(
            "`block` must be at most half of the days of `returns`. "
            f"Received: block={block}, {len(history)} days. "
            f"Use a longer history, or block={max(len(history) // 4, 1)}."
        )
    whole_number("days", days, maximum=len(history))
    return history


def _bootstrapped(
    history: NDArray[np.float64], block: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    count = len(history)
    starts = rng.integers(count, size=-(-count // block))
    places = starts[:, np.newaxis] + np.arange(block)
    return history[places.ravel()[:count] % count]


def _cut(history: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    return np.lib.stride_tricks.sliding_window_view(history, days)
