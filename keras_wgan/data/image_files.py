"""How is an `.npz` file of images read without trusting it?"""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .image_arrays import Images, as_images


def read_npz(name: str, path: Path, split: str) -> Images:
    """Reads one split of a Keras-format `.npz` file.

    Args:
        name: What the user calls the data set.
        path: The file.
        split: "train" or "test".

    Returns:
        (n, height, width, channels) float32 in [-1, 1], and (n,) int64.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is broken, needs pickle, or holds something else.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f'There is no file at `path` for the images "{name}". Received: path={str(path)!r}'
        )
    pixels, labels = _read_arrays(path, (f"x_{split}", f"y_{split}"))
    return as_images(pixels, labels, f'the "{split}" part of {path}')


def _read_arrays(path: Path, names: tuple[str, str]) -> tuple[NDArray[Any], NDArray[Any]]:
    if not _starts_as_zip(path):
        raise ValueError(
            f"{path} is not an .npz archive. Write one with numpy.savez_compressed(path, "
            "x_train=..., y_train=..., x_test=..., y_test=...)."
        )
    try:
        # Opened here, because numpy.load leaves the file open where the archive is broken.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [name for name in names if name not in archive.files]
            if missing:
                raise ValueError(
                    f"{path} must hold the arrays {_listed(names)}, but it holds "
                    f"{_listed(archive.files)}."
                )
            pixels, labels = (_read_array(archive, name, path) for name in names)
            return pixels, labels
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise ValueError(
            f"{path} is broken or cut short ({error}). Copy or download it again."
        ) from error


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"  # NumPy would take any other file for a pickle


def _read_array(archive: Any, name: str, path: Path) -> NDArray[Any]:
    try:
        array = archive[name]
    except ValueError as error:
        reason = "needs pickle, which can run code" if "pickle" in str(error) else str(error)
        raise ValueError(
            f"The array {name} of {path} cannot be read: it {reason}. Save plain number arrays."
        ) from error
    if not isinstance(array, np.ndarray):  # a member that is not an array comes as bytes
        raise ValueError(f"The member {name} of {path} is not a NumPy array.")
    return array


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
