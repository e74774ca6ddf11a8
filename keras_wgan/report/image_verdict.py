"""The verdict on generated images, derived from all of their scores next to other real images'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keras_wgan.metrics import Measurement
from keras_wgan.report.compared_scores import ComparedScore, ranked_verdict
from keras_wgan.report.verdict import Grade, Verdict


def image_scores(
    distance: Measurement,
    generated: Mapping[str, float],
    real: Mapping[str, float],
) -> tuple[ComparedScore, ...]:
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
        ComparedScore(
            "Frechet distance",
            "Distance in the mean and covariance of a classifier's features.",
            distance.value,
            distance.floor,
            better="lower",
        )
    ]
    rows += [
        ComparedScore(label, meaning, float(generated[name]), float(real.get(name, 1.0)))
        for name, (label, meaning) in EXPLAINED.items()
        if name in generated
    ]
    return tuple(rows)


def image_verdict(scores: Sequence[ComparedScore]) -> Verdict:
    """Judges generated images by the worst of their scores.

    Example:
    ```python
    from keras_wgan.report import ComparedScore, image_verdict

    found = image_verdict([
        ComparedScore("Frechet distance", "", 60.0, 3.0, better="lower"),
        ComparedScore("Precision", "", 0.8, 0.8),
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
    return ranked_verdict(scores, HEADLINES, OTHERS)


OTHERS = "other real images"
HEADLINES: dict[Grade, str] = {
    "good": "These images are about as close to the real ones as other real images are",
    "fair": "These images come close to the real ones",
    "bad": "These images can be told apart from real ones",
}
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
