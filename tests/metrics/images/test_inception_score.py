"""The classifier score against closed forms, SciPy's entropy and torch-fidelity."""

import numpy as np
import pytest
import scipy.special
import scipy.stats

from keras_wgan.metrics import classifier_score

from helpers.fidelity_cases import clouds, saved_cases


@pytest.mark.parametrize("classes", [2, 10])
def test_sure_and_varied_samples_score_the_number_of_classes(classes):
    found = classifier_score(np.eye(classes)[np.arange(100 * classes) % classes])
    assert found.value == pytest.approx(classes, rel=1e-12)
    assert found.split_std == pytest.approx(0.0, abs=1e-9)


def test_a_sure_classifier_that_sees_one_class_alone_scores_one():
    assert classifier_score(np.tile([0.0, 1.0], (50, 1))).value == pytest.approx(1.0, rel=1e-12)


def test_each_split_is_exp_of_the_mean_divergence_from_its_own_mean():
    rows = np.random.default_rng(0).dirichlet([0.3] * 5, size=90)
    parts = rows.reshape(3, 30, 5)
    expected = [
        np.exp(np.mean([scipy.stats.entropy(row, part.mean(axis=0)) for row in part]))
        for part in parts
    ]
    found = classifier_score(rows, splits=3)
    assert found.value == pytest.approx(np.mean(expected), rel=1e-12)
    assert found.split_std == pytest.approx(np.std(expected), rel=1e-12)


@pytest.mark.parametrize("case", saved_cases(), ids=lambda case: f"{case['n']}x{case['dim']}")
def test_it_agrees_with_torch_fidelity(case):
    _, logits = clouds(case["n"], case["dim"])
    found = classifier_score(scipy.special.softmax(logits, axis=1), splits=4)
    assert found.value == pytest.approx(case["classifier_score"], rel=1e-10)
    assert found.split_std == pytest.approx(case["classifier_score_std"], rel=1e-8)


@pytest.mark.parametrize("rows", [[[2.0, -1.0]] * 10, [[3.0, 4.0]] * 10])
def test_logits_are_refused(rows):
    with pytest.raises(ValueError, match="`probabilities` must hold rows.*Apply a softmax"):
        classifier_score(rows)


def test_fewer_samples_than_splits_are_refused():
    with pytest.raises(ValueError, match="`probabilities` must have at least 10 rows"):
        classifier_score(np.full((9, 2), 0.5))
    with pytest.raises(ValueError, match="`splits` must be a whole number of at least 1.*splits=0"):
        classifier_score(np.full((9, 2), 0.5), splits=0)
