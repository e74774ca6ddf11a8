"""The table of stylized facts, with each score explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.metrics.returns.facts import ReturnFacts
from keras_wgan.metrics.returns.families import CAP, FAMILIES
from keras_wgan.metrics.returns.matched_scores import LEVEL
from keras_wgan.report.drift import Drift
from keras_wgan.report.tables.explanations import EXPLAINED, fact_as_text


@dataclass(frozen=True)
class FactRow:
    """One line of the table of facts.

    Args:
        label: The name of the fact.
        meaning: The fact in plain words.
        score: Distance of the generated from the real; 0 where they agree.
        real: The fact of the real windows as text. Defaults to `""`, for a score that compares
            whole distributions.
        generated: The fact of the generated windows.
        floor: The score of another draw of history. Defaults to `None`, not measured.
        ratio: Size of `score` over `floor`, at most 4. Defaults to `None`.
        family: The family of scores that it is a part of. Defaults to `""`, none.
        trained: Whether the score is also part of the training loss, and so proves little. Defaults
            to `False`.
    """

    label: str
    meaning: str
    score: float
    real: str = ""
    generated: str = ""
    floor: float | None = None
    ratio: float | None = None
    family: str = ""
    trained: bool = False


def fact_rows(
    real: ReturnFacts,
    generated: ReturnFacts,
    scores: Mapping[str, float],
    *,
    floor: Mapping[str, float] | None = None,
    trained: Collection[str] = (),
    periods_per_year: float = TRADING_DAYS,
) -> tuple[FactRow, ...]:
    """Returns every score with an explanation and the facts that it compares.

    The rows are in the order of the families, of which each counts once; scores that are part of no
    family come last. Copies are left to the copy check.

    Example:
    ```python
    import numpy as np
    from keras_wgan.metrics import fact_scores
    from keras_wgan.metrics import return_facts
    from keras_wgan.report import fact_rows

    rng = np.random.default_rng(0)
    real = return_facts(0.01 * rng.standard_t(4, size=(200, 60)))
    normal = return_facts(0.01 * rng.normal(size=(200, 60)))
    rows = fact_rows(real, normal, fact_scores(real, normal), trained={"acf_abs"})
    assert rows[0].label == "Returns over 1 day" and rows[0].family == "daily distribution"
    assert [row.label for row in rows if row.trained] == ["Autocorrelation of |r|"]
    ```

    Args:
        real: Facts of the real windows.
        generated: Facts of the generated windows.
        scores: Scores by name, as `matched_scores`, `fact_scores` or `stylized_facts` give them.
        floor: Sampling floors by name. Defaults to `None`, no floor and no ratio.
        trained: Names of the scores that are also part of the training loss. Defaults to none.
        periods_per_year: The number of returns in a year, for volatilities. Defaults to `252`.

    Returns:
        A row for each score; scores without an explanation have their own name.
    """
    floors = floor or {}
    family_of = {name: family for family, names in FAMILIES.items() for name in names}
    ordered = [name for name in (*family_of, LEVEL, "std") if name in scores]
    others = [name for name in scores if name not in ordered and name != "copies"]
    rows, year = [], 100.0 * float(np.sqrt(periods_per_year))
    for name in ordered + others:
        label, meaning = EXPLAINED.get(name, (name, ""))
        score, own_floor = float(scores[name]), floors.get(name)
        rows.append(
            FactRow(
                label=label,
                meaning=meaning,
                score=score,
                real=fact_as_text(name, real, year),
                generated=fact_as_text(name, generated, year),
                floor=own_floor,
                ratio=min(abs(score) / own_floor, CAP) if own_floor else None,
                family=family_of.get(name, ""),
                trained=name in trained,
            )
        )
    return tuple(rows)


def drift_rows(drift: Drift, today: Drift | None) -> tuple[FactRow, ...]:
    """Returns the rows of the drifts, which are part of no family.

    Args:
        drift: Of windows from any state.
        today: Of paths from today's state, or `None` where they were not made.
    """
    meaning = "Mean log return of a year."
    rows = [_drift_row("Drift", meaning, drift)]
    if today is not None:
        after = f"{meaning[:-1]} from today's state, and after like days of history."
        rows.append(_drift_row("Drift from today", after, today))
    return tuple(rows)


def _drift_row(label: str, meaning: str, drift: Drift) -> FactRow:
    return FactRow(
        label=label,
        meaning=meaning,
        score=drift.generated - drift.real,
        real=_signed_percent(drift.real),
        generated=_signed_percent(drift.generated),
        floor=drift.floor,
        ratio=min(drift.ratio, CAP),
    )


def _signed_percent(value: float) -> str:
    return f"{value:+.1%}".replace("-", "−")  # noqa: RUF001
