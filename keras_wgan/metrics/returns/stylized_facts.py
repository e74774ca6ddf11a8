"""All scores of generated returns against real ones, and their composite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.copies import copy_rate
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.metrics.returns.moments import as_windows
from keras_wgan.metrics.returns.prediction import prediction_excess
from keras_wgan.metrics.returns.sampling_floor import sampling_floor
from keras_wgan.metrics.returns.scores import fact_scores, score_ratios
from keras_wgan.metrics.returns.two_sample import classifier_two_sample


@dataclass(frozen=True, eq=False)
class FactScores:
    """All scores of one set of generated windows.

    Example:
    ```python
    import json

    from keras_wgan.metrics import FactScores

    scores = FactScores(scores={"w1": 0.03, "copies": 0.0}, ratios={"w1": 0.6}, composite=0.6)
    print(json.dumps(scores.to_dict(), indent=2))
    ```

    Args:
        scores: score by name; 0 is the same as the real market.
        ratios: size of a score over its sampling floor, by name, for the scores that have one;
            at 1 the score is as large as another draw of history would have.
        composite: mean of the ratios; 1 or less is within the noise of history itself.
    """

    scores: dict[str, float]
    ratios: dict[str, float]
    composite: float

    def to_dict(self) -> dict[str, float | dict[str, float]]:
        """Plain floats by name. JSON has no word for infinity; Python writes `Infinity`."""
        return {
            "composite": self.composite,
            "scores": dict(self.scores),
            "ratios": dict(self.ratios),
        }


def stylized_facts(
    real: ArrayLike,
    generated: ArrayLike,
    *,
    floor: Mapping[str, float] | None = None,
    seed: int = 0,
) -> FactScores:
    """Scores generated windows against real ones, by all the stylized facts of daily returns.

    Beside the distances of `fact_scores` stand three tests of whole windows: `classifier` (see
    `classifier_two_sample`), `prediction` (see `prediction_excess`) and `copies` (see
    `copy_rate`).

    Each distance is also set in relation to its sampling floor, and the composite is the mean of
    these ratios. The three tests have no floor and stand outside the composite: a bootstrapped
    history reuses the real days themselves, so a classifier cannot tell it apart, a forecaster
    learns from the days it is judged on, and all of it is copied. The composite is therefore the
    same one that `fact_scores` and `score_ratios` give in a callback.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sampling_floor
    from keras_wgan.metrics import stylized_facts

    rng = np.random.default_rng(0)
    returns = 0.01 * rng.standard_t(4, size=1500)
    floor = sampling_floor(returns, histories=3)
    real = np.lib.stride_tricks.sliding_window_view(returns, 60)
    same, normal = (
        stylized_facts(real, 0.01 * windows, floor=floor)
        for windows in (rng.standard_t(4, size=(500, 60)), rng.normal(size=(500, 60)))
    )
    print(same.composite, normal.composite)
    assert same.composite < normal.composite
    ```

    Args:
        real: log returns a day, shape `(windows, days)` or `(windows, days, 1)`, in the order of
            time and one window starting each day; at least 26 days and five windows for each day.
        generated: windows of as many days, at least 100 and independent of each other.
        floor: what `sampling_floor` returned for the real history. Defaults to `None`: worked
            out here from the real windows, which takes most of the time.
        seed: whole number on which the classifier's folds, and a floor worked out here, depend.
            Defaults to `0`.

    Returns:
        The `FactScores`.

    Raises:
        ValueError: for other shapes, different or too few days or windows, NaN or infinity,
            real returns that never vary, or `floor=None` where the real windows are not those of
            one history, one starting each day.
    """
    windows = as_windows(real, "real")
    samples = as_windows(generated, "generated")
    scores = {
        **fact_scores(return_facts(windows), return_facts(samples)),
        "classifier": classifier_two_sample(windows, samples, seed=seed),
        "prediction": prediction_excess(windows, samples),
        "copies": copy_rate(windows, samples),
    }
    if floor is None:
        floor = sampling_floor(_history_of(windows), days=windows.shape[1], seed=seed)
    ratios = score_ratios(scores, floor)
    return FactScores(scores, ratios, float(np.mean(list(ratios.values()))))


def _history_of(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    if not np.array_equal(windows[1:, :-1], windows[:-1, 1:]):
        raise InvalidInputError(
            "`real` must be all windows of one history in the order of time, one starting each "
            "day, or the sampling floor cannot be worked out from them. "
            f"Received: real.shape={windows.shape}, not each window the one before moved by a day. "
            "Hand in floor=sampling_floor(returns)."
        )
    return np.concatenate([windows[0], windows[1:, -1]])
