"""Image data sets of tensorflow-datasets."""

import re
import reprlib
import sys
from typing import Any

import numpy as np

from keras_wgan.data.image_arrays import Images, as_images
from keras_wgan.errors import InvalidInputError, MissingPackageError, ServiceError
from keras_wgan.io.files import cache_folder

_OFFLINE = (
    'Without a network use `name="digits"`, or `path=` with an .npz file that holds x_train, '
    "y_train, x_test and y_test."
)
# Data set, config and version. The package treats other names as paths or as foreign code.
_NAME = re.compile(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?(:[0-9.*]+)?")


def read_image_set(name: str, split: str) -> Images:
    """Reads one split of an image data set, downloading it the first time."""
    try:
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise _missing_part(error) from error
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    builder = _find(tfds, name)
    _download(builder, name)
    try:
        data = builder.as_dataset(split=split, batch_size=-1, as_supervised=True)
        pixels, labels = tfds.as_numpy(data)
    except ImportError as error:
        raise _missing_part(error) from error
    except Exception as error:  # its readers share no error class
        raise InvalidInputError(
            f'The "{split}" part of the data set {name!r} cannot be read as images of one size '
            f"with one label each: {_first_line(error)}"
        ) from error
    return as_images(
        np.asarray(pixels), np.asarray(labels), f'the "{split}" part of the data set {name!r}'
    )


def _find(tfds: Any, name: str) -> Any:
    unknown = InvalidInputError(
        '`name` must be "digits" or a data set of tensorflow-datasets, such as "mnist", '
        f'"fashion_mnist" or "cifar10". Received: name={reprlib.repr(name)}'
    )
    if not _NAME.fullmatch(name):
        raise unknown
    try:
        return tfds.builder(name, data_dir=cache_folder() / "tensorflow_datasets")
    except ImportError as error:
        raise _missing_part(error) from error
    except ValueError as error:  # such as DatasetNotFoundError, which lists the whole catalog
        raise unknown from error


def _download(builder: Any, name: str) -> None:
    try:
        builder.download_and_prepare()
    except ImportError as error:
        raise _missing_part(error) from error
    except Exception as error:  # the errors of all its download libraries
        offline = isinstance(error, OSError) or type(error).__name__ == "DownloadError"
        raise (ServiceError if offline else InvalidInputError)(
            f"The data set {name!r} could not be downloaded: {_first_line(error)}. {_OFFLINE}"
        ) from error


def _missing_part(error: ImportError) -> ImportError:
    missing = error.name or "tensorflow_datasets"
    return MissingPackageError(
        f"Image data sets by name need tensorflow-datasets, and the module {missing} is missing: "
        f"pip install tensorflow-datasets {missing}".removesuffix(" tensorflow_datasets")
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
