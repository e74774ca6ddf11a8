"""All scores of generated returns against real ones, and their composite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.html import html_table, short_number
from keras_wgan.metrics.returns.copies import copy_rate
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.metrics.returns.prediction import prediction_excess
from keras_wgan.metrics.returns.sampling_floor import sampling_floor
from keras_wgan.metrics.returns.scores import fact_scores, score_ratios
from keras_wgan.metrics.returns.two_sample import classifier_two_sample
from keras_wgan.metrics.returns.windows import as_windows


@dataclass(frozen=True, eq=False)
class FactScores:
    """The scores of one set of generated windows.

    Example:
    ```python
    from keras_wgan.metrics import FactScores

    scores = FactScores(scores={"w1": 0.03, "copies": 0.0}, ratios={"w1": 0.6}, composite=0.6)
    assert scores.to_dict()["ratios"] == {"w1": 0.6}
    ```

    Args:
        scores: Scores by name; 0 is identical to the real market.
        ratios: |score| / sampling floor by name, for the scores with a floor; 1 is the score of
            another sample of history.
        composite: Mean of the ratios; 1 or less is within the sampling noise of history.
    """

    scores: dict[str, float]
    ratios: dict[str, float]
    composite: float

    def to_dict(self) -> dict[str, float | dict[str, float]]:
        """Returns the fields as floats, ready for Python's JSON, which writes `Infinity`."""
        return {
            "composite": self.composite,
            "scores": dict(self.scores),
            "ratios": dict(self.ratios),
        }

    def _repr_html_(self) -> str:
        """Returns a table for notebooks, the scores furthest from their floors first."""
        by_ratio = sorted(self.scores, key=lambda name: -self.ratios.get(name, -1.0))
        rows = [
            (name, short_number(self.scores[name]), short_number(self.ratios.get(name, np.nan)))
            for name in by_ratio
        ]
        title = f"Composite: {short_number(self.composite)} times the sampling floor"
        note = "0 is identical to the real market, 1 times the floor another draw of history."
        return html_table(title, ("score", "value", "times the floor"), rows, [note])


def stylized_facts(
    real: ArrayLike,
    generated: ArrayLike,
    *,
    floor: Mapping[str, float] | None = None,
    seed: int = 0,
) -> FactScores:
    """Scores generated windows against real ones by the stylized facts of daily returns.

    The scores are those of `fact_scores` and three tests of whole windows: `classifier`
    (`classifier_two_sample`), `prediction` (`prediction_excess`) and `copies` (`copy_rate`).

    The composite is the mean of the ratios of `fact_scores` to their sampling floors. The three
    tests are not part of it, because they have no floor: a bootstrapped history reuses the real
    days, so all of its windows are copies, and a classifier or forecaster is tested on days that it
    was trained on.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import sampling_floor, stylized_facts

    rng = np.random.default_rng(0)
    returns = 0.01 * rng.standard_t(4, size=1500)
    floor = sampling_floor(returns, histories=3)
    real = np.lib.stride_tricks.sliding_window_view(returns, 60)
    same, normal = (
        stylized_facts(real, 0.01 * windows, floor=floor)
        for windows in (rng.standard_t(4, size=(500, 60)), rng.normal(size=(500, 60)))
    )
    assert same.composite < normal.composite
    ```

    Args:
        real: Daily log returns, shape `(windows, days)` or `(windows, days, 1)`, in chronological
            order, one window starting on each day; at least 26 days and five windows for each day.
        generated: At least 100 independent windows with the same number of days.
        floor: The result of `sampling_floor` for the real history. Defaults to `None`, which
            computes it from the real windows; this takes most of the time.
        seed: Seed of the classifier's folds and of the computed floor. Defaults to `0`.

    Returns:
        The `FactScores`.

    Raises:
        ValueError: If the windows have another shape, different or too few days, or are not finite;
            if there are too few windows, or the real returns are constant; or if `floor` is `None`
            and the real windows are not those of one history, one starting on each day.
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
            "`real` must hold all windows of one history in chronological order, one starting on "
            "each day, so that the sampling floor can be computed. "
            f"Received: real.shape={windows.shape}, with windows that do not start one day apart. "
            "Pass floor=sampling_floor(returns)."
        )
    return np.concatenate([windows[0], windows[1:, -1]])
