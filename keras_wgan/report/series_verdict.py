"""The verdict on generated windows of series, derived from all of their scores and their copies."""

from __future__ import annotations

from collections.abc import Sequence

from keras_wgan.metrics import CopyShares, SeriesScore, series_distance
from keras_wgan.report.compared_scores import GOOD_TIMES, ComparedScore, ranked_verdict
from keras_wgan.report.verdict import Grade, Verdict

MAX_COPIES = 0.01  # beyond twice the share of real windows


def series_scores(scores: Sequence[SeriesScore]) -> tuple[ComparedScore, ...]:
    """Returns the scores of generated windows next to their floors, with their meaning.

    Example:
    ```python
    from keras_wgan.metrics import SeriesScore
    from keras_wgan.report import series_scores

    (steps,) = series_scores([SeriesScore("steps", (0.25, 0.5), (0.125, 0.125))])
    assert (steps.label, steps.ratio, steps.grade) == ("Steps", 3.0, "fair")
    ```

    Args:
        scores: The scores, as `metrics.SeriesReference` returns them.

    Returns:
        A score for each, in the same order.
    """
    return tuple(
        ComparedScore(
            score.name.capitalize(), MEANINGS[score.name], score.value, score.floor, better="lower"
        )
        for score in scores
    )


def series_verdict(
    scores: Sequence[SeriesScore], columns: Sequence[str], copies: CopyShares
) -> Verdict:
    """Judges generated windows by the worst of their scores, and by their copies.

    Example:
    ```python
    from keras_wgan.metrics import CopyShares, SeriesScore
    from keras_wgan.report import series_verdict

    scores = [SeriesScore("steps", (0.2, 0.6), (0.1, 0.1))]
    found = series_verdict(scores, ["heat", "load"], CopyShares(0.0, 0.0))
    assert found.grade == "fair"
    assert "Furthest off: steps of load, 6.0 times." in found.sentences
    ```

    Args:
        scores: The scores, as `metrics.SeriesReference` returns them.
        columns: The names of the columns.
        copies: The shares of near copies.

    Returns:
        The `Verdict`.
    """
    ranked = ranked_verdict(series_scores(scores), HEADLINES, OTHERS)
    sentences = [
        *ranked.sentences,
        *_furthest(scores, columns),
        f"The mean of all scores is {series_distance(scores):.1f} times its floor.",
    ]
    repeats = copies.generated > 2.0 * copies.real + MAX_COPIES
    shares = (
        f"{copies.generated:.1%} of the windows are near copies of training windows; of real ones "
        f"{copies.real:.1%} come as near to others."
    )
    if not repeats:
        return Verdict(ranked.grade, (*sentences, shares))
    return Verdict("bad", (f"These windows repeat the data: {shares}", *sentences))


def _furthest(scores: Sequence[SeriesScore], columns: Sequence[str]) -> list[str]:
    """Returns a sentence about the column and score that are furthest off, if one is far."""
    ratios = {
        (score.name, column): value / floor
        for score in scores
        for column, value, floor in zip(columns, score.columns, score.floors, strict=True)
        if floor > 0.0
    }
    if len(columns) == 1 or not ratios:
        return []
    (name, column), ratio = max(ratios.items(), key=lambda entry: entry[1])
    return [f"Furthest off: {name} of {column}, {ratio:.1f} times."] if ratio > GOOD_TIMES else []


OTHERS = "other real rows"
HEADLINES: dict[Grade, str] = {
    "good": "These windows are about as close to the real ones as other real rows are",
    "fair": "These windows come close to the real ones",
    "bad": "These windows can be told apart from real ones",
}
MEANINGS: dict[str, str] = {
    "values": "Distance between the distributions of the values, in standard deviations.",
    "steps": "The same for the steps from row to row.",
    "autocorrelation": "How a value is related to later ones of the same column.",
    "step autocorrelation": "The same for the steps from row to row.",
    "correlation": "How the values of two columns in the same row are related.",
    "step correlation": "The same for the steps from row to row.",
}
