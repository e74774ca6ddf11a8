"""Precision, recall, density and coverage against scikit-learn, loops and torch-fidelity."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from keras_wgan.metrics import density_coverage, precision_recall
from keras_wgan.metrics.images import precision_recall as precision_recall_module

from helpers.fidelity_cases import clouds, saved_cases


def radii(cloud, k):
    """Distance to the k-th neighbor; the nearest is the sample itself."""
    return NearestNeighbors(n_neighbors=k + 1).fit(cloud).kneighbors(cloud)[0][:, k]


def counted(real, generated, k_pairs, k_density):
    """All four numbers, one pair of samples at a time."""
    far = np.array([[np.linalg.norm(g - r) for r in real] for g in generated])
    across = far.T
    in_real = far <= radii(real, k_pairs)
    in_generated = across <= radii(generated, k_pairs)
    balls = far <= radii(real, k_density)
    return (
        in_real.any(axis=1).mean(),
        in_generated.any(axis=1).mean(),
        balls.sum() / (k_density * len(generated)),
        balls.any(axis=0).mean(),
    )


@pytest.mark.parametrize("at_once", [1, 1000, 4_000_000])
@pytest.mark.parametrize(("sizes", "dim"), [((90, 90), 3), ((90, 40), 8), ((30, 80), 50)])
def test_they_agree_with_counting_pairs_whatever_the_blocks(monkeypatch, sizes, dim, at_once):
    monkeypatch.setattr(precision_recall_module, "DISTANCES_AT_ONCE", at_once)
    real, generated = clouds(90, dim)
    real, generated = real[: sizes[0]], generated[: sizes[1]]
    pair = precision_recall(real, generated, neighbors=2)
    other = density_coverage(real, generated, neighbors=4)
    found = pair.precision, pair.recall, other.density, other.coverage
    assert found == pytest.approx(counted(real, generated, 2, 4), rel=1e-12)


@pytest.mark.parametrize("case", saved_cases(), ids=lambda case: f"{case['n']}x{case['dim']}")
def test_precision_and_recall_agree_with_torch_fidelity(case):
    found = precision_recall(*clouds(case["n"], case["dim"]))
    assert found.precision == pytest.approx(case["precision"], rel=1e-6)  # it counts in float32
    assert found.recall == pytest.approx(case["recall"], rel=1e-6)


def test_four_points_on_a_line_can_be_counted_by_hand():
    real = np.array([[-5.0], [1.0], [2.0], [10.0]])  # radii 6, 1, 1 and 8
    generated = np.array([[1.5], [4.0], [30.0]])  # radii 2.5, 2.5 and 26
    pair = precision_recall(real, generated, neighbors=1)
    assert pair.precision == pytest.approx(2 / 3)  # 1.5 and 4 lie in some ball
    assert pair.recall == pytest.approx(3 / 4)  # all but -5, which is 6.5 from 1.5
    other = density_coverage(real, generated, neighbors=1)
    assert other.density == pytest.approx(3 / 3)  # 1.5 in two balls, 4 in one
    assert other.coverage == pytest.approx(3 / 4)


def test_real_samples_themselves_are_perfect():
    real, _ = clouds(200, 8)
    far_away = 1e4 + real  # where squared lengths alone would leave few digits
    pair = precision_recall(far_away, far_away)
    assert (pair.precision, pair.recall) == (1.0, 1.0)
    assert density_coverage(far_away, far_away).coverage == 1.0


def test_a_collapsed_generator_has_precision_and_neither_recall_nor_coverage():
    real = np.random.default_rng(0).normal(size=(200, 5))
    generated = np.tile(real[7], (200, 1))
    pair = precision_recall(real, generated)
    assert pair.precision == 1.0 and pair.recall == pytest.approx(1 / 200)
    assert density_coverage(real, generated).coverage < 0.05


def test_more_neighbors_than_samples_are_refused():
    for metric in (precision_recall, density_coverage):
        with pytest.raises(ValueError, match=r"`generated` must have at least 6 rows"):
            metric(np.eye(9), np.eye(9)[:5], neighbors=5)
        with pytest.raises(
            ValueError, match=r"`neighbors` must be a whole number of at least 1.*neighbors=0"
        ):
            metric(np.eye(9), np.eye(9), neighbors=0)


def test_features_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"same number of features.*\(9, 9\).*\(8, 8\)"):
        precision_recall(np.eye(9), np.eye(8))
