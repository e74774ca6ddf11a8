"""Grids of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.report.plots.style import DOTS_PER_INCH, PLAIN, TEXT, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 900  # dots, about
TITLE_HEIGHT = 44  # dots
LETTER = 22  # dots, about, of the font below
LETTERING: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 11, "color": TEXT}
GAP = 1.0  # white, between images: the value that is white in [-1, 1]


def image_grid(
    images: ArrayLike, columns: int, *, title: str = "", row_labels: Sequence[str] = ()
) -> Figure:
    """Draws images row by row, with one white pixel between them and no frames.

    Values beyond [-1, 1], as of a generator without a tanh, are drawn black or white.

    Example:
    ```python
    import numpy as np
    from keras_wgan.report import image_grid

    images = np.random.default_rng(0).uniform(-1, 1, size=(6, 8, 8, 1))
    figure = image_grid(images, columns=3)
    assert figure.axes[0].images[0].get_array().shape == (2 * 9 - 1, 3 * 9 - 1, 3)
    ```

    Args:
        images: Floats in [-1, 1] of shape `(n, height, width, channels)`, with 1 channel (gray)
            or 3 (red, green, blue).
        columns: The number of images in one row.
        title: A line above the images. Defaults to `""`, none.
        row_labels: A text before each row. Defaults to none.

    Returns:
        A Matplotlib figure. Empty places in the last row are white.

    Raises:
        ValueError: If `images` has another shape, whole numbers, NaN or infinity, or if `columns`
            is below 1, or the number of
            `row_labels` is not that of the rows.
    """
    pixels = np.asarray(images)
    _refuse_unusable(pixels, columns)
    sheet = _sheet(pixels.astype(np.float64), min(columns, len(pixels)))
    height, width, _ = sheet.shape
    # A whole number of dots a pixel, or some pixels would come out wider than others.
    scale = max(1, round(WIDTH / width))
    rows = -(-len(pixels) // columns)
    if row_labels and len(row_labels) != rows:
        raise InvalidInputError(
            f"`row_labels` must be a label for each of the {rows} rows. "
            f"Received: {len(row_labels)} labels."
        )
    left = max(map(len, row_labels), default=-1) * LETTER + LETTER
    top = TITLE_HEIGHT if title else 0
    across, down = left + width * scale, top + height * scale
    figure = new_figure(across / DOTS_PER_INCH, down / DOTS_PER_INCH)
    figure.set_layout_engine("none")  # the images fill the figure, there is nothing to lay out
    axes = figure.add_axes((left / across, 0.0, width * scale / across, height * scale / down))
    axes.set_axis_off()
    figure.text(0.5 * (1.0 + left / across), 1.0 - 0.5 * top / down, title, **LETTERING, **PLAIN)
    for row, label in enumerate(row_labels):
        place = 1.0 - (top + (row + 0.5) * height * scale / rows) / down
        figure.text(0.5 * left / across, place, label, **LETTERING, **PLAIN)
    axes.imshow(sheet, interpolation="nearest", aspect="auto")
    return figure


def check_image_shape(name: str, shape: tuple[int, ...]) -> None:
    """Raises ValueError, with the cure for this shape, if it is none of gray or colored images."""
    if len(shape) == 4 and shape[-1] in (1, 3) and 0 not in shape:
        return
    if len(shape) == 3:
        cure = "Add the missing axis with images[..., None]."
    elif len(shape) == 4 and shape[1] in (1, 3):
        cure = "Move the channels to the end with np.moveaxis(images, 1, -1)."
    elif len(shape) == 4:
        cure = "Choose one or three of the channels, such as images[..., :1]."
    else:
        cure = "Samples of this shape cannot be drawn as images."
    raise InvalidInputError(
        f"{name} must have the shape (n, height, width, channels) with 1 or 3 channels. "
        f"Received: a shape of {tuple(shape)}. {cure} In a callback, a `sampler` may do it."
    )


def _refuse_unusable(pixels: NDArray[np.generic], columns: int) -> None:
    check_image_shape("`images`", pixels.shape)
    if not np.issubdtype(pixels.dtype, np.floating):
        raise InvalidInputError(
            "`images` must be floats in [-1, 1]. "
            f"Received: images.dtype={pixels.dtype}. Scale 0..255 with images / 127.5 - 1."
        )
    if not np.isfinite(pixels).all():
        raise InvalidInputError(
            "`images` must be finite. Received: images with NaN or infinity. "
            "Look for a generator that diverged."
        )
    whole_number("columns", columns)


def _sheet(pixels: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """Returns one colored picture of all images, shape `(height, width, 3)` in [0, 1]."""
    count, height, width, channels = pixels.shape
    rows = -(-count // columns)
    sheet = np.full((rows * (height + 1), columns * (width + 1), channels), GAP)
    for index, image in enumerate(pixels):
        top, left = (index // columns) * (height + 1), (index % columns) * (width + 1)
        sheet[top : top + height, left : left + width] = image
    shades = (np.clip(sheet[:-1, :-1], -1.0, 1.0) + 1.0) / 2.0
    return np.broadcast_to(shades, (*shades.shape[:2], 3)).copy()
