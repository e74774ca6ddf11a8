"""Pictures of images in series: neighbors, animations, distances, and the page of all."""

import base64

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from keras_wgan.metrics import Measurement, Protocol
from keras_wgan.report.pages.images import ImagePicture, ImageReport, write_image_page
from keras_wgan.report.plots.animation import LAST_FRAME, animate
from keras_wgan.report.plots.frechet import frechet_picture
from keras_wgan.report.plots.neighbors import nearest, neighbors_picture

PROTOCOL = Protocol(
    metric="frechet distance",
    extractor="mnist-classifier",
    extractor_hash="5e8f",
    resize="none",
    value_range="[-1, 1]",
    channels="1",
    data="0b2a",
    split="train",
    real=60_000,
    generated=1000,
    seed=0,
)
HISTORY = pd.DataFrame(
    {"epoch": [0, 1, 2], "fid": [np.inf, 50.0, 50.0], "fid_fresh": [1.0, 1.0, 0.0]}
)


def test_the_nearest_training_images_are_those_of_the_smallest_distance():
    rng = np.random.default_rng(0)
    training, samples = rng.uniform(-1, 1, (50, 4, 3, 1)), rng.uniform(-1, 1, (5, 4, 3, 1))
    distances = np.sqrt(((samples[:, None] - training[None]) ** 2).sum(axis=(2, 3, 4)))
    np.testing.assert_array_equal(
        nearest(samples, training, 3), np.argsort(distances, axis=1)[:, :3]
    )


def test_a_copy_is_next_to_its_original():
    training = np.random.default_rng(1).uniform(-1, 1, (30, 4, 4, 1))
    sheet = neighbors_picture(training[[7]], training, 2).axes[0].images[0].get_array()
    np.testing.assert_array_equal(sheet[:, :4], sheet[:, 10:14])
    assert (sheet[:, 4:10] == 1.0).all()


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


def test_the_frechet_picture_has_fresh_finite_epochs_the_floor_and_the_error_bar():
    watched = Measurement.of_repeats([34.0, 36.0], floor=8.0, protocol=PROTOCOL)
    axes = frechet_picture(HISTORY, watched).axes[0]
    assert axes.lines[0].get_xydata().tolist() == [[2.0, 50.0]]
    ((segment,),) = [bar.get_segments() for bar in axes.containers[0].lines[2]]
    assert segment.tolist() == [[3.0, 33.0], [3.0, 37.0]]
    assert [8.0, 8.0] in [list(line.get_ydata()) for line in axes.lines]
    assert axes.get_yscale() == "log"


def test_the_page_holds_verdict_pictures_and_protocol_and_fetches_nothing(tmp_path):
    picture = tmp_path / "samples.png"
    Image.new("L", (4, 4)).save(picture)
    content = ImageReport(
        title="run <1>",
        source="mnist",
        verdict=["Distance 12.0 +- 0.1"],
        pictures=[ImagePicture("Samples", picture, "What came out.")],
        settings={"batch_size": 128},
        protocol={"measured": {"extractor": "mnist-classifier"}},
    )
    page = write_image_page(tmp_path / "report.html", content).read_text(encoding="utf-8")
    assert "run &lt;1&gt;" in page
    assert "Distance 12.0 +- 0.1" in page
    assert base64.b64encode(picture.read_bytes()).decode() in page
    assert "measured.extractor" in page and "mnist-classifier" in page
    assert "http:" not in page and "https:" not in page and "<script" not in page
