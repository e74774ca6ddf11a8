"""Beside the one distance: are generated images good, varied, and what they were asked to be?"""

from typing import Any

import numpy as np

from keras_wgan.extractors import FrechetReference, feature_batches
from keras_wgan.metrics import density_coverage, kernel_distance, precision_recall

RARE = 0.1  # a class that is made less than a tenth as often as it is real counts as missing


def beside_the_distance(reference: FrechetReference, samples: np.ndarray) -> dict[str, float]:
    """Returns numbers that tell good samples from varied ones, which one distance cannot."""
    real, made = (
        np.concatenate(list(feature_batches(reference.extractor, images)))
        for images in (reference.real, samples)
    )
    kernel = kernel_distance(real, made)
    near, balls = precision_recall(real, made), density_coverage(real, made)
    return {
        "kernel_distance": kernel.value,
        "kernel_distance_error": kernel.standard_error,
        "precision": near.precision,
        "recall": near.recall,
        "density": balls.density,
        "coverage": balls.coverage,
    }


def classes_made(classified: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Returns how many of the data's classes are made, and which is made most rarely.

    Args:
        classified: `(n,)` the class of each generated sample.
        labels: `(m,)` the real ones.

    Returns:
        `classes`, those in the data; `classes_covered`, those made at least a tenth as often as
        they are real; and `rarest_class_share`, the lowest such share, where 1 is as often.
    """
    classes = int(labels.max()) + 1
    real, made = (
        np.bincount(some, minlength=classes)[:classes] / len(some) for some in (labels, classified)
    )
    shares = made[real > 0] / real[real > 0]
    return {
        "classes": len(shares),
        "classes_covered": int((shares >= RARE).sum()),
        "rarest_class_share": float(shares.min()),
    }
