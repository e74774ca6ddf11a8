"""The image task: data, callbacks, evaluation, pictures and report of an experiment on images."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import pandas as pd

from keras_wgan._sampling import Sampler, draw_samples
from keras_wgan.callbacks import FID, SampleImages
from keras_wgan.data import ImageData, ImageFacts, Source
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.browser import NO_IMAGES, browser_images
from keras_wgan.experiments.tasks.image_captions import picture_captions
from keras_wgan.experiments.tasks.image_evaluation import (
    evaluate_images,
    extractor_for,
    extractor_line,
    read_images,
)
from keras_wgan.experiments.tasks.image_metrics import interpolated
from keras_wgan.experiments.tasks.labels import labeled_sampler, labels_as_in, labels_in_rows
from keras_wgan.experiments.tasks.pictures import losses_of_run, save_pictures
from keras_wgan.experiments.tasks.protocol import next_steps, run_protocol
from keras_wgan.experiments.tasks.source_options import refuse_options_of_returns
from keras_wgan.io.files import atomic_path
from keras_wgan.io.npz import write_npz
from keras_wgan.metrics import Measurement
from keras_wgan.report.image_verdict import image_scores, image_verdict
from keras_wgan.report.pages.images import ImageReport, write_image_page
from keras_wgan.report.pages.picture_files import PictureFile
from keras_wgan.report.plots.animation import animate
from keras_wgan.report.plots.frechet import frechet_picture
from keras_wgan.report.plots.images import image_grid
from keras_wgan.report.plots.neighbors import neighbors_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig

GRID = 8  # rows and columns of a picture of samples
MAX_PNG = 1024  # images in one picture


class Images:
    """Images in [-1, 1], measured by the Frechet distance under a classifier."""

    score = "fid"
    evaluated = 5000
    suffixes: tuple[str, ...] = (".npz", ".png")

    def __init__(self, labeled: bool = False) -> None:
        self.labeled = labeled  # whether the model is conditional on the label

    def load(self, source: Source) -> ImageData:
        """Reads an image data set by name, or from a Keras-format `.npz`."""
        refuse_options_of_returns(source, "images")
        images, labels = read_images(source.data, "train")
        classes = int(labels.max()) + 1 if self.labeled else None
        facts = ImageFacts(source.data, len(images), images.shape[1:], classes)
        return ImageData(images, labels, facts)

    def sampler(self, data: ImageData) -> Sampler | None:
        """Returns the sampler of a conditional model, with labels as frequent as in the data."""
        return labeled_sampler(partial(labels_as_in, data.labels)) if self.labeled else None

    def metric_callback(
        self, data: ImageData, *, every: int, samples: int
    ) -> keras.callbacks.Callback:
        """Returns the Frechet distance to the training images, and prints the classifier."""
        extractor = extractor_for(data)
        print(extractor_line(extractor))
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
        rows, sampler = _rows(data)
        named = _names(data) or rows
        return SampleImages(folder, rows=named, columns=GRID, every=every, sampler=sampler)

    def evaluate(self, data: ImageData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Compares samples with as many test images."""
        return evaluate_images(data, model, self.sampler(data), count=count, seed=seed)

    def draw(
        self, data: ImageData, model: WGANGP, history: pd.DataFrame, folder: Path, *, seed: int
    ) -> list[Path]:
        """Saves losses, samples, real images, interpolations, neighbors and the animation."""
        rows, sampler = _rows(data)
        samples = draw_samples(model, rows * GRID, seed, sampler)
        labels = np.arange(rows) if self.labeled else None
        steps = interpolated(model, rows, GRID, seed=seed, labels=labels)
        drawn = save_pictures(
            {
                "losses": partial(losses_of_run, history),
                "samples": partial(image_grid, samples, GRID, row_labels=_names(data)),
                "real": partial(image_grid, data.samples[: GRID * GRID], GRID),
                "interpolation": partial(image_grid, steps, GRID, row_labels=_names(data)),
                "neighbors": partial(
                    neighbors_picture, samples[:: -(-len(samples) // GRID)], data.samples
                ),
            },
            folder,
        )
        saved = sorted((folder / "samples").glob("epoch_*.png"))
        return [*drawn, animate(saved, folder / "progress.gif")] if len(saved) > 1 else drawn

    def report(
        self,
        data: ImageData,
        model: WGANGP,
        evaluation: Evaluation,
        history: pd.DataFrame,
        config: "RunConfig",
        folder: Path,
    ) -> list[Path]:
        """Writes `report.html`, one page with all pictures and the protocol of the metrics."""
        measured = Measurement.from_dict(evaluation.metrics["measured"])
        watched = Measurement.from_dict(evaluation.metrics["watched"])
        drawn = save_pictures({"frechet": partial(frechet_picture, history, watched)}, folder)
        metrics = evaluation.metrics
        scores = image_scores(measured, metrics, metrics.get("real", {}))
        judged = image_verdict(scores)
        saved = sorted((folder / "samples").glob("epoch_*.png"))
        captions = picture_captions(history, watched, saved, labeled=self.labeled)
        generator = browser_images(model)
        content = ImageReport(
            title=config.experiment.recipe.name,
            source=data.facts.source,
            verdict=judged,
            scores=scores,
            notes=[line for line in evaluation.lines if line and line not in judged.sentences],
            pictures=[
                PictureFile(heading, folder / name, caption)
                for name, (heading, caption) in captions.items()
                if (folder / name).exists()
            ],
            settings=asdict(config.experiment.recipe.settings),
            protocol={
                **run_protocol(config),
                "measured": asdict(measured.protocol),
                "over the epochs": asdict(watched.protocol),
            },
            next_steps=next_steps(config.experiment.recipe),
            generator=generator,
            generator_note="" if generator else NO_IMAGES,
        )
        return [*drawn, write_image_page(folder / "report.html", content)]


def _rows(data: ImageData) -> tuple[int, Sampler | None]:
    """Returns the rows of a picture of samples, and the sampler that makes a row of each label."""
    classes = data.facts.classes
    return (classes, labeled_sampler(partial(labels_in_rows, classes))) if classes else (GRID, None)


def _names(data: ImageData) -> list[str]:
    """Returns the labels of the rows of a picture; none where rows have no label."""
    return [str(label) for label in range(data.facts.classes or 0)]


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
