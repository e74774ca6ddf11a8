"""Scores after the level is matched, and their sampling floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from keras_wgan.metrics.returns.facts import ReturnFacts
from keras_wgan.metrics.returns.sampling_floor import drawn_histories, mean_sizes
from keras_wgan.metrics.returns.scores import fact_scores

LEVEL = "level"


def matched_scores(real: ReturnFacts, generated: ReturnFacts) -> dict[str, float]:
    """Compares facts as `fact_scores` does, each side in units of its own standard deviation.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import matched_scores, return_facts

    windows = np.random.default_rng(0).standard_t(4, size=(500, 60))
    scores = matched_scores(return_facts(windows), return_facts(2.0 * windows))
    assert scores["level"] == 1.0 and abs(scores["w20"]) < 1e-12
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows, with the same days and lags.

    Returns:
        The scores of `fact_scores` but `std`, and `level`: the standard deviation of the generated
        windows over the real one, minus 1.

    Raises:
        ValueError: As `fact_scores`.
    """
    level = fact_scores(real, generated)["std"]
    scores = fact_scores(_in_own_units(real), _in_own_units(generated))
    del scores["std"]
    return {**scores, LEVEL: level}


def family_floor(
    returns: ArrayLike, *, days: int = 60, histories: int = 30, block: int = 250, seed: int = 0
) -> dict[str, float]:
    """Measures how large each score of `matched_scores` is by the noise of sampling alone.

    As `sampling_floor`, but each drawn history too is in units of its own standard deviation. A
    bootstrapped history reuses the days that a classifier is tested on, so the floor of
    `classifier` is that of a coin: the mean absolute error of the accuracy on as many independent
    windows as the history holds, on one of two balanced sides.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import family_floor

    returns = 0.01 * np.random.default_rng(0).standard_t(4, size=1500)
    floor = family_floor(returns, histories=3)
    assert floor["level"] > 0.0 and "std" not in floor
    assert abs(floor["classifier"] - np.sqrt(2 / np.pi) * 0.25 / np.sqrt(25)) < 1e-12
    ```

    Args:
        returns: Daily log returns in chronological order, shape `(days,)`.
        days: Days in a window. Defaults to `60`.
        histories: The number of drawn histories. Defaults to `30`.
        block: Days in a block. Defaults to `250`, one year.
        seed: Seed of the bootstrap. Defaults to `0`.

    Returns:
        The mean of |score| over the drawn histories, by name of the score.

    Raises:
        ValueError: As `sampling_floor`.
    """
    real, drawn = drawn_histories(returns, days=days, histories=histories, block=block, seed=seed)
    return _family_floor([matched_scores(real, facts) for facts in drawn], real, returns)


def sampling_floors(
    returns: ArrayLike, *, days: int, histories: int = 30
) -> tuple[dict[str, float], dict[str, float]]:
    """Returns `sampling_floor` and `family_floor` of the same drawn histories, in half the time."""
    real, drawn = drawn_histories(returns, days=days, histories=histories, block=250, seed=0)
    raw, matched = [], []
    for facts in drawn:
        raw.append(fact_scores(real, facts))
        matched.append(matched_scores(real, facts))
    return mean_sizes(raw), _family_floor(matched, real, returns)


def _family_floor(
    drawn: list[dict[str, float]], real: ReturnFacts, returns: ArrayLike
) -> dict[str, float]:
    independent = len(np.asarray(returns)) / real.days
    return {
        **mean_sizes(drawn),
        "classifier": float(np.sqrt(2 / np.pi) * 0.25 / np.sqrt(independent)),
    }


def _in_own_units(facts: ReturnFacts) -> ReturnFacts:
    """Returns the facts of the same windows divided by their standard deviation."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return replace(
            facts,
            mean=facts.mean / facts.std,
            std=facts.std / facts.std if facts.std else 0.0,
            sums={days: values / facts.std for days, values in facts.sums.items()},
            drawdowns=facts.drawdowns / facts.std,
            volatilities=facts.volatilities / facts.std,
        )
