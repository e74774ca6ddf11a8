"""How is an `.npz` file of images read without trusting it?"""

from pathlib import Path

from .image_arrays import Images, as_images
from .npz_arrays import read_npz_arrays


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
        ValueError: If the file is broken, needs pickle, takes over 2 GiB, or holds something else.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f'There is no file at `path` for the images "{name}". Received: path={str(path)!r}'
        )
    pixels, labels = (f"x_{split}", f"y_{split}")
    arrays = read_npz_arrays(path, (pixels, labels))
    return as_images(arrays[pixels], arrays[labels], f'the "{split}" part of {path}')
