"""What does an experiment on images load, watch, measure, draw and write?"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan.callbacks import FID, SampleImages
from keras_wgan.callbacks.sampling import draw_batches
from keras_wgan.data import load_images
from keras_wgan.data.cache import write_atomically
from keras_wgan.extractors import (
    DigitClassifier,
    FrechetReference,
    MnistClassifier,
    feature_batches,
)
from keras_wgan.extractors.mnist_classifier import SHAPE as MNIST_SHAPE
from keras_wgan.metrics import Measured, density_coverage, kernel_distance, precision_recall
from keras_wgan.report.files import npz_bytes
from keras_wgan.report.image_pictures import image_grid
from keras_wgan.report.style import save_picture
from keras_wgan.report.training_pictures import losses_picture
from keras_wgan.scoring import chosen, repeat_seeds
from keras_wgan.subjects.subject import Evaluation, Source, TrainingData
from keras_wgan.wgan_gp import WGANGP

GRID = 8  # rows and columns of a picture of samples
REPEATS = 3  # draws behind the error bar of a distance
MOST_PNG = 1024  # more images than that are a data set, not a picture


class Images:
    """Images in [-1, 1], judged by a classifier's Frechet distance."""

    score = "fid"
    evaluated = 5000
    suffixes: tuple[str, ...] = (".npz", ".png")

    def load(self, source: Source) -> TrainingData:
        """Reads an image data set by name, or from a Keras-format `.npz`."""
        for name in ("ticker", "start", "end"):
            if getattr(source, name) is not None:
                raise ValueError(
                    f"`{name}` is for returns; this recipe trains on images. "
                    f"Received: {name}={getattr(source, name)}"
                )
        images, labels = _read(source.data, "train")
        facts = {
            "source": source.data,
            "images": len(images),
            "shape": list(images.shape[1:]),
            "scale": "[-1, 1]",
        }
        return TrainingData(images, labels, facts)

    def scorer(self, data: TrainingData, *, every: int, samples: int) -> keras.callbacks.Callback:
        """Returns the Frechet distance under the data's own classifier."""
        return FID(data.samples, _extractor(data), samples=samples, every=every, split="train")

    def painter(self, data: TrainingData, folder: Path, *, every: int) -> keras.callbacks.Callback:
        """Returns the callback that saves grids."""
        return SampleImages(folder, rows=GRID, columns=GRID, every=every)

    def evaluate(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Measures samples against as many test images, beside what training images reach."""
        held_out, others, split = _two_real_sets(data)
        count = min(count, len(held_out), len(others))
        extractor = _extractor(data)
        reference = FrechetReference(chosen(held_out, count, seed), extractor, split=split)
        samples = model.generate(count, seed=seed)
        again = [draw_batches(model, count, each) for each in repeat_seeds(seed, REPEATS)[1:]]
        found = Measured.of_repeats(
            [reference.distance(batches) for batches in ([samples], *again)],
            floor=reference.distance([chosen(others, count, seed)]),
            protocol=reference.protocol(generated=count, seed=seed),
        )
        metrics = {"fid": found.value, "floor": found.floor, "measured": found.to_dict()}
        lines = [
            f"Frechet distance of {count} generated to {count} real images ({split}): "
            f"{found.value:.1f} +- {found.standard_error:.1g}",
            f"The same for {count} other real images, which is the floor: {found.floor:.1f}; "
            f"the model stands at {found.times_floor:.1f} times that",
            f"Measured on {found.protocol}: it compares with numbers of that protocol alone.",
        ]
        if np.isfinite(found.value):
            more = _beside_the_distance(reference, samples)
            metrics |= more
            lines.insert(2, ", ".join(f"{name} {value:.3g}" for name, value in more.items()))
        return Evaluation(metrics, lines, samples)

    def draw(
        self, data: TrainingData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves the losses, a grid of samples and a grid of real images."""
        count = min(GRID * GRID, len(data.samples))
        samples = model.generate(GRID * GRID, seed=seed)
        return [
            save_picture(losses_picture(history), folder / "losses.png"),
            save_picture(image_grid(samples, GRID), folder / "samples.png"),
            save_picture(image_grid(data.samples[:count], GRID), folder / "real.png"),
        ]

    def report(
        self,
        data: TrainingData,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: dict[str, Any],
        folder: Path,
    ) -> list[Path]:
        """Writes nothing yet: the pictures speak for themselves."""
        return []

    def export(self, samples: np.ndarray, facts: dict[str, Any], path: Path) -> None:
        """Writes `images` (n, height, width, channels) uint8 to `.npz`, or a grid to `.png`."""
        if path.suffix == ".png":
            if len(samples) > MOST_PNG:
                raise ValueError(
                    f"A picture holds at most {MOST_PNG} images; write more of them to .npz. "
                    f"Received: {len(samples)} images for {path}"
                )
            save_picture(image_grid(samples, int(np.ceil(np.sqrt(len(samples))))), path)
        else:
            pixels = np.clip(np.rint((samples + 1.0) * 127.5), 0, 255).astype("uint8")
            write_atomically(path, npz_bytes(images=pixels))


def _read(source: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    path = source if Path(source).suffix else None
    return load_images(Path(source).stem if path else source, path, split=split)


def _two_real_sets(data: TrainingData) -> tuple[np.ndarray, np.ndarray, str]:
    """Returns images to compare with, others for the floor, and which part the former are."""
    try:
        return _read(data.facts["source"], "test")[0], data.samples, "test"
    except ValueError:  # a data set without a test part
        half = len(data.samples) // 2
        return data.samples[:half], data.samples[half:], "half of train"


def _extractor(data: TrainingData) -> DigitClassifier | MnistClassifier:
    named = Path(data.facts["source"]).stem
    if named == "mnist" and data.samples.shape[1:] == MNIST_SHAPE:
        return MnistClassifier()
    assert data.labels is not None
    return DigitClassifier(data.samples, data.labels)


def _beside_the_distance(reference: FrechetReference, samples: np.ndarray) -> dict[str, float]:
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
