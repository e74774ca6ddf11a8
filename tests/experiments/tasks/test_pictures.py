"""A picture that cannot be drawn costs neither the others nor the result."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.tasks.pictures import losses_of_run, save_pictures
from keras_wgan.metrics import Measurement, Protocol
from keras_wgan.report import frechet_picture, image_grid

GRID = np.zeros((1, 4, 4, 1))
PROTOCOL = Protocol(
    metric="frechet distance", extractor="brightness", extractor_hash="5e8f", resize="none",
    value_range="[-1, 1]", channels="1", data="0b2a", split="train", real=60, generated=10, seed=0,
)  # fmt: skip


def test_a_picture_that_cannot_be_drawn_is_said_and_its_old_file_removed(tmp_path):
    def fail():
        raise InvalidInputError("nothing to show.")

    (tmp_path / "losses.png").write_bytes(b"of an earlier training")
    with pytest.warns(UserWarning, match=r"losses\.png was not drawn: nothing to show\."):
        saved = save_pictures({"losses": fail, "grid": lambda: image_grid(GRID, 1)}, tmp_path)
    assert saved == [tmp_path / "grid.png"] == list(tmp_path.iterdir())


def test_errors_of_other_kinds_keep_their_traceback(tmp_path):
    def fail():
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"):
        save_pictures({"losses": fail}, tmp_path)


def test_a_run_without_a_whole_epoch_has_no_losses_to_draw():
    with pytest.raises(InvalidInputError, match="no epoch is complete yet"):
        losses_of_run(pd.DataFrame({"epoch": []}))


def test_a_distance_over_no_epochs_shows_the_one_of_now():
    watched = Measurement.of_repeats([34.0, 36.0], floor=8.0, protocol=PROTOCOL)
    (axes,) = frechet_picture(pd.DataFrame({"epoch": []}), watched).axes
    labels = [label.get_text() for label in axes.get_legend().get_texts()]
    assert "Generated" not in labels
    assert any(label.startswith("Now: 35.0") for label in labels)
