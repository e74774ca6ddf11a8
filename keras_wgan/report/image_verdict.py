"""The verdict on generated images, derived from all of their scores next to other real images'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from keras_wgan.metrics import Measurement
from keras_wgan.report.verdict import Grade, Verdict

Better = Literal["lower", "higher"]

# Times the distance of other real images, and share of what they reach, up to which a score is
# good or fair. They are conventions: an error bar would call any model bad that can be improved.
GOOD_TIMES, FAIR_TIMES = 2.0, 5.0
GOOD_SHARE, FAIR_SHARE = 0.9, 0.7
ORDER: tuple[Grade, ...] = ("good", "fair", "bad")


@dataclass(frozen=True)
class ImageScore:
    """One score of generated images, next to the same score of other real images.

    Example:
    ```python
    from keras_wgan.report import ImageScore

    assert ImageScore("Frechet distance", "", 12.0, 3.0, better="lower").grade == "fair"
    assert ImageScore("Recall", "", 0.4, 0.8).grade == "bad"
    ```

    Args:
        label: The name of the score.
        meaning: The score in plain words.
        generated: The score of the generated images.
        real: The score of other real images, which a perfect generator would reach.
        better: Whether a `"lower"` or a `"higher"` score is better. Defaults to `"higher"`.
    """

    label: str
    meaning: str
    generated: float
    real: float
    better: Better = "higher"

    @property
    def ratio(self) -> float:
        """The score over that of other real images."""
        if not np.isfinite(self.generated):
            return np.inf
        if self.real <= 0.0:
            return 1.0 if self.generated == self.real else np.inf
        return self.generated / self.real

    @property
    def grade(self) -> Grade:
        """Good, fair or bad, by the ratio."""
        if self.better == "lower":
            bounds = (self.ratio <= GOOD_TIMES, self.ratio <= FAIR_TIMES)
        else:
            bounds = (self.ratio >= GOOD_SHARE, self.ratio >= FAIR_SHARE)
        return "good" if bounds[0] else "fair" if bounds[1] else "bad"

    @property
    def shortfall(self) -> float:
        """How far the score falls short of other real images, by which scores are compared."""
        return self.ratio if self.better == "lower" else 1.0 / max(self.ratio, 1e-9)

    def in_brief(self) -> str:
        """Returns the score with its ratio."""
        ratio = f"{self.ratio:.1f} times" if self.better == "lower" else f"{self.ratio:.0%}"
        return f"{self.label} {ratio}"

    def describe(self) -> str:
        """Returns the score in words."""
        if self.better == "lower":
            return f"{self.label} {self.ratio:.1f} times that of other real images"
        return f"{self.label} {self.ratio:.0%} of what other real images reach"


def image_scores(
    distance: Measurement,
    generated: Mapping[str, float],
    real: Mapping[str, float],
) -> tuple[ImageScore, ...]:
    """Returns the scores of generated images next to those of other real images.

    Example:
    ```python
    from keras_wgan.metrics import Measurement, Protocol
    from keras_wgan.report import image_scores

    protocol = Protocol(
        metric="frechet distance", extractor="mnist-classifier", extractor_hash="5e8f",
        resize="none", value_range="[-1, 1]", channels="1", data="0b2a", split="test",
        real=10_000, generated=10_000, seed=0,
    )
    distance = Measurement.of_repeats([6.0], floor=3.0, protocol=protocol)
    _, precision = image_scores(distance, {"precision": 0.6}, {"precision": 0.8})
    assert precision.label == "Precision" and abs(precision.ratio - 0.75) < 1e-12
    ```

    Args:
        distance: The Frechet distance with its floor.
        generated: The metrics of the generated images: `precision`, `recall`, `density`,
            `coverage`, and where known `rarest_class_share` and `agreement`.
        real: The same metrics of other real images; what it lacks is taken as 1.

    Returns:
        A score for each metric that `generated` holds, the distance first.
    """
    rows = [
        ImageScore(
            "Frechet distance",
            "Distance in the mean and covariance of a classifier's features.",
            distance.value,
            distance.floor,
            better="lower",
        )
    ]
    rows += [
        ImageScore(label, meaning, float(generated[name]), float(real.get(name, 1.0)))
        for name, (label, meaning) in EXPLAINED.items()
        if name in generated
    ]
    return tuple(rows)


def image_verdict(scores: Sequence[ImageScore]) -> Verdict:
    """Judges generated images by the worst of their scores.

    Example:
    ```python
    from keras_wgan.report import ImageScore, image_verdict

    found = image_verdict([
        ImageScore("Frechet distance", "", 60.0, 3.0, better="lower"),
        ImageScore("Precision", "", 0.8, 0.8),
    ])
    assert found.grade == "bad"
    assert found.sentences[0] == (
        "These images can be told apart from real ones: Frechet distance 20.0 times that of other "
        "real images."
    )
    ```

    Args:
        scores: The scores, as `image_scores` returns them; at least one.

    Returns:
        The `Verdict`.
    """
    ranked = sorted(scores, key=lambda score: (-ORDER.index(score.grade), -score.shortfall))
    worst = ranked[0]
    headline = {
        "good": "These images are about as close to the real ones as other real images are",
        "fair": "These images come close to the real ones",
        "bad": "These images can be told apart from real ones",
    }[worst.grade]
    sentences = [f"{headline}: {worst.describe()}."]
    for grade, label in (("bad", "Far off"), ("fair", "Close"), ("good", "Right")):
        named = [score.in_brief() for score in ranked if score.grade == grade]
        if named:
            sentences.append(f"{label}, compared with other real images: {', '.join(named)}.")
    return Verdict(worst.grade, tuple(sentences))


# Metric -> its name in a table, and its meaning for readers who do not know it.
EXPLAINED: dict[str, tuple[str, str]] = {
    "precision": ("Precision", "Share of the samples that look like real images."),
    "recall": ("Recall", "Share of the real images that the generator could have made."),
    "density": ("Density", "How many real images a sample is close to."),
    "coverage": ("Coverage", "Share of the real images that have a sample close to them."),
    "rarest_class_share": (
        "Rarest class",
        "Share of the class that is made least, over its share in the data.",
    ),
    "agreement": (
        "Requested class",
        "Share of the samples in which the classifier finds the requested class.",
    ),
}
