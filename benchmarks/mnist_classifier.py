"""The training of the digit classifier that comes with the package.

    python -m benchmarks.mnist_classifier                       # MNIST by its name
    python -m benchmarks.mnist_classifier --data mnist.npz      # from a file in Keras' format
    python -m benchmarks.mnist_classifier --write               # puts the weights into the package

Prints the accuracy on MNIST's test images, in single precision and with the weights rounded to half
precision as in the package, wall and processor seconds, and the hash of the data.
"""

import argparse
import os
import platform
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from keras_wgan.data import load_images
from keras_wgan.extractors import mnist_classifier
from keras_wgan.extractors.features import array_hash
from keras_wgan.extractors.lenet import trained_lenet
from keras_wgan.io.files import write_atomically


def main() -> None:
    """Trains, prints the results, and with `--write` writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a .npz file instead of MNIST by its name")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    asked = parser.parse_args()
    images, labels = load_images("mnist", asked.data)
    wall, processor = time.perf_counter(), time.process_time()
    classifier = trained_lenet(images, labels, epochs=asked.epochs, seed=asked.seed)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    test = load_images("mnist", asked.data, split="test")
    exact = accuracy(classifier, *test)
    rounded = [np.asarray(w, "float16").astype("float32") for w in classifier.get_weights()]
    classifier.set_weights(rounded)
    facts = {
        "data": f"MNIST, {len(images)} training images",
        "data_hash": array_hash(images, labels),
        "epochs": asked.epochs,
        "seed": asked.seed,
        "test_accuracy": accuracy(classifier, *test),
        "keras": f"{keras.__version__} on {keras.config.backend()}",
    }
    content = mnist_classifier.weights_file(classifier, facts)
    print(
        f"{facts['keras']}, {platform.machine()}, {os.cpu_count()} cores, {wall:.0f} s of wall "
        f"time, {processor:.0f} s of processor time"
    )
    print(f"test accuracy {exact:.4f}, with weights in half precision {facts['test_accuracy']:.4f}")
    print(f"data {facts['data_hash']}; the file of weights has {len(content) / 1e3:.0f} kB")
    if asked.write:
        path = Path(mnist_classifier.__file__).with_name(mnist_classifier.FILE)
        write_atomically(path, content)
        print(f"Wrote {path}")


def accuracy(classifier: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Returns the share of images whose label has the highest score."""
    scores = classifier.predict(images, batch_size=500, verbose=0)
    return float(np.mean(scores.argmax(axis=-1) == labels))


if __name__ == "__main__":
    main()
