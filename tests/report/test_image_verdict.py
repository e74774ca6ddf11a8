"""The verdict on images follows the worst of their scores."""

import numpy as np
import pytest

from keras_wgan.metrics import Measurement, Protocol
from keras_wgan.report import ComparedScore, image_scores, image_verdict

PROTOCOL = Protocol(
    metric="frechet distance", extractor="e", extractor_hash="5e8f", resize="none",
    value_range="[-1, 1]", channels="1", data="0b2a", split="test", real=60, generated=60, seed=0,
)  # fmt: skip
REAL = {"precision": 0.8, "recall": 0.75, "density": 1.0, "coverage": 0.9}


def scored(times=1.5, **changed):
    distance = Measurement.of_repeats([4.0 * times], floor=4.0, protocol=PROTOCOL)
    return image_scores(distance, {**REAL, **changed}, REAL)


def test_images_that_score_as_real_ones_do_are_good():
    found = image_verdict(scored())
    assert found.grade == "good"
    assert found.sentences[0].endswith("Frechet distance 1.5 times that of other real images.")
    assert len(found.sentences) == 2


@pytest.mark.parametrize(("times", "grade"), [(1.9, "good"), (4.9, "fair"), (19.0, "bad")])
def test_the_distance_is_graded_by_its_floor(times, grade):
    assert image_verdict(scored(times)).grade == grade


@pytest.mark.parametrize("name", REAL)
def test_each_score_alone_makes_a_verdict_bad(name):
    found = image_verdict(scored(**{name: 0.3 * REAL[name]}))
    assert found.grade == "bad"
    assert found.sentences[0].endswith("30% of what other real images reach.")
    assert found.sentences[1].startswith("Far off, compared with other real images: ")


def test_missing_classes_and_labels_that_are_not_followed_count_too():
    assert image_verdict(scored(rarest_class_share=0.0)).grade == "bad"
    assert (
        image_verdict(scored(agreement=0.35))
        .sentences[0]
        .endswith("Requested class 35% of what other real images reach.")
    )


def test_a_diverged_model_is_bad_without_other_scores():
    distance = Measurement.of_repeats([np.inf], floor=4.0, protocol=PROTOCOL)
    assert image_verdict(image_scores(distance, {}, {})).grade == "bad"


def test_a_score_that_real_images_do_not_reach_either_is_no_fault():
    assert ComparedScore("Recall", "", 0.0, 0.0).grade == "good"
