"""Scores of samples next to those of other real samples, and the verdict on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from keras_wgan.report.verdict import Grade, Verdict

Better = Literal["lower", "higher"]

# Times the distance of other real samples, and share of what they reach, up to which a score is
# good or fair. They are conventions: an error bar would call any model bad that can be improved.
GOOD_TIMES, FAIR_TIMES = 2.0, 5.0
GOOD_SHARE, FAIR_SHARE = 0.9, 0.7
ORDER: tuple[Grade, ...] = ("good", "fair", "bad")


class Part(NamedTuple):
    """A part of what a score is the mean of, such as a column, and its ratio."""

    name: str
    ratio: float


@dataclass(frozen=True)
class ComparedScore:
    """One score of generated samples, next to the same score of other real samples.

    Example:
    ```python
    from keras_wgan.report import ComparedScore

    assert ComparedScore("Frechet distance", "", 12.0, 3.0, better="lower").grade == "fair"
    assert ComparedScore("Recall", "", 0.4, 0.8).grade == "bad"
    ```

    Args:
        label: The name of the score.
        meaning: The score in plain words.
        generated: The score of the generated samples.
        real: The score of other real samples, which a perfect generator would reach.
        better: Whether a `"lower"` or a `"higher"` score is better. Defaults to `"higher"`.
        furthest: The part that is furthest off, of a score that is a mean and better lower. While
            its own grade is bad, that of the score is fair at best. Defaults to `None`.
    """

    label: str
    meaning: str
    generated: float
    real: float
    better: Better = "higher"
    furthest: Part | None = None

    @property
    def ratio(self) -> float:
        """The score over that of other real samples."""
        if not np.isfinite(self.generated):
            return np.inf
        if self.real <= 0.0:
            return 1.0 if self.generated == self.real else np.inf
        return self.generated / self.real

    @property
    def grade(self) -> Grade:
        """Good, fair or bad, by the ratio."""
        if self.better == "lower":
            whole = self.furthest is None or self.furthest.ratio <= FAIR_TIMES
            bounds = (self.ratio <= GOOD_TIMES and whole, self.ratio <= FAIR_TIMES)
        else:
            bounds = (self.ratio >= GOOD_SHARE, self.ratio >= FAIR_SHARE)
        return "good" if bounds[0] else "fair" if bounds[1] else "bad"

    @property
    def shortfall(self) -> float:
        """How far the score falls short of other real samples, by which scores are compared."""
        return self.ratio if self.better == "lower" else 1.0 / max(self.ratio, 1e-9)

    def in_brief(self) -> str:
        """Returns the score with its ratio, and with a part that is worse by a grade."""
        if self.better == "higher":
            return f"{self.label} {self.ratio:.0%}"
        inner = f" ({self._worse_part})" if self._worse_part else ""
        return f"{self.label} {self.ratio:.1f} times{inner}"

    def describe(self, others: str) -> str:
        """Returns the score in words; `others` names the other real samples."""
        if self.better == "higher":
            return f"{self.label} {self.ratio:.0%} of what {others} reach"
        inner = f", {self._worse_part}" if self._worse_part else ""
        return f"{self.label} {self.ratio:.1f} times that of {others}{inner}"

    @property
    def _worse_part(self) -> str:
        part = self.furthest
        if part is None or not self.ratio <= FAIR_TIMES < part.ratio:
            return ""
        return f"{part.ratio:.1f} for {part.name}"


def ranked_verdict(
    scores: Sequence[ComparedScore], headlines: Mapping[Grade, str], others: str
) -> Verdict:
    """Judges samples by the worst of their scores, under the headline of its grade."""
    ranked = sorted(scores, key=lambda score: (-ORDER.index(score.grade), -score.shortfall))
    worst = ranked[0]
    sentences = [f"{headlines[worst.grade]}: {worst.describe(others)}."]
    for grade, label in (("bad", "Far off"), ("fair", "Close"), ("good", "Right")):
        named = [score.in_brief() for score in ranked if score.grade == grade]
        if named:
            sentences.append(f"{label}, compared with {others}: {', '.join(named)}.")
    return Verdict(worst.grade, tuple(sentences))
