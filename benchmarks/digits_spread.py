"""The quality of conditional digits from latents nearer to zero.

    keras-wgan train mnist-conditional --data mnist.npz --out runs/labeled
    python -m benchmarks.digits_spread runs/labeled --data mnist.npz

The same normal latents are multiplied by each scale, and every digit is requested equally often.
The samples are compared with MNIST's test images under the classifier that comes with the package,
which took no part in training. The last line is its accuracy on the test images.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from keras_wgan import WGANGP
from keras_wgan.data import load_images
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.tasks.image_metrics import quality_metrics
from keras_wgan.extractors import FrechetReference, MnistClassifier

DIGITS, BATCH = 10, 500


def main() -> None:
    """Measures each scale and prints a row of a table."""
    asked = _arguments()
    model, classifier = Run.open(asked.run).model(), MnistClassifier()
    real, labels = load_images("mnist", asked.data, split="test")
    reference = FrechetReference(real[: asked.count], classifier, split="test")
    print("| latents times | digit as asked | distance | precision | recall |")
    print("|---|---|---|---|---|")
    wanted = np.arange(asked.count) % DIGITS
    for scale in asked.scales:
        images = drawn(model, wanted, scale, asked.seed)
        agreement = (classifier.probabilities(images).argmax(axis=-1) == wanted).mean()
        found = quality_metrics(reference, images)
        print(
            f"| {scale:g} | {agreement:.2%} | {reference.distance([images]):.2f} "
            f"| {found['precision']:.2f} | {found['recall']:.2f} |",
            flush=True,
        )
    right = (classifier.probabilities(real).argmax(axis=-1) == labels).mean()
    print(f"| test images | {right:.2%} | | | |")


def drawn(model: WGANGP, wanted: np.ndarray, scale: float, seed: int) -> np.ndarray:
    """Returns an image for each wanted digit, from normal latents times the scale."""
    latents = np.random.default_rng(seed).normal(size=(len(wanted), *model.latent.shape))
    inputs = (scale * latents).astype("float32"), wanted.astype("int32")
    starts = range(0, len(wanted), BATCH)
    made = [model.predict_on_batch([each[i : i + BATCH] for each in inputs]) for i in starts]
    return np.concatenate(made)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="a run folder of mnist-conditional")
    parser.add_argument("--data", type=Path, help="a .npz file instead of MNIST by its name")
    parser.add_argument("--scales", type=float, nargs="+", default=[1.0, 0.9, 0.8, 0.7, 0.5])
    parser.add_argument("--count", type=int, default=10_000, help="images on each side")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
