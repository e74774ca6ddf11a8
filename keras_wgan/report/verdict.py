"""The verdict on generated returns, derived from all of their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from keras_wgan.metrics.returns.families import CAP, FAMILIES, FamilyScores
from keras_wgan.report.drift import Drift

Grade = Literal["good", "fair", "bad"]

# A floor is the mean size of a score. If scores are normal, 19 of 20 draws of history score less
# than 1.96 / sqrt(2 / pi) = 2.5 floors.
CHANCE = 2.5
MAX_COPIES = 0.01
FROM_TODAY = "drift from today"
IN_A_SENTENCE = {"classifier": "how well a classifier tells them apart"}


@dataclass(frozen=True)
class Verdict:
    """What all scores of generated samples say together.

    Args:
        grade: Of returns, `"good"` if no part is further from history than chance allows, and as a
            whole no further than another draw of history; `"fair"` if only the first holds; else
            `"bad"`. `None` if nothing could be compared with a sampling floor. Of images, the grade
            of the worst score.
        sentences: The headline, the parts that are right and wrong, and what is wrong with them.
    """

    grade: Grade | None
    sentences: tuple[str, ...]


def returns_verdict(
    scores: FamilyScores, drift: Drift, copies: float, *, today: Drift | None = None
) -> Verdict:
    """Judges generated returns by every family of scores, their level, drift and copies.

    Example:
    ```python
    from keras_wgan.metrics import FamilyScores
    from keras_wgan.report import Drift, returns_verdict

    scores = FamilyScores.of(
        {"w1": 0.02, "leverage": 0.12, "level": 0.01}, {"w1": 0.05, "leverage": 0.03, "level": 0.05}
    )
    found = returns_verdict(scores, Drift(0.06, 0.07, 0.03), copies=0.0)
    assert found.grade == "bad"
    assert found.sentences[0] == (
        "These scenarios differ from the real market: leverage is at least 4 times as far off as "
        "in another draw of history."
    )
    ```

    Args:
        scores: The scores after the level is matched, in families.
        drift: The mean log returns.
        copies: Share of the generated windows that are near copies of real ones, 0 to 1.
        today: The drift of paths from today's state, from `Drift.after_like_days`. Defaults to
            `None`, not measured.

    Returns:
        The `Verdict`.
    """
    parts = {**scores.families, "level": scores.level_ratio, "drift": drift.ratio}
    if today is not None:
        parts[FROM_TODAY] = today.ratio
    parts = dict(sorted(parts.items(), key=lambda part: -part[1]))
    wrong = {name: ratio for name, ratio in parts.items() if not ratio <= CHANCE}
    near = {name: ratio for name, ratio in parts.items() if 1.0 < ratio <= CHANCE}
    right = {name: ratio for name, ratio in parts.items() if ratio <= 1.0}
    copied = copies > MAX_COPIES
    sentences = [_headline(parts, copies)]
    for label, some in (
        ("Off by more than chance", wrong),
        ("Within chance", near),
        ("Right, as close as another draw of history", right),
    ):
        if some:
            listed = ", ".join(f"{name} {_size(ratio)}" for name, ratio in some.items())
            sentences.append(f"{label}: {listed}.")
    inside = _inside(scores, wrong)
    if alone := {name: ratio for name, ratio in inside.items() if ratio > CHANCE}:
        listed = ", ".join(f"{name} {_size(ratio)}" for name, ratio in alone.items())
        sentences.append(
            f"Single scores off by more than chance, of the {len(inside)} in families that are "
            f"not: {listed}."
        )
    if scores.level_ratio > CHANCE:
        sentences.append(f"Volatility is {1.0 + scores.level:.0%} of the real one.")
    if drift.ratio > CHANCE:
        sentences.append(
            f"Prices drift by {drift.generated:+.1%} a year, the real ones by {drift.real:+.1%}."
        )
    if today is not None and today.ratio > CHANCE:
        sentences.append(
            f"From today's state prices drift by {today.generated:+.1%} a year, after like days of "
            f"history by {today.real:+.1%}."
        )
    if copied and wrong:
        sentences.append(_copies(copies))
    if wrong or copied:
        return Verdict("bad", tuple(sentences))
    return Verdict("good" if scores.mean <= 1.0 else "fair", tuple(sentences))


def _headline(parts: dict[str, float], copies: float) -> str:
    name, ratio = next(iter(parts.items()))
    if not ratio <= CHANCE:
        subject = IN_A_SENTENCE.get(name, name)
        return (
            f"These scenarios differ from the real market: {subject} is {_at_least(ratio)} times "
            "as far off as in another draw of history."
        )
    if copies > MAX_COPIES:
        return _copies(copies)
    if ratio > 1.0:
        return (
            "Neither level, drift nor any family of scores differs from the real market by more "
            f"than chance; {name} comes closest to it, {ratio:.1f} times as far off as in another "
            "draw of history."
        )
    return "Every family of scores is as close to history as another draw of history."


def _inside(scores: FamilyScores, wrong: Mapping[str, float]) -> dict[str, float]:
    """Returns the ratios of all scores whose family is within chance, the furthest first."""
    found = {
        name: scores.ratios[name]
        for family in scores.families
        if family not in wrong
        for name in FAMILIES[family]
        if name in scores.ratios
    }
    return dict(sorted(found.items(), key=lambda score: -score[1]))


def _copies(copies: float) -> str:
    return f"These scenarios repeat history: {copies:.0%} of them are near copies of real windows."


def _at_least(ratio: float) -> str:
    return f"at least {CAP:.0f}" if not ratio < CAP else f"{ratio:.1f}"


def _size(ratio: float) -> str:
    return f"{CAP:.0f} or more" if not ratio < CAP else f"{ratio:.1f}"
