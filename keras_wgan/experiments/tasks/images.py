"""What does an experiment on images load, watch, measure, draw and write?"""

import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan._sampling import Sampler, draw_batches, draw_samples
from keras_wgan.callbacks import FID, SampleImages
from keras_wgan.data import ImageData, ImageFacts, Source, load_images
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.tasks.base import SCORED, Evaluation
from keras_wgan.experiments.tasks.image_metrics import (
    beside_the_distance,
    classes_made,
    interpolated,
)
from keras_wgan.experiments.tasks.labels import as_in_the_data, in_rows, labelled_sampler
from keras_wgan.extractors import DigitClassifier, FrechetReference, MnistClassifier
from keras_wgan.extractors.mnist_classifier import is_mnist
from keras_wgan.extractors.scoring import chosen, repeat_seeds
from keras_wgan.io.files import atomic_path
from keras_wgan.metrics import Measurement
from keras_wgan.report.export.npz import write_npz
from keras_wgan.report.pages.images import ImagePicture, ImageReport, write_image_page
from keras_wgan.report.plots.animation import animate
from keras_wgan.report.plots.frechet import frechet_picture
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.neighbors import neighbors_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.plots.training import losses_picture
from keras_wgan.wgan_gp import WGANGP

GRID = 8  # rows and columns of a picture of samples
MIN_IMAGES = 6  # precision and density look at five neighbours of each
REPEATS = 3  # draws behind the error bar of a distance
PICTURES = {  # file: heading and caption
    "samples.png": (
        "Samples",
        "Made by the finished model; with labels, a row for each. Good: you could not tell them "
        "from the real ones below, and no two are alike.",
    ),
    "real.png": ("Real images", "Training images, for comparison."),
    "progress.gif": (
        "How they became so",
        "The same latents after each saved epoch. Good: shapes settle and stay varied.",
    ),
    "frechet.png": (
        "Frechet distance over the epochs",
        "Lower is better. Good: the line falls towards the dashed floor and does not turn up.",
    ),
    "interpolation.png": (
        "Between two samples",
        "Each row goes from one latent to another. Good: one image turns into the other in small "
        "steps, and every step looks like an image of its own.",
    ),
    "neighbours.png": (
        "Copies?",
        "To the left a sample, after the gap the training images nearest to it in pixels. Good: "
        "alike in kind, but none the same.",
    ),
    "losses.png": ("Training", "Losses say whether training is stable, not how good samples are."),
}
MAX_PNG = 1024  # more images than that are a data set, not a picture


