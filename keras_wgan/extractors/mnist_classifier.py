"""The digit classifier that comes with the package, and the check that images are MNIST's."""

import hashlib
import io
import json
from functools import cached_property
from importlib import resources
from typing import Any

import keras
import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.extractors.features import HASH_DIGITS
from keras_wgan.extractors.lenet import ClassifierExtractor, lenet

FILE = "mnist_classifier.npz"
SHAPE = (28, 28, 1)
CLASSES = 10
COUNT = 60_000  # training images of MNIST
INK = "1e494dca79c7"  # their `ink_hash`


class MnistClassifier(ClassifierExtractor):
    """The 128 features of a digit classifier that comes with the package.

    It was trained on MNIST's training images and recognizes 99.5% of its test images. The weights
    (half a megabyte) are the same everywhere, so that numbers compare between machines and nothing
    has to be trained first. `python -m benchmarks.mnist_classifier` makes the file again.

    Example:
    ```python
    from keras_wgan.data import load_images
    from keras_wgan.extractors import MnistClassifier

    images, labels = load_images("digits")  # not MNIST's, but digits
    classifier = MnistClassifier()
    assert classifier(images[:5]).shape == (5, 128)
    assert (classifier.probabilities(images[:5]).argmax(axis=-1) == labels[:5]).mean() > 0.5
    ```

    Reference:
        LeCun et al. (1998), for data and layers; Heusel et al. (2017), for the distance.
    """

    name = "mnist-classifier"
    channels = "1"

    def __init__(self) -> None:
        self._content = resources.files(__package__).joinpath(FILE).read_bytes()

    @cached_property
    def hash(self) -> str:
        """Hash of the file of weights."""
        return hashlib.sha256(self._content).hexdigest()[:HASH_DIGITS]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """How the weights were made: data and its hash, settings, accuracy on test images."""
        with np.load(io.BytesIO(self._content), allow_pickle=False) as archive:
            facts: dict[str, Any] = json.loads(str(archive["facts"]))
        return facts

    @cached_property
    def classifier(self) -> keras.Model:
        """The classifier, read from the package on first use."""
        classifier = lenet(SHAPE, CLASSES, seed=0)
        with np.load(io.BytesIO(self._content), allow_pickle=False) as archive:
            names = sorted(set(archive) - {"facts"})
            classifier.set_weights([archive[name].astype("float32") for name in names])
        return classifier

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 128)` features of `(n, 28, 28, 1)` images in [-1, 1]."""
        return super().__call__(_checked(images))

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 10)` probabilities of the digits, as `classifier_score` takes them."""
        return super().probabilities(_checked(images))


def is_mnist(images: np.ndarray) -> bool:
    """Returns whether `(n, height, width, channels)` images in [-1, 1] are MNIST's training set."""
    return images.shape == (COUNT, *SHAPE) and ink_hash(images) == INK


def ink_hash(images: np.ndarray) -> str:
    """Returns a hash of which pixels are brighter than half, whatever the order of the images."""
    ink = np.packbits(images.reshape(len(images), -1) > 0, axis=1)
    return hashlib.sha256(b"".join(sorted(map(bytes, ink)))).hexdigest()[:HASH_DIGITS]


def weights_file(classifier: keras.Model, facts: dict[str, Any]) -> bytes:
    """Returns the content of a file of weights, in half precision, as this class reads it."""
    arrays = {
        f"weight_{place}": weight.astype("float16")
        for place, weight in enumerate(classifier.get_weights())
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, facts=np.array(json.dumps(facts)), **arrays)
    return buffer.getvalue()


def _checked(images: np.ndarray) -> np.ndarray:
    if images.shape[1:] != SHAPE:
        raise InvalidInputError(
            "`images` must be digits of 28 x 28 pixels and one channel, in [-1, 1]. "
            f"Received: images.shape={images.shape}. For others train a `DigitClassifier`."
        )
    return images
