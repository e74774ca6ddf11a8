"""The sliced Wasserstein distance against sorting, and closed forms."""

import numpy as np
import pytest
from scipy.special import gamma

from keras_wgan.metrics import sliced_wasserstein


def test_on_one_feature_it_is_the_mean_gap_of_the_sorted_values():
    real, generated = np.random.default_rng(0).normal(size=(2, 300, 1))
    expected = np.abs(np.sort(real[:, 0]) - np.sort(generated[:, 0])).mean()
    assert sliced_wasserstein(real, generated, directions=5) == pytest.approx(expected, rel=1e-12)


def test_it_sorts_the_shadows_on_each_line():
    real, generated = np.random.default_rng(1).normal(size=(2, 100, 4))
    lines = np.random.default_rng(3).normal(size=(7, 4))
    gaps = []
    for line in lines:
        line = line / np.sqrt(np.sum(line**2))
        gaps.append(np.abs(np.sort(real @ line) - np.sort(generated @ line)).mean())
    found = sliced_wasserstein(real, generated, directions=7, seed=3)
    assert found == pytest.approx(np.mean(gaps), rel=1e-10)


@pytest.mark.parametrize("dim", [2, 3, 20])
def test_a_shift_has_the_closed_form(dim):
    # The mean of |cos| of the angle between a random line and the shift.
    share = gamma(dim / 2) / (np.sqrt(np.pi) * gamma((dim + 1) / 2))
    real = np.random.default_rng(2).normal(size=(20, dim))
    shift = np.zeros(dim)
    shift[0] = 5.0
    found = sliced_wasserstein(real, real + shift, directions=4000)
    assert found == pytest.approx(5.0 * share, rel=0.03)


def test_doubling_every_sample_moves_nothing():
    real = np.random.default_rng(4).normal(size=(50, 3))
    assert sliced_wasserstein(real, np.repeat(real, 2, axis=0)) == pytest.approx(0.0, abs=1e-12)


def test_no_direction_at_all_is_refused():
    with pytest.raises(
        ValueError, match="`directions` must be a whole number of at least 1.*directions=0"
    ):
        sliced_wasserstein(np.eye(3), np.eye(3), directions=0)
