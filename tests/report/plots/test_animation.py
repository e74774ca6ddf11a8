"""An animation shows pictures in order."""

import pytest
from PIL import Image

from keras_wgan.report.plots.animation import LAST_FRAME, animate


def test_an_animation_shows_the_pictures_in_order_and_rests_on_the_last(tmp_path):
    pictures = []
    for shade in (0, 120, 250):
        pictures.append(tmp_path / f"{shade}.png")
        Image.new("RGB", (1200, 600), (shade, shade, shade)).save(pictures[-1])
    with Image.open(animate(pictures, tmp_path / "all.gif")) as animation:
        assert (animation.n_frames, animation.size) == (3, (600, 300))
        shades = []
        for place in range(3):
            animation.seek(place)
            shades.append(animation.convert("RGB").getpixel((5, 5))[0])
        assert animation.info["duration"] == LAST_FRAME
    assert shades == pytest.approx([0, 120, 250], abs=4)
