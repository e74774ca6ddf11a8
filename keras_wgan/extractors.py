"""Which network's features are compared in a Frechet distance of images?"""

import hashlib
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.data.cache import cache_folder

VERSION = 1  # of the digit classifier's layers and training: part of the cached file's name
INCEPTION_SIZE = 299  # the input that InceptionV3 was trained on (Szegedy et al. 2015)


class DigitClassifier:
    """The features of a small classifier that is trained on the real, labelled images.

    Inception's features were made for photographs; for digits the authors of the Frechet distance
    advise a classifier of the data itself. It trains once, on first use, and is then kept on disk
    under a name made of the hash of its data and seed, so that later runs compare.

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
        labels: `(n,)` whole numbers from 0 on.
        epochs: How often it sees the images. Defaults to `2`.
        seed: Fixes weights, masks and order. Defaults to `0`.

    Raises:
        ValueError: If there are not as many labels as images.

    Reference:
        Heusel et al. (2017), for the distance; LeCun et al. (1998), for the layers.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, *, epochs: int = 2, seed: int = 0
    ) -> None:
        if len(images) != len(labels):
            raise ValueError(
                "`labels` must hold one label for each image. "
                f"Received: {len(labels)} labels for {len(images)} images"
            )
        self.images, self.labels, self.epochs, self.seed = images, labels, epochs, seed
        self.classifier: keras.Model | None = None
        self.features: keras.Model | None = None

    @property
    def name(self) -> str:
        """The name for a protocol: what it is, and the hash of what it was made from."""
        return f"digit-classifier-v{VERSION}-{self._hash()}"

    @property
    def path(self) -> Path:
        """Where the trained classifier is kept."""
        return cache_folder() / "extractors" / f"{self.name}.keras"

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 128)` features: what the last hidden layer makes of the images."""
        if self.features is None:  # made once, because each model compiles a `predict` of its own
            classifier = self._classifier()
            self.features = keras.Model(classifier.inputs, classifier.layers[-2].output)
        return np.asarray(self.features.predict(images, batch_size=256, verbose=0))

    def _classifier(self) -> keras.Model:
        if self.classifier is None:
            if self.path.exists():
                self.classifier = keras.saving.load_model(self.path)
            else:
                self.classifier = self._train()
                _save_atomically(self.classifier, self.path)
        return self.classifier

    def _train(self) -> keras.Model:
        classes = int(self.labels.max()) + 1
        classifier = _lenet(self.images.shape[1:], classes, self.seed)
        classifier.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        batches = ShuffledBatches(self.images, self.labels, batch_size=128, seed=self.seed)
        print(f"Training the digit classifier for the Frechet distance ({self.name}), once.")
        classifier.fit(batches, epochs=self.epochs, shuffle=False, verbose=2)
        return classifier

    def _hash(self) -> str:
        digest = hashlib.sha256(np.ascontiguousarray(self.images).tobytes())
        digest.update(np.ascontiguousarray(self.labels).tobytes())
        digest.update(f"{self.images.shape} {self.epochs} {self.seed}".encode())
        return digest.hexdigest()[:12]


class Inception:
    """The 2048 pooled features of Keras' InceptionV3.

    These are not the weights of the original Frechet Inception distance: numbers made with them do
    not compare with published ones. Grey images are copied to three channels, all are resized to
    299 x 299 with antialiasing.

    Example:
    ```python
    from keras_wgan.extractors import Inception

    extractor = Inception()  # nothing is loaded before the first call
    assert extractor.name == "keras-inception-v3-imagenet"
    ```

    Args:
        weights: `"imagenet"`, which Keras downloads, or the path of a file of InceptionV3 weights
            without the top. Defaults to `"imagenet"`.

    Raises:
        OSError: On the first call, if the weights cannot be had.

    Reference:
        Szegedy et al. (2015), Rethinking the Inception Architecture; `keras.applications`.
    """

    def __init__(self, weights: str | os.PathLike[str] | None = "imagenet") -> None:
        self.weights = None if weights is None else str(weights)
        self.model: keras.Model | None = None

    @property
    def name(self) -> str:
        """The name for a protocol."""
        kind = "random" if self.weights is None else Path(self.weights).stem
        return f"keras-inception-v3-{kind}"

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 2048)` features of `(n, height, width, 1 or 3)` images in [-1, 1]."""
        if self.model is None:
            self.model = self._load()
        colored = np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
        # Keras' InceptionV3 wants [-1, 1], which is what the images are in.
        resized = ops.image.resize(
            colored, (INCEPTION_SIZE, INCEPTION_SIZE), interpolation="bicubic", antialias=True
        )
        return np.asarray(ops.convert_to_numpy(self.model(resized, training=False)))

    def _load(self) -> keras.Model:
        if self.weights not in (None, "imagenet") and not Path(str(self.weights)).exists():
            raise FileNotFoundError(
                "`weights` must be 'imagenet' or the path of a file of InceptionV3 weights "
                f"without the top. There is no such file: {self.weights}"
            )
        try:
            return keras.applications.InceptionV3(
                include_top=False, weights=self.weights, pooling="avg"
            )
        except Exception as error:
            raise OSError(
                "The InceptionV3 weights could not be loaded. Without a network pass "
                "`Inception(weights='path/to/weights.h5')`, or use `DigitClassifier`, which trains "
                f"on your own images. Received: weights={self.weights}. What went wrong: {error}"
            ) from error


def _lenet(shape: tuple[int, ...], classes: int, seed: int) -> keras.Model:
    """Returns a small convolutional classifier whose last hidden layer has 128 features."""

    def weights(offset: int) -> dict[str, Any]:
        return {"kernel_initializer": keras.initializers.GlorotUniform(seed=seed + offset)}

    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 5, activation="relu", **weights(1)),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 5, activation="relu", **weights(2)),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3, seed=seed),
            layers.Dense(128, activation="relu", **weights(3)),
            layers.Dense(classes, activation="softmax", **weights(4)),
        ],
        name="digit_classifier",
    )


def _save_atomically(model: keras.Model, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        model.save(unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
