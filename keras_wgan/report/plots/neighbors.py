"""Generated images next to their nearest training images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from keras_wgan.report.plots.images import GAP, image_grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AT_ONCE = 10_000  # training images whose distances are held at a time


def neighbors_picture(
    samples: NDArray[np.floating], training: NDArray[np.floating], neighbors: int = 7
) -> Figure:
    """Draws a row for each sample: the sample, a gap, and its nearest training images.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import neighbors_picture

    images = np.random.default_rng(0).uniform(-1, 1, size=(20, 8, 8, 1))
    figure = neighbors_picture(images[:3], images, neighbors=4)
    assert figure.axes[0].images[0].get_array().shape == (3 * 9 - 1, 6 * 9 - 1, 3)
    ```

    Args:
        samples: `(n, height, width, channels)` floats in [-1, 1].
        training: `(m, height, width, channels)`, at least `neighbors` of them.
        neighbors: The number of training images for each sample. Defaults to `7`.

    Returns:
        A Matplotlib figure.
    """
    gap = np.full_like(samples[:1], GAP)
    near = nearest(samples, training, neighbors)
    rows = [
        np.concatenate([sample[None], gap, training[of]])
        for sample, of in zip(samples, near, strict=True)
    ]
    title = "Left: a sample. Right: its nearest training images"
    return image_grid(np.concatenate(rows), neighbors + 2, title=title)


def nearest(
    samples: NDArray[np.floating], training: NDArray[np.floating], neighbors: int
) -> NDArray[np.intp]:
    """Returns `(n, neighbors)` indices of the training images nearest to samples in pixels."""
    wanted = np.reshape(samples, (len(samples), -1)).astype("float64")
    flat = np.reshape(training, (len(training), -1))
    squares = [
        (block**2).sum(axis=1) - 2.0 * wanted @ block.T  # without |sample|^2, the same in a row
        for block in (
            flat[start : start + AT_ONCE].astype("float64")
            for start in range(0, len(flat), AT_ONCE)
        )
    ]
    return np.argsort(np.concatenate(squares, axis=1), axis=1)[:, :neighbors]