class Images:
    """Images in [-1, 1], judged by a classifier's Frechet distance.

    Args:
        labelled: Whether the model is asked for a label. Defaults to `False`.
    """

    score = "fid"
    evaluated = 5000
    suffixes: tuple[str, ...] = (".npz", ".png")

    def __init__(self, labelled: bool = False) -> None:
        self.labelled = labelled

    def load(self, source: Source) -> ImageData:
        """Reads an image data set by name, or from a Keras-format `.npz`."""
        for name in ("ticker", "start", "end"):
            if getattr(source, name) is not None:
                raise InvalidInputError(
                    f"`{name}` is for returns; this recipe trains on images. "
                    f"Received: {name}={getattr(source, name)}"
                )
        images, labels = _read(source.data, "train")
        classes = int(labels.max()) + 1 if self.labelled else None
        facts = ImageFacts(source.data, len(images), images.shape[1:], classes)
        return ImageData(images, labels, facts)

    def sampler(self, data: ImageData) -> Sampler | None:
        """Returns the sampler of a conditional model, with labels as frequent as in the data."""
        return labelled_sampler(as_in_the_data(data.labels)) if self.labelled else None

    def metric_callback(
        self, data: ImageData, *, every: int, samples: int
    ) -> keras.callbacks.Callback:
        """Returns the Frechet distance under the data's own classifier, and prints which it is."""
        extractor = _extractor(data)
        print(_extractor_line(extractor))
        return FID(
            data.samples,
            extractor,
            samples=samples,
            every=every,
            split="train",
            sampler=self.sampler(data),
        )

    def sample_callback(
        self, data: ImageData, folder: Path, *, every: int
    ) -> keras.callbacks.Callback:
        """Returns the callback that saves grids, with a row for each label."""
        return SampleImages(
            folder,
            rows=self._rows(data),
            columns=GRID,
            every=every,
            sampler=self._sampler_in_rows(data),
        )

    def evaluate(self, data: ImageData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Measures samples against as many test images, beside what training images reach."""
        if count < MIN_IMAGES:
            raise InvalidInputError(
                f"`count` must be at least {MIN_IMAGES}, since the scores look at the nearest "
                f"neighbours of a sample. Received: count={count}"
            )
        held_out, others, split = _two_real_sets(data)
        count = min(count, len(held_out), len(others))
        extractor, sampler = _extractor(data), self.sampler(data)
        reference = FrechetReference(chosen(held_out, count, seed), extractor, split=split)
        samples = draw_samples(model, count, seed, sampler)
        again = [
            draw_batches(model, count, each, sampler) for each in repeat_seeds(seed, REPEATS)[1:]
        ]
        found = Measurement.of_repeats(
            [reference.distance(batches) for batches in ([samples], *again)],
            floor=reference.distance([chosen(others, count, seed)]),
            protocol=reference.protocol(generated=count, seed=seed),
        )
        watched = self._watched(data, model, extractor, held_out)
        metrics: dict[str, Any] = {"watched": watched.to_dict()}
        metrics |= {"fid": found.value, "floor": found.floor, "measured": found.to_dict()}
        lines = [
            f"Frechet distance of {count} generated to {count} real images ({split}): "
            f"{found.value:.1f} +- {found.standard_error:.1g}",
            f"The same for {count} other real images, which is the floor: {found.floor:.1f}; "
            f"the model stands at {found.times_floor:.1f} times that",
            f"Measured on {found.protocol}: it compares with numbers of that protocol alone.",
            _extractor_line(extractor),
        ]
        if np.isfinite(found.value):
            more = beside_the_distance(reference, samples)
            metrics |= more
            lines.insert(2, ", ".join(f"{name} {value:.3g}" for name, value in more.items()))
            told, said = self._classified(data, extractor, samples, seed)
            metrics |= told
            lines += said
        return Evaluation(metrics, lines, samples)

    def _watched(
        self,
        data: ImageData,
        model: WGANGP,
        extractor: DigitClassifier | MnistClassifier,
        held_out: np.ndarray,
    ) -> Measurement:
        """Measures as training did, against the training images: for the line over the epochs."""
        reference = FrechetReference(data.samples, extractor, split="train")
        sampler = self.sampler(data)
        enough = len(held_out) >= SCORED  # fewer would give the floor of another number
        return Measurement.of_repeats(
            [
                reference.distance(draw_batches(model, SCORED, each, sampler))
                for each in repeat_seeds(0, REPEATS)
            ],
            # At random: the first half of MNIST's test images is tidier than the second.
            floor=reference.distance([chosen(held_out, SCORED, 0)]) if enough else np.nan,
            protocol=reference.protocol(generated=SCORED, seed=0),
        )

    def _classified(
        self,
        data: ImageData,
        extractor: DigitClassifier | MnistClassifier,
        samples: np.ndarray,
        seed: int,
    ) -> tuple[dict[str, Any], list[str]]:
        """Returns which classes are made, and how often the one that was asked for."""
        classified = extractor.probabilities(samples).argmax(axis=-1)
        told = classes_made(classified, data.labels)
        said = [
            f"Of {told['classes']} classes {told['classes_covered']} are made; the rarest one "
            f"{told['rarest_class_share']:.2f} times as often as it is real."
        ]
        if self.labelled:
            asked = as_in_the_data(data.labels)(len(samples), seed)
            told["agreement"] = float((classified == asked).mean())
            said.append(
                f"The classifier sees the class that was asked for in {told['agreement']:.2%} of "
                f"{len(samples)} samples."
            )
        return told, said

    def _sampler_in_rows(self, data: ImageData) -> Sampler | None:
        return labelled_sampler(in_rows(data.facts.classes)) if data.facts.classes else None

    def _rows(self, data: ImageData) -> int:
        return data.facts.classes or GRID

    def draw(
        self, data: ImageData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves losses, samples, real images, ways between samples, neighbours and the history."""
        count = min(GRID * GRID, len(data.samples))
        samples = draw_samples(model, self._rows(data) * GRID, seed, self._sampler_in_rows(data))
        labels = np.arange(self._rows(data)) if self.labelled else None
        ways = interpolated(model, self._rows(data), GRID, seed=seed, labels=labels)
        beside = neighbors_picture(samples[:: -(-len(samples) // GRID)], data.samples)
        drawn = [
            save_picture(losses_picture(history), folder / "losses.png"),
            save_picture(image_grid(samples, GRID), folder / "samples.png"),
            save_picture(image_grid(data.samples[:count], GRID), folder / "real.png"),
            save_picture(image_grid(ways, GRID), folder / "interpolation.png"),
            save_picture(beside, folder / "neighbours.png"),
        ]
        saved = sorted((folder / "samples").glob("epoch_*.png"))
        return [*drawn, animate(saved, folder / "progress.gif")] if len(saved) > 1 else drawn

    def report(
        self,
        data: ImageData,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: dict[str, Any],
        folder: Path,
    ) -> list[Path]:
        """Writes `report.html`, one page with all pictures and what they were measured by."""
        measured = Measurement.from_dict(evaluation.metrics["measured"])
        watched = Measurement.from_dict(evaluation.metrics["watched"])
        save_picture(frechet_picture(history, watched), folder / "frechet.png")
        content = ImageReport(
            title=folder.resolve().name,
            source=data.facts.source,
            verdict=evaluation.lines,
            pictures=[
                ImagePicture(heading, folder / name, caption)
                for name, (heading, caption) in PICTURES.items()
                if (folder / name).exists()
            ],
            settings=config["settings"],
            protocol={
                "measured": asdict(measured.protocol),
                "over the epochs": asdict(watched.protocol),
            },
        )
        return [folder / "frechet.png", write_image_page(folder / "report.html", content)]


def export_images(
    batches: Iterable[np.ndarray], path: Path, *, count: int, labels: np.ndarray | None = None
) -> None:
    """Writes `images` (n, height, width, channels) uint8 to `.npz`, or a grid to `.png`.

    Given labels are written as `labels` (n,) next to the images.
    """
    if path.suffix == ".png":
        if count > MAX_PNG:
            raise InvalidInputError(
                f"A picture holds at most {MAX_PNG} images; write more of them to .npz. "
                f"Received: {count} images for {path}"
            )
        samples = np.concatenate(list(batches))
        save_picture(image_grid(samples, int(np.ceil(np.sqrt(count)))), path)
        return
    arrays: dict[str, tuple[int, Iterable[np.ndarray]]]
    arrays = {"images": (count, map(_as_bytes, batches))}
    if labels is not None:
        arrays["labels"] = (count, [labels])
    with atomic_path(path) as unfinished:
        write_npz(unfinished, arrays)


def _as_bytes(samples: np.ndarray) -> np.ndarray:
    return np.clip(np.rint((samples + 1.0) * 127.5), 0, 255).astype("uint8")


def _read(source: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    path = source if Path(source).suffix else None
    return load_images(Path(source).stem if path else source, path, split=split)


def _two_real_sets(data: ImageData) -> tuple[np.ndarray, np.ndarray, str]:
    """Returns images to compare with, others for the floor, and which part the former are."""
    source, samples = data.facts.source, data.samples
    try:
        return _read(source, "test")[0], samples, "test"
    except ValueError:  # mostly a data set without a test part
        if Path(source).suffix and "x_test.npy" in zipfile.ZipFile(source).namelist():
            raise  # it has one, and it is broken
        # Drawn at random: many sets are stored class by class.
        first, second = np.array_split(np.random.default_rng(0).permutation(len(samples)), 2)
        return samples[first], samples[second], "half of train"


def _extractor(data: ImageData) -> DigitClassifier | MnistClassifier:
    """Returns the classifier for the Frechet distance, which depends on the content alone."""
    # The check by name saves the hash of the data set that tensorflow-datasets calls so.
    if data.facts.source == "mnist" or is_mnist(data.samples):
        return MnistClassifier()
    return DigitClassifier(data.samples, data.labels)


def _extractor_line(extractor: DigitClassifier | MnistClassifier) -> str:
    if isinstance(extractor, MnistClassifier):
        which = "the classifier that comes with the package, because the images are MNIST's"
    else:
        which = "a classifier trained on the training images, because they are not MNIST's"
    return f"The Frechet distance uses {which} ({extractor.name})."
