"""The extractor that is trained on the labeled images whose features it makes."""

from functools import cached_property
from pathlib import Path

import keras
import numpy as np

from keras_wgan.errors import InvalidInputError
from keras_wgan.extractors.features import array_hash
from keras_wgan.extractors.lenet import ClassifierExtractor, trained_lenet
from keras_wgan.io.console import without_start_up_noise
from keras_wgan.io.files import atomic_path, cache_folder

VERSION = 2  # of the layers and the training: part of the cached file's name


class DigitClassifier(ClassifierExtractor):
    """The 128 features of a small classifier that is trained on real, labeled images.

    Inception's features were made for photographs; for digits the authors of the Frechet distance
    advise a classifier of the data itself. It trains once, on first use, and is then kept on disk
    under a name with the hash of its data and settings, so that later runs compare. For MNIST
    itself, `MnistClassifier` comes trained.

    Example:
    ```python
    import os
    import tempfile

    from keras_wgan.data import load_images
    from keras_wgan.extractors import DigitClassifier

    images, labels = load_images("digits")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KERAS_WGAN_CACHE"] = folder
        extractor = DigitClassifier(images[:64], labels[:64], epochs=1)
        assert extractor(images[:5]).shape == (5, 128)
        del os.environ["KERAS_WGAN_CACHE"]
    ```

    Args:
        images: `(n, height, width, channels)` real images in [-1, 1].
        labels: `(n,)` whole numbers from 0.
        epochs: How often it sees the images. Defaults to `5`.
        seed: Fixes weights, masks, shifts and order. Defaults to `0`.

    Raises:
        ValueError: If there are not as many labels as images.

    Reference:
        Heusel et al. (2017), for the distance; LeCun et al. (1998), for the layers.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, *, epochs: int = 5, seed: int = 0
    ) -> None:
        if len(images) != len(labels):
            raise InvalidInputError(
                "`labels` must hold one label for each image. "
                f"Received: {len(labels)} labels for {len(images)} images"
            )
        self.images, self.labels, self.epochs, self.seed = images, labels, epochs, seed

    @cached_property
    def hash(self) -> str:
        """Hash of the data and settings that it is trained with."""
        return array_hash(self.images, self.labels, settings=f"{self.epochs} {self.seed}")

    @property
    def name(self) -> str:
        """The name for a protocol, which contains the hash."""
        return f"digit-classifier-v{VERSION}-{self.hash}"

    @property
    def channels(self) -> str:
        """How many channels it sees."""
        return str(self.images.shape[-1])

    @property
    def path(self) -> Path:
        """Where the trained classifier is kept."""
        return cache_folder() / "extractors" / f"{self.name}.keras"

    @cached_property
    def classifier(self) -> keras.Model:
        """The classifier, read from disk or trained on first use."""
        if self.path.exists():
            return keras.saving.load_model(self.path)
        print(f"Training the digit classifier for the Frechet distance ({self.name}), once")
        classifier = trained_lenet(self.images, self.labels, epochs=self.epochs, seed=self.seed)
        # Keras loads more than its backend to save.
        with atomic_path(self.path) as unfinished, without_start_up_noise():
            classifier.save(unfinished)
        return classifier
