"""What does an experiment on images load, watch, measure, draw and write?"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from keras_wgan.callbacks import FID, SampleImages
from keras_wgan.data import load_images
from keras_wgan.data.cache import write_atomically
from keras_wgan.extractors import DigitClassifier
from keras_wgan.metrics import feature_statistics, frechet_distance
from keras_wgan.report.files import npz_bytes
from keras_wgan.report.image_pictures import image_grid
from keras_wgan.report.style import save_picture
from keras_wgan.report.training_pictures import losses_picture
from keras_wgan.subjects.subject import Evaluation, Source, TrainingData
from keras_wgan.wgan_gp import WGANGP

GRID = 8  # rows and columns of a picture of samples
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
        path = source.data if Path(source.data).suffix else None
        images, labels = load_images(Path(source.data).stem if path else source.data, path)
        facts = {
            "source": source.data,
            "images": len(images),
            "shape": list(images.shape[1:]),
            "scale": "[-1, 1]",
        }
        return TrainingData(images, labels, facts)

    def scorer(self, data: TrainingData, *, every: int, samples: int) -> keras.callbacks.Callback:
        """Returns the Frechet distance under the data's own classifier."""
        return FID(data.samples, _extractor(data), samples=samples, every=every)

    def painter(self, data: TrainingData, folder: Path, *, every: int) -> keras.callbacks.Callback:
        """Returns the callback that saves grids."""
        return SampleImages(folder, rows=GRID, columns=GRID, every=every)

    def evaluate(self, data: TrainingData, model: WGANGP, *, count: int, seed: int) -> Evaluation:
        """Measures the Frechet distance to as many real images, beside that of other real ones."""
        extractor = _extractor(data)
        count = min(count, len(data.samples) // 2)
        chosen = np.random.default_rng(seed).permutation(len(data.samples))
        reference, other = data.samples[chosen[:count]], data.samples[chosen[count : 2 * count]]
        real = feature_statistics(extractor(reference))
        floor = frechet_distance(real, feature_statistics(extractor(other)))
        samples = model.generate(count, seed=seed)
        distance = frechet_distance(real, feature_statistics(extractor(samples)))
        protocol = {"extractor": extractor.name, "real": count, "generated": count, "seed": seed}
        lines = [
            f"Frechet distance of {count} generated to {count} real images: {distance:.1f}",
            f"The same for {count} other real images, which is the floor: {floor:.1f}",
            f"Features of {extractor.name}: the number compares with no other extractor's.",
        ]
        return Evaluation({"fid": distance, "floor": floor, "protocol": protocol}, lines, samples)

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


def _extractor(data: TrainingData) -> DigitClassifier:
    assert data.labels is not None
    return DigitClassifier(data.samples, data.labels)
