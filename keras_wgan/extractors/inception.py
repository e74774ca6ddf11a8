"""The features of Keras' InceptionV3, for photographs."""

import os
from functools import cached_property
from pathlib import Path

import keras
import numpy as np
from keras import ops

from keras_wgan.errors import FileAccessError, InputNotFoundError
from keras_wgan.extractors.features import array_hash, features_of, predict_batch

SIZE = 299  # the input that InceptionV3 was trained on (Szegedy et al. 2015)
BATCH_SIZE = 32  # images of 299 x 299: their activations take about 300 MB


class Inception:
    """The 2048 pooled features of Keras' InceptionV3.

    These are not the weights of the original Frechet Inception distance: numbers made with them do
    not compare with published ones. Gray images are copied to three channels, and all are resized
    to 299 x 299 with antialiasing.

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
        OSError: On first use, if the weights cannot be loaded.

    Reference:
        Szegedy et al. (2015), Rethinking the Inception Architecture; `keras.applications`.
    """

    resize = f"{SIZE}x{SIZE} bicubic, antialiased"
    value_range = "[-1, 1]"
    channels = "3, gray copied"

    def __init__(self, weights: str | os.PathLike[str] | None = "imagenet") -> None:
        self.weights = None if weights is None else str(weights)

    @property
    def name(self) -> str:
        """The name for a protocol."""
        kind = "random" if self.weights is None else Path(self.weights).stem
        return f"keras-inception-v3-{kind}"

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Returns `(n, 2048)` features of `(n, height, width, 1 or 3)` images in [-1, 1]."""
        return features_of(self._features, images, BATCH_SIZE)

    def _features(self, images: np.ndarray) -> np.ndarray:
        single = np.asarray(images, dtype="float32")
        colored = np.repeat(single, 3, axis=-1) if images.shape[-1] == 1 else single
        # Keras' InceptionV3 expects values in [-1, 1], as the images have.
        resized = ops.image.resize(colored, (SIZE, SIZE), interpolation="bicubic", antialias=True)
        return predict_batch(self.model, resized)

    @cached_property
    def hash(self) -> str:
        """Hash of the weights; it loads them."""
        return array_hash(*(ops.convert_to_numpy(weight) for weight in self.model.weights))

    @cached_property
    def model(self) -> keras.Model:
        """The network, loaded on first use."""
        if self.weights not in (None, "imagenet") and not Path(str(self.weights)).exists():
            raise InputNotFoundError(
                "`weights` must be 'imagenet' or the path of a file of InceptionV3 weights "
                f"without the top. There is no such file: {self.weights}"
            )
        chosen = keras.config.dtype_policy()
        keras.config.set_dtype_policy("float32")  # whatever the generator trains in
        try:
            return keras.applications.InceptionV3(
                include_top=False, weights=self.weights, pooling="avg"
            )
        except Exception as error:
            raise FileAccessError(
                "The InceptionV3 weights could not be loaded. Without a network pass "
                "`Inception(weights='path/to/weights.h5')`, or use `DigitClassifier`, which trains "
                "on your own images, or `MnistClassifier`, which comes trained. "
                f"Received: weights={self.weights}. The cause: {error}"
            ) from error
        finally:
            keras.config.set_dtype_policy(chosen)
