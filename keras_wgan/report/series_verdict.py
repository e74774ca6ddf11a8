"""The verdict on generated windows of series, derived from all of their scores and their copies."""

from __future__ import annotations

from collections.abc import Sequence

from keras_wgan.metrics import CopyShares, SeriesScore, series_distance
from keras_wgan.report.compared_scores import FAIR_TIMES, ComparedScore, Part, ranked_verdict
from keras_wgan.report.tables.text import shorten_inside
from keras_wgan.report.verdict import Grade, Verdict

MAX_COPIES = 0.01  # beyond twice the share of real windows
LISTED = 5  # columns that are far off
LETTERS = 32  # of a column's name


def series_scores(
    scores: Sequence[SeriesScore], columns: Sequence[str]
) -> tuple[ComparedScore, ...]:
    """Returns the mean ratios of generated windows to their floors, with their meaning.

    Example:
    ```python
    from keras_wgan.metrics import SeriesScore
    from keras_wgan.report import series_scores

    scores = [SeriesScore("steps", (0.25, 0.5), (0.125, 0.125))]
    (steps,) = series_scores(scores, ["heat", "load"])
    assert (steps.label, steps.ratio, steps.grade) == ("Steps", 3.0, "fair")
    assert steps.furthest == ("load", 4.0)
    ```

    Args:
        scores: The scores, as `metrics.SeriesReference` returns them.
        columns: The names of the columns.

    Returns:
        A score for each, in the same order, next to the 1 of other real rows.
    """
    return tuple(
        ComparedScore(
            score.name.capitalize(),
            MEANINGS[score.name],
            score.ratio,
            1.0,
            better="lower",
            furthest=_furthest(score, columns),
        )
        for score in scores
    )


def series_verdict(
    scores: Sequence[SeriesScore], columns: Sequence[str], copies: CopyShares
) -> Verdict:
    """Judges generated windows by the worst of their scores, and by their copies.

    A score is the mean of the ratios of all columns to their floors. It is fair at best while one
    of them is bad, and all of these are named.

    Example:
    ```python
    from keras_wgan.metrics import CopyShares, SeriesScore
    from keras_wgan.report import series_verdict

    scores = [SeriesScore("steps", (0.1, 0.6), (0.1, 0.1))]
    found = series_verdict(scores, ["heat", "load"], CopyShares(0.0, 0.0))
    assert found.grade == "fair"
    assert "Single columns that are far off: steps of load (6.0 times)." in found.sentences
    ```

    Args:
        scores: The scores, as `metrics.SeriesReference` returns them.
        columns: The names of the columns.
        copies: The shares of near copies.

    Returns:
        The `Verdict`.
    """
    ranked = ranked_verdict(series_scores(scores, columns), HEADLINES, OTHERS)
    sentences = [
        *ranked.sentences,
        *_far_off(scores, columns),
        f"The mean of all scores is {series_distance(scores):.1f} times their floors.",
    ]
    repeats = copies.generated > 2.0 * copies.real + MAX_COPIES
    shares = (
        f"{copies.generated:.1%} of the windows are near copies of training windows; of real ones "
        f"{copies.real:.1%} come as near to others."
    )
    if not repeats:
        return Verdict(ranked.grade, (*sentences, shares))
    return Verdict("bad", (f"These windows repeat the data: {shares}", *sentences))


def _furthest(score: SeriesScore, columns: Sequence[str]) -> Part | None:
    if len(columns) == 1:
        return None
    name = shorten_inside(columns[score.furthest], LETTERS)
    return Part(name, score.ratios[score.furthest])


def _far_off(scores: Sequence[SeriesScore], columns: Sequence[str]) -> list[str]:
    """Returns a sentence about single columns that are far off, if there are several columns."""
    found = [
        (ratio, f"{score.name} of {shorten_inside(column, LETTERS)} ({ratio:.1f} times)")
        for score in scores
        for column, ratio in zip(columns, score.ratios, strict=True)
        if ratio > FAIR_TIMES
    ]
    if len(columns) == 1 or not found:
        return []
    found.sort(key=lambda entry: -entry[0])
    more = f", and {len(found) - LISTED} more" if len(found) > LISTED else ""
    listed = ", ".join(text for _, text in found[:LISTED])
    return [f"Single columns that are far off: {listed}{more}."]


OTHERS = "other real rows"
HEADLINES: dict[Grade, str] = {
    "good": "These windows are about as close to the real ones as other real rows are",
    "fair": "These windows come close to the real ones",
    "bad": "These windows can be told apart from real ones",
}
MEANINGS: dict[str, str] = {
    "values": "Distance between the distributions of the values, in standard deviations.",
    "steps": "Distance between the distributions of the steps from row to row, in standard "
    "deviations.",
    "autocorrelation": "How a value is related to later values of the same column.",
    "step autocorrelation": "How a step is related to later steps of the same column.",
    "correlation": "How the values of two columns in the same row are related.",
    "step correlation": "How the steps of two columns in the same row are related.",
}
