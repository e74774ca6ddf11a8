"""The evaluation of generated windows of series against the real ones."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data import SeriesData, SeriesFacts
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.io.json import number
from keras_wgan.metrics import (
    CopyShares,
    SeriesReference,
    SeriesScore,
    series_copies,
    series_distance,
)
from keras_wgan.report.series_verdict import series_verdict
from keras_wgan.report.tables.text import shorten_inside, table_lines

MIN_WINDOWS = 10  # generated; correlations of fewer are noise
SHOWN, WIDEST = 12, 20  # columns of a table in the terminal, and letters of a name


def evaluate_series(data: SeriesData, samples: NDArray[Any], *, seed: int) -> Evaluation:
    """Measures generated windows on the generator's scale, with the shares of near copies."""
    if len(samples) < MIN_WINDOWS:
        raise InvalidInputError(
            f"`count` must be at least {MIN_WINDOWS} windows, because correlations of fewer are "
            f"noise. Received: count={len(samples)}"
        )
    if not np.isfinite(samples).all():
        raise InvalidInputError(
            "The generator has diverged: its windows hold NaN or infinity, and have no scores. "
            "Train again with a smaller learning_rate."
        )
    facts = data.facts
    scores = SeriesReference.of(data.rows, facts.window).scores(samples)
    copies = series_copies(data.samples, samples)
    metrics: dict[str, Any] = {
        "series_distance": series_distance(scores),
        "scores": {score.name: _entry(score, facts) for score in scores},
        "copies": {"generated": copies.generated, "real": copies.real},
        "protocol": {
            "generated windows": len(samples),
            "real windows": facts.windows,
            "rows of a window": facts.window,
            "seed": seed,
        },
    }
    judged = series_verdict(scores, facts.columns, copies)
    return Evaluation(metrics, [*judged.sentences, "", *_table(scores, facts)], samples)


def scores_of(metrics: dict[str, Any], facts: SeriesFacts) -> tuple[SeriesScore, ...]:
    """Returns the scores that an evaluation wrote."""
    return tuple(
        SeriesScore(
            name,
            tuple(number(entry["columns"][column]) for column in facts.columns),
            tuple(number(entry["floors"][column]) for column in facts.columns),
        )
        for name, entry in metrics["scores"].items()
    )


def copies_of(metrics: dict[str, Any]) -> CopyShares:
    """Returns the shares of near copies that an evaluation wrote."""
    return CopyShares(**metrics["copies"])


def _entry(score: SeriesScore, facts: SeriesFacts) -> dict[str, Any]:
    return {
        "ratio": score.ratio,
        "columns": dict(zip(facts.columns, score.columns, strict=True)),
        "floors": dict(zip(facts.columns, score.floors, strict=True)),
    }


def _table(scores: Sequence[SeriesScore], facts: SeriesFacts) -> list[str]:
    """Returns the ratios of the scores as text: their means, and those of each column."""
    heads = ["times its floor", *(score.name for score in scores)]
    shown = facts.columns[:SHOWN]
    columns = [
        [shorten_inside(name, WIDEST), *(f"{score.ratios[at]:.2f}" for score in scores)]
        for at, name in enumerate(shown)
    ]
    if len(facts.columns) == 1:
        return table_lines(heads, columns)
    means = ["mean", *(f"{score.ratio:.2f}" for score in scores)]
    lines = table_lines(heads, [means, *columns])
    left = len(facts.columns) - len(shown)
    return [*lines, f"{left} more columns are in metrics.json and report.html."] if left else lines
