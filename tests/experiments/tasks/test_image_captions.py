"""Captions of the pictures of images say what each picture shows."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from keras_wgan.experiments.tasks.image_captions import picture_captions
from keras_wgan.metrics import Measurement, Protocol

PROTOCOL = Protocol(
    metric="frechet distance", extractor="brightness", extractor_hash="5e8f", resize="none",
    value_range="[-1, 1]", channels="1", data="0b2a", split="train", real=60, generated=10, seed=0,
)  # fmt: skip
WATCHED = Measurement.of_repeats([34.0, 36.0], floor=8.0, protocol=PROTOCOL)
HISTORY = pd.DataFrame(
    {"epoch": [0, 1, 2], "fid": [90.0, 30.0, 35.0], "wasserstein": [6.0, 4.0, 2.5]}
)


def captions(history=HISTORY, watched=WATCHED, *, labeled=False):
    found = picture_captions(history, watched, [Path("a"), Path("b")], labeled=labeled)
    return {name: caption for name, (_, caption) in found.items()}


def test_the_distance_is_told_with_its_best_epoch_and_floor():
    caption = captions()["frechet.png"]
    assert (
        "went from 90.0 in epoch 1 to 35.0 in epoch 3; it was lowest, 30.0, in epoch 2" in caption
    )
    assert "The dashed line, 8.0, is the distance of other real images." in caption


def test_a_floor_that_is_not_drawn_is_not_told():
    without = dataclasses.replace(WATCHED, floor=np.nan)
    caption = captions(watched=without)["frechet.png"]
    assert "dashed" not in caption and "No floor is drawn" in caption


def test_rows_are_labels_only_for_a_conditional_model():
    assert "a row for each label" in captions(labeled=True)["samples.png"]
    assert "label" not in captions()["samples.png"]


def test_a_run_without_an_epoch_has_no_caption_of_losses():
    found = captions(pd.DataFrame({"epoch": []}))
    assert "losses.png" not in found
    assert "No epoch was measured yet." in found["frechet.png"]
    assert "3 epochs" in captions()["losses.png"] and "from 6 to 2.5" in captions()["losses.png"]
