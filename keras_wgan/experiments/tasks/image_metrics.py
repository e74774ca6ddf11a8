"""What lies between two samples? The generator's answer, latent by latent."""

from typing import Any

import keras
import numpy as np

from keras_wgan.extractors import FrechetReference, feature_batches
from keras_wgan.latents import Normal
from keras_wgan.metrics import density_coverage, kernel_distance, precision_recall
from keras_wgan.wgan_gp import WGANGP


def interpolated(
    model: WGANGP, rows: int, columns: int, *, seed: int, labels: np.ndarray | None = None
) -> np.ndarray:
    """Returns samples on the way from one random latent to another, row by row.

    Between normal latents the way is the arc of a great circle: on the straight line all points
    are nearer to the origin than a generator ever sees. Between others it is the straight line.

    Args:
        model: A model of unconditional or labelled samples.
        rows: How many ways.
        columns: How many samples on each, both ends included.
        seed: Fixes the ends.
        labels: `(rows,)` what a conditional model is asked for on each way. Defaults to `None`.

    Returns:
        `(rows * columns, *shape)`, a row after the other.
    """
    ends = np.asarray(keras.ops.convert_to_numpy(model.latent.sample(2 * rows, seed)))
    way = _arc if isinstance(model.latent, Normal) else _line
    places = np.linspace(0.0, 1.0, columns)
    ways = np.stack([way(*pair, places) for pair in zip(ends[:rows], ends[rows:], strict=True)])
    latents = ways.reshape(-1, *model.latent.shape).astype("float32")
    inputs = latents if labels is None else [latents, np.repeat(labels, columns)]
    samples: np.ndarray = model.predict(inputs, verbose=0)
    return samples


def _arc(begin: np.ndarray, end: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Returns the points at `places` in [0, 1] of the arc between two points (Shoemake 1985)."""
    lengths = np.linalg.norm(begin) * np.linalg.norm(end)
    angle = np.arccos(np.clip(np.sum(begin * end) / lengths, -1.0, 1.0))
    places = places.reshape(-1, *[1] * begin.ndim)
    return (np.sin((1 - places) * angle) * begin + np.sin(places * angle) * end) / np.sin(angle)


def _line(begin: np.ndarray, end: np.ndarray, places: np.ndarray) -> np.ndarray:
    places = places.reshape(-1, *[1] * begin.ndim)
    return (1 - places) * begin + places * end


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
