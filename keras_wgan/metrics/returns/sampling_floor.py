"""The sampling floor of each score, by resampled histories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.facts import ReturnFacts, return_facts
from keras_wgan.metrics.returns.scores import fact_scores
from keras_wgan.metrics.returns.windows import as_series


def sampling_floor(
    returns: ArrayLike, *, days: int = 60, histories: int = 30, block: int = 250, seed: int = 0
) -> dict[str, float]:
    """Measures how large each score of `fact_scores` is from the sampling noise of history alone.

    A circular block bootstrap draws histories as long as the real one from blocks of successive
    real days. Each is cut into windows, one starting on each day, and compared with the windows of
    the real history. A simulator that scores below this floor cannot be distinguished from history
    by a sample of this length.

    The floor is itself an estimate: with 30 histories of 24 years its standard error is 10 to 15%.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sampling_floor

    returns = 0.01 * np.random.default_rng(0).standard_t(4, size=1500)
    floor = sampling_floor(returns, histories=3)
    assert 0.0 < floor["w1"] < floor["w60"]
    ```

    Args:
        returns: Daily log returns in chronological order, shape `(days,)`.
        days: Days in a window. Defaults to `60`.
        histories: The number of histories; 30 of 6,000 days take about 10 seconds. Defaults to
            `30`.
        block: Days in a block, longer than volatility clusters and short enough for many blocks.
            Defaults to `250`, one year.
        seed: Seed of the bootstrap. Defaults to `0`.

    Returns:
        The mean of |score| over the drawn histories, by name of the score.

    Raises:
        ValueError: If `returns` has another shape, is not finite, is shorter than two blocks or 100
            windows, or is refused by `fact_scores`; or if `histories` or `block` is below 1.

    Reference:
        Politis and Romano (1992), "A circular block-resampling procedure for stationary data".
    """
    real, drawn = drawn_histories(returns, days=days, histories=histories, block=block, seed=seed)
    return mean_sizes([fact_scores(real, facts) for facts in drawn])


def drawn_histories(
    returns: ArrayLike, *, days: int, histories: int, block: int, seed: int
) -> tuple[ReturnFacts, Iterator[ReturnFacts]]:
    """Returns the facts of a history, and yields those of histories drawn from it in blocks."""
    history = as_series(returns)
    resampled = resampled_histories(history, histories=histories, block=block, seed=seed)
    whole_number("days", days, maximum=len(history))
    return return_facts(_cut(history, days)), (return_facts(_cut(one, days)) for one in resampled)


def resampled_histories(
    history: NDArray[np.float64], *, histories: int, block: int, seed: int
) -> Iterator[NDArray[np.float64]]:
    """Yields histories of one or several assets, each as long as the real one, drawn in blocks."""
    if whole_number("block", block) > len(history) // 2:
        raise InvalidInputError(
            "`block` must be at most half of the days of `returns`. "
            f"Received: block={block}, {len(history)} days. "
            f"Use a longer history, or block={max(len(history) // 4, 1)}."
        )
    histories = whole_number("histories", histories)
    rng = np.random.default_rng(seed)
    return (bootstrapped(history, block, rng) for _ in range(histories))


def mean_sizes(drawn: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Returns the mean of |score| over drawn histories, by name of the score."""
    return {name: float(np.mean([abs(scores[name]) for scores in drawn])) for name in drawn[0]}


def bootstrapped(
    history: NDArray[np.float64], block: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Returns a history as long as the real one, drawn from circular blocks of its days."""
    count = len(history)
    starts = rng.integers(count, size=-(-count // block))
    places = starts[:, np.newaxis] + np.arange(block)
    return history[places.ravel()[:count] % count]


def _cut(history: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    return np.lib.stride_tricks.sliding_window_view(history, days)
