"""The evaluation of generated images against images that the model was not trained on."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from keras_wgan._sampling import Sampler, draw_batches, draw_samples
from keras_wgan.data import ImageData, load_images
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.tasks.base import SCORED, Evaluation
from keras_wgan.experiments.tasks.image_metrics import class_shares, quality_metrics
from keras_wgan.experiments.tasks.labels import labels_as_in
from keras_wgan.extractors import (
    DigitClassifier,
    FrechetReference,
    MnistClassifier,
    frechet_score,
)
from keras_wgan.extractors.lenet import ClassifierExtractor
from keras_wgan.extractors.mnist_classifier import is_mnist
from keras_wgan.extractors.scoring import random_subset, repeat_seeds
from keras_wgan.metrics import Measurement
from keras_wgan.report.image_verdict import image_scores, image_verdict
from keras_wgan.wgan_gp import WGANGP

MIN_IMAGES = 6  # precision and density use the five nearest neighbors of an image
REPEATS = 3  # draws behind the error bar of a distance


def evaluate_images(
    data: ImageData, model: WGANGP, sampler: Sampler | None, *, count: int, seed: int
) -> Evaluation:
    """Compares samples with as many test images; the floor is that of as many training images."""
    if count < MIN_IMAGES:
        raise InvalidInputError(
            f"`count` must be at least {MIN_IMAGES}, since some metrics use the nearest neighbors "
            f"of a sample. Received: count={count}"
        )
    held_out, others, split = _two_real_sets(data)
    count = min(count, len(held_out), len(others))
    extractor = extractor_for(data)
    other_real = random_subset(others, count, seed)
    reference = FrechetReference(
        random_subset(held_out, count, seed), extractor, other_real=other_real, split=split
    )
    samples = draw_samples(model, count, seed, sampler)
    redrawn = [
        draw_batches(model, count, each, sampler) for each in repeat_seeds(seed, REPEATS)[1:]
    ]
    found = Measurement.of_repeats(
        [reference.distance(batches) for batches in ([samples], *redrawn)],
        floor=reference.floor(count),
        protocol=reference.protocol(generated=count, seed=seed),
    )
    metrics: dict[str, Any] = {
        "watched": _score_as_in_training(data, model, sampler, extractor, held_out).to_dict(),
        "fid": found.value,
        "floor": found.floor,
        "measured": found.to_dict(),
    }
    lines = [
        f"Frechet distance of {count} generated to {count} real images ({split}): "
        f"{found.value:.1f} +- {found.standard_error:.1g}",
        f"The floor, which is the distance of {count} other real images: {found.floor:.1f}; "
        f"the model is at {found.times_floor:.1f} times the floor",
        f"Protocol: {found.protocol}. Compare it only with numbers of the same protocol.",
        extractor_line(extractor),
    ]
    if np.isfinite(found.value):
        quality = quality_metrics(reference, samples)
        classified, real = (_classified(extractor, images) for images in (samples, other_real))
        shares = class_shares(classified, data.labels)
        metrics |= {**quality, **shares}
        metrics["real"] = quality_metrics(reference, other_real) | class_shares(real, data.labels)
        lines.insert(2, ", ".join(f"{name} {value:.3g}" for name, value in quality.items()))
        lines.append(
            f"The samples cover {shares['classes_covered']} of {shares['classes']} classes; the "
            f"rarest has {shares['rarest_class_share']:.2f} times its share in the data."
        )
        if data.facts.classes:
            requested = labels_as_in(data.labels, count, seed)
            metrics["agreement"] = float((classified == requested).mean())
            lines.append(
                f"The classifier recognizes the requested class in {metrics['agreement']:.2%} of "
                f"{count} samples."
            )
    judged = image_verdict(image_scores(found, metrics, metrics.get("real", {})))
    return Evaluation(metrics, [*judged.sentences, "", *lines], samples)


def extractor_for(data: ImageData) -> ClassifierExtractor:
    """Returns the classifier for the Frechet distance, which depends on the content alone."""
    # MNIST by its name in tensorflow-datasets needs no check of its content.
    if data.facts.source == "mnist" or is_mnist(data.samples):
        return MnistClassifier()
    return DigitClassifier(data.samples, data.labels)


def extractor_line(extractor: ClassifierExtractor) -> str:
    """Returns a printed line about the classifier."""
    if isinstance(extractor, MnistClassifier):
        which = "the classifier that comes with the package, because the images are MNIST's"
    else:
        which = "a classifier trained on the training images, because they are not MNIST's"
    return f"The Frechet distance uses {which} ({extractor.name})."


def read_images(source: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns images and labels of a data set by name, or of a file."""
    path = source if Path(source).suffix else None
    return load_images(Path(source).stem if path else source, path, split=split)


def _classified(extractor: ClassifierExtractor, images: np.ndarray) -> np.ndarray:
    found: np.ndarray = extractor.probabilities(images).argmax(axis=-1)
    return found


def _two_real_sets(data: ImageData) -> tuple[np.ndarray, np.ndarray, str]:
    """Returns images to compare with, other images for the floor, and the split of the former."""
    source, samples = data.facts.source, data.samples
    try:
        return read_images(source, "test")[0], samples, "test"
    except ValueError:  # mostly a data set without a test part
        if Path(source).suffix and "x_test.npy" in zipfile.ZipFile(source).namelist():
            raise  # it has one, and it is broken
        # Drawn at random, because many sets are stored class by class.
        first, second = np.array_split(np.random.default_rng(0).permutation(len(samples)), 2)
        return samples[first], samples[second], "half of train"


def _score_as_in_training(
    data: ImageData,
    model: WGANGP,
    sampler: Sampler | None,
    extractor: ClassifierExtractor,
    held_out: np.ndarray,
) -> Measurement:
    """Measures as training did, against the training images, for the picture over the epochs."""
    # At random, because the first half of MNIST's test images is tidier than the second. The floor
    # of fewer images would be that of another number.
    other = random_subset(held_out, SCORED, 0) if len(held_out) >= SCORED else None
    reference = FrechetReference(data.samples, extractor, other_real=other, split="train")
    return frechet_score(model, reference, samples=SCORED, repeats=REPEATS, sampler=sampler)
