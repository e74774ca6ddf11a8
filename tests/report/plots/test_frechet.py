"""The picture of the Frechet distance: its epochs, its floor and its error bar."""

import numpy as np
import pandas as pd

from keras_wgan.metrics import Measurement, Protocol
from keras_wgan.report.plots.frechet import frechet_picture

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


def test_the_frechet_picture_has_fresh_finite_epochs_the_floor_and_the_error_bar():
    watched = Measurement.of_repeats([34.0, 36.0], floor=8.0, protocol=PROTOCOL)
    axes = frechet_picture(HISTORY, watched).axes[0]
    assert axes.lines[0].get_xydata().tolist() == [[2.0, 50.0]]
    ((segment,),) = [bar.get_segments() for bar in axes.containers[0].lines[2]]
    assert segment.tolist() == [[3.0, 33.0], [3.0, 37.0]]
    assert [8.0, 8.0] in [list(line.get_ydata()) for line in axes.lines]
    assert axes.get_yscale() == "log"
