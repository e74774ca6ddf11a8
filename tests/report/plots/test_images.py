"""Grids of images show each image at its place."""

import numpy as np
import pytest

from keras_wgan.report import image_grid
from keras_wgan.report.plots.style import DOTS_PER_INCH


def test_the_grid_places_images_row_by_row_with_white_between():
    images = np.stack([np.full((2, 3, 1), value) for value in (-1.0, 0.0, 1.0, -0.5, -9.0)])
    (axes,) = image_grid(images, columns=2).axes
    sheet = axes.images[0].get_array()
    assert sheet.shape == (3 * 3 - 1, 2 * 4 - 1, 3)
    assert np.all(sheet[0:2, 0:3] == 0.0)
    assert np.all(sheet[0:2, 4:7] == 0.5)
    assert np.all(sheet[3:5, 0:3] == 1.0)
    assert np.all(sheet[3:5, 4:7] == 0.25)
    assert np.all(sheet[6:8, 0:3] == 0.0)  # -9 is beyond the range, and black
    assert np.all(sheet[6:8, 4:7] == 1.0)  # nothing left to show
    assert np.all(sheet[2] == 1.0)
    assert np.all(sheet[:, 3] == 1.0)
    assert not axes.axison


def test_the_grid_keeps_colors():
    red = np.full((1, 2, 2, 3), -1.0, dtype=np.float32)
    red[..., 0] = 1.0
    sheet = image_grid(red, columns=8).axes[0].images[0].get_array()
    assert sheet.shape == (2, 2, 3)
    assert np.all(sheet == [1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("images", "columns", "message"),
    [
        (np.zeros((4, 8, 8)), 2, r"`images` must have the shape .*\(4, 8, 8\)"),
        (np.zeros((4, 8, 8, 2)), 2, r"with 1 or 3 channels.*\(4, 8, 8, 2\)"),
        (np.zeros((0, 8, 8, 1)), 2, r"`images` must have the shape .*\(0, 8, 8, 1\)"),
        (np.zeros((4, 8, 8, 1), np.uint8), 2, r"floats in \[-1, 1\].*uint8"),
        (np.full((4, 8, 8, 1), np.nan), 2, "`images` must be finite"),
        (
            np.zeros((4, 8, 8, 1)),
            0,
            "`columns` must be a whole number of at least 1. Received: columns=0",
        ),
    ],
)
def test_unusable_images_are_refused_by_name(images, columns, message):
    with pytest.raises(ValueError, match=message):
        image_grid(images, columns)


def test_labels_and_title_stand_beside_the_images_and_leave_their_pixels_whole():
    images = np.zeros((6, 4, 4, 1))
    plain = image_grid(images, columns=2)
    labeled = image_grid(images, columns=2, title="Epoch 3", row_labels=["0", "1", "2"])
    assert [text.get_text() for text in labeled.texts] == ["Epoch 3", "0", "1", "2"]
    dots = [figure.axes[0].get_position().width * figure.get_figwidth() * DOTS_PER_INCH
            for figure in (plain, labeled)]  # fmt: skip
    assert dots[0] == pytest.approx(dots[1])
    heights = [text.get_position()[1] for text in labeled.texts]
    assert heights == sorted(heights, reverse=True)


def test_labels_must_be_as_many_as_rows():
    with pytest.raises(ValueError, match="a label for each of the 3 rows. Received: 2 labels"):
        image_grid(np.zeros((6, 4, 4, 1)), columns=2, row_labels=["0", "1"])
