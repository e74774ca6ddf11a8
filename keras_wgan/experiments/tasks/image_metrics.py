"""Metrics of generated images besides the Frechet distance, and interpolations of latents."""

import keras
import numpy as np

from keras_wgan.extractors import FrechetReference
from keras_wgan.extractors.features import features_of
from keras_wgan.latents import Normal
from keras_wgan.metrics import density_coverage, kernel_distance, precision_recall
from keras_wgan.wgan_gp import WGANGP

RARE = 0.1  # a class with less than a tenth of its share in the data counts as missing


def quality_metrics(reference: FrechetReference, samples: np.ndarray) -> dict[str, float]:
    """Returns metrics that tell quality from variety, unlike a single distance."""
    real, generated = (
        features_of(reference.extractor, images) for images in (reference.real, samples)
    )
    kernel = kernel_distance(real, generated)
    pair, balls = precision_recall(real, generated), density_coverage(real, generated)
    return {
        "kernel_distance": kernel.value,
        "kernel_distance_error": kernel.standard_error,
        "precision": pair.precision,
        "recall": pair.recall,
        "density": balls.density,
        "coverage": balls.coverage,
    }


def class_shares(classified: np.ndarray, labels: np.ndarray) -> dict[str, int | float]:
    """Returns how the classes of generated samples compare with the labels of the data."""
    classes = int(labels.max()) + 1
    real, generated = (
        np.bincount(some, minlength=classes)[:classes] / len(some) for some in (labels, classified)
    )
    shares = generated[real > 0] / real[real > 0]  # relative to those in the data
    return {
        "classes": len(shares),
        "classes_covered": int((shares >= RARE).sum()),
        "rarest_class_share": float(shares.min()),
    }


def interpolated(
    model: WGANGP, rows: int, columns: int, *, seed: int, labels: np.ndarray | None = None
) -> np.ndarray:
    """Returns samples `(rows * columns, *shape)` between two random latents in each row.

    Normal latents are interpolated on the arc of a great circle, because all points of the straight
    line are nearer to the origin than any latent of the training; others on the straight line.
    """
    ends = np.asarray(keras.ops.convert_to_numpy(model.latent.sample(2 * rows, seed)))
    path = _arc if isinstance(model.latent, Normal) else _line
    places = np.linspace(0.0, 1.0, columns)
    paths = np.stack([path(*pair, places) for pair in zip(ends[:rows], ends[rows:], strict=True)])
    latents = paths.reshape(-1, *model.latent.shape).astype("float32")
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
