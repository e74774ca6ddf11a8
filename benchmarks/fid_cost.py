"""The share of an epoch that `callbacks.FID` takes, and the floor at each sample size.

    python -m benchmarks.fid_cost --data mnist.npz
    python -m benchmarks.fid_cost --data mnist.npz --samples 2000 --steps 20

For the cost, steps of `mnist-classic` are timed in `fit` and extrapolated to an epoch, and the
callback is timed on the same model; the first call of each, which compiles, does not count. The
seconds are processor time, which other work on the machine disturbs least. The floor compares
MNIST's training images with its test images under the classifier that comes with the package: mean
and standard error over choices of images.
"""

import argparse
import os
import statistics
import time
import warnings
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from keras_wgan.callbacks import FID
from keras_wgan.data import load_images
from keras_wgan.experiments import recipes
from keras_wgan.extractors import FrechetReference, MnistClassifier
from keras_wgan.extractors.scoring import random_subset

SIZES = (1000, 2000, 5000, 10_000)
CHOICES = 3  # of images behind each floor
ROUNDS = 2


def main() -> None:
    """Measures and prints cost and floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a .npz file instead of MNIST by its name")
    parser.add_argument("--samples", type=int, default=10_000, help="of the callback")
    parser.add_argument("--steps", type=int, default=10, help="of training, a round")
    asked = parser.parse_args()
    train, _ = load_images("mnist", asked.data)
    test, _ = load_images("mnist", asked.data, split="test")
    extractor = MnistClassifier()
    print(
        f"keras {keras.__version__} on {keras.config.backend()}, {os.cpu_count()} cores, "
        f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}; "
        f"{extractor.name} ({extractor.hash})"
    )
    print(cost(train, test, extractor, asked.samples, asked.steps), flush=True)
    print("images on each side, floor +- standard error over choices of images")
    for size in SIZES:
        floors = [floor(train, test, extractor, size, seed) for seed in range(CHOICES)]
        error = statistics.stdev(floors) / CHOICES**0.5
        print(f"{size:6} {statistics.mean(floors):8.2f} +- {error:.2f}", flush=True)


def cost(
    train: np.ndarray, test: np.ndarray, extractor: MnistClassifier, samples: int, steps: int
) -> str:
    """Returns a line about the callback's share of an epoch."""
    recipe = recipes.get("mnist-classic")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the classic critic has BatchNorm
        model = recipe.build(seed=1)
    recipe.compile(model, steps)
    batch = recipe.settings.batch_size
    some = train[: steps * batch]
    fid = FID(test[:samples], extractor, samples=samples, split="test")
    fid.set_model(model)
    start = time.process_time()
    fid.on_train_begin()
    once = time.process_time() - start
    model.fit(some, batch_size=batch, verbose=0)
    fid.on_epoch_end(0, {})
    training, watching = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        model.fit(some, batch_size=batch, verbose=0)
        training.append(time.process_time() - start)
        start = time.process_time()
        fid.on_epoch_end(0, {})
        watching.append(time.process_time() - start)
    epoch = statistics.median(training) / steps * -(-len(train) // batch)
    seconds = statistics.median(watching)
    return (
        f"mnist-classic: an epoch takes {epoch:.0f} processor seconds; FID of {samples} samples "
        f"{seconds:.1f} an epoch, {seconds / epoch:.1%} of it, and once {once:.1f} for real ones"
    )


def floor(
    train: np.ndarray, test: np.ndarray, extractor: MnistClassifier, size: int, seed: int
) -> float:
    """Returns the distance of a choice of training images to a choice of test images."""
    reference = FrechetReference(random_subset(test, size, seed), extractor, split="test")
    return reference.distance([random_subset(train, size, seed)])


if __name__ == "__main__":
    main()
