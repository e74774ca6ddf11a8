"""Images to train on: a named data set, scikit-learn's digits, or a file."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keras_wgan.data.image_arrays import Images, read_npz
from keras_wgan.data.tfds import read_image_set
from keras_wgan.errors import InvalidInputError, MissingPackageError

DIGITS_TEST_SIZE = 297  # of 1797, which leaves 1500 for training
_DIGITS_WHITE = 16.0  # scikit-learn's digits count 4x4 blocks of binary pixels: 0 to 16
_SIDE = 28  # pixels, like MNIST, for the same networks


def load_images(
    name: str, path: str | os.PathLike[str] | None = None, *, split: str = "train"
) -> Images:
    """Loads images scaled to [-1, 1], the range of a tanh generator.

    `name="digits"` loads the 1797 handwritten digits of scikit-learn, without a network: 8x8
    pixels, resized to 28x28 with cubic splines, the last 297 for testing. Any other name is a data
    set of tensorflow-datasets, which is downloaded once into the cache folder (`KERAS_WGAN_CACHE`).
    Without a network, the download fails after some minutes.

    Example:
    ```python
    from keras_wgan.data import load_images

    images, labels = load_images("digits")
    assert images.shape == (1500, 28, 28, 1)
    assert images.min() == -1.0 and images.max() == 1.0
    ```

    Args:
        name: `"digits"`, or an image data set of tensorflow-datasets such as `"mnist"`,
            `"fashion_mnist"` or `"cifar10"`. With `path`, it is only used in messages.
        path: A `.npz` file in Keras' format to read instead, with `x_train`, `y_train`, `x_test`
            and `y_test`; pixels are uint8, (n, height, width) or (n, height, width, channels).
            Pickled arrays are refused. Defaults to `None`.
        split: `"train"` or `"test"`. Defaults to `"train"`.

    Returns:
        A pair `(images, labels)`: (n, height, width, channels) float32 in [-1, 1] and (n,) int64.

    Raises:
        ValueError: If the name is unknown, or the data is not uint8 images with one integer label
            each.
        FileNotFoundError: If there is no file at `path`.
        ConnectionError: If the data set could not be downloaded.
        ImportError: If the package that reads the data set is not installed.

    Reference:
        [TensorFlow Datasets](https://www.tensorflow.org/datasets/catalog/overview);
        [UCI Optical Recognition of Handwritten Digits](https://doi.org/10.24432/C50P49).
    """
    if split not in ("train", "test"):
        raise InvalidInputError(f'`split` must be "train" or "test". Received: split={split!r}')
    if path is not None:
        return read_npz(name, Path(path), split)
    if name == "digits":
        return _digits(split)
    return read_image_set(name, split)


def _digits(split: str) -> Images:
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingPackageError(
            '`name="digits"` needs scikit-learn: pip install scikit-learn'
        ) from error
    bunch = load_digits()
    chosen = slice(None, -DIGITS_TEST_SIZE) if split == "train" else slice(-DIGITS_TEST_SIZE, None)
    small: NDArray[np.float64] = bunch.images[chosen] / _DIGITS_WHITE
    images = np.stack([_enlarge(image) for image in small])
    return (images * 2.0 - 1.0).astype(np.float32)[..., None], bunch.target[chosen].astype(np.int64)


def _enlarge(image: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.ndimage import zoom

    # grid_mode treats pixels as small squares instead of points, which keeps the borders.
    large = zoom(image, _SIDE / len(image), order=3, mode="nearest", grid_mode=True)
    return np.clip(large, 0.0, 1.0)  # cubic splines overshoot at sharp edges
