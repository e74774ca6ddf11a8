"""The small classifier of digits, its training, and the features of its last hidden layer."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import keras
import numpy as np
from keras import layers

from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.extractors.features import features_of

FEATURES = 128
BATCH = 128
# With these, five epochs and seed 0, benchmarks/mnist_classifier.py measures an accuracy of 99.48%
# on MNIST's test images.
LEARNING_RATE = 2e-3
SHIFT = 2  # pixels, to each side


class ClassifierExtractor(ABC):
    """An extractor whose features are those of the last hidden layer of a classifier."""

    value_range = "[-1, 1]"

    @property
    @abstractmethod
    def name(self) -> str:
        """The name for a protocol."""

    @cached_property
    @abstractmethod
    def classifier(self) -> keras.Model:
        """The classifier, made on first use."""

    @cached_property
    def features(self) -> keras.Model:
        """The classifier without its last layer."""
        return keras.Model(self.classifier.inputs[0], self.classifier.layers[-2].output)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 128)` features of `(n, height, width, channels)` images in [-1, 1]."""
        return features_of(self.features, images)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, classes)` probabilities of the classes, as `classifier_score` takes them."""
        return features_of(self.classifier, images)


def lenet(shape: tuple[int, ...], classes: int, seed: int) -> keras.Model:
    """Returns an untrained convolutional classifier whose last hidden layer has 128 features.

    It is in single precision whatever the generator trains in, so that numbers compare.
    """
    exact = {"dtype": "float32"}

    def weights(offset: int) -> dict[str, Any]:
        initializer = keras.initializers.GlorotUniform(seed=seed + offset)
        return {"kernel_initializer": initializer, **exact}

    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 5, activation="relu", **weights(1)),
            layers.MaxPooling2D(**exact),
            layers.Conv2D(64, 5, activation="relu", **weights(2)),
            layers.MaxPooling2D(**exact),
            layers.Flatten(**exact),
            layers.Dropout(0.3, seed=seed, **exact),
            layers.Dense(FEATURES, activation="relu", **weights(3)),
            layers.Dense(classes, activation="softmax", **weights(4)),
        ],
        name="digit_classifier",
    )


def trained_lenet(images: np.ndarray, labels: np.ndarray, *, epochs: int, seed: int) -> keras.Model:
    """Returns the classifier trained on images in [-1, 1]; prints a line for each epoch."""
    classifier = lenet(images.shape[1:], int(labels.max()) + 1, seed)
    batches = ShiftedBatches(images, labels, batch_size=BATCH, seed=seed)
    decay = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, epochs * len(batches))
    classifier.compile(
        keras.optimizers.Adam(decay), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    lines = _EpochLines()
    classifier.fit(batches, epochs=epochs, shuffle=False, verbose=0, callbacks=[lines])
    return classifier


class _EpochLines(keras.callbacks.Callback):
    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        accuracy = (logs or {}).get("accuracy", 0.0)
        number = f"{epoch + 1}/{self.params['epochs']}"
        print(f"Classifier of the Frechet distance, epoch {number}  accuracy {accuracy:.3f}")


class ShiftedBatches(ShuffledBatches):
    """Shuffled batches whose images are moved by up to two pixels, over a black background."""

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        images, labels = super().__getitem__(index)
        rng = np.random.default_rng([self.seed, self.epoch, index])
        return shifted(images, rng.integers(0, 2 * SHIFT + 1, (len(images), 2))), labels


def shifted(images: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Returns each image cut from its own black frame at an offset; (2, 2) leaves it in place."""
    count, height, width = images.shape[:3]
    frame = ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0))
    framed = np.pad(images, frame, constant_values=-1.0)
    rows = offsets[:, :1] + np.arange(height)
    columns = offsets[:, 1:] + np.arange(width)
    cut: np.ndarray = framed[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None]]
    return cut
