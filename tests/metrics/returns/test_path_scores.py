"""The energy and the variogram score against their definitions."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from keras_wgan.metrics import crps, energy_score, variogram_score
from keras_wgan.metrics.returns import path_scores

RNG = np.random.default_rng(0)


def test_the_energy_score_of_one_day_is_the_crps():
    samples = RNG.normal(size=700)
    assert energy_score(samples[:, None], [0.3]) == pytest.approx(crps(samples, 0.3), rel=1e-9)


@pytest.mark.parametrize("block", [512, 7, 1])
def test_the_energy_score_is_its_definition_in_blocks_of_any_size(monkeypatch, block):
    monkeypatch.setattr(path_scores, "BLOCK", block)
    paths, observed = 5.0 + RNG.normal(size=(40, 6)), RNG.normal(size=6)
    expected = np.linalg.norm(paths - observed, axis=1).mean() - pdist(paths).mean() / 2
    assert energy_score(paths, observed) == pytest.approx(expected, rel=1e-9)


def test_the_variogram_score_of_three_days_by_hand():
    paths = np.array([[0.0, 1.0, 5.0], [0.0, 9.0, 9.0]])
    # E|X_1 - X_2|^.5 = 2, E|X_2 - X_3|^.5 = 1, E|X_1 - X_3|^.5 = (5^.5 + 3) / 2
    found = variogram_score(paths, [0.0, 4.0, 4.0])
    far = (2.0 - (5**0.5 + 3.0) / 2.0) ** 2 / 2.0
    assert found == pytest.approx((0.0 + 1.0 + far) / 2.5, rel=1e-12)


def test_another_power_is_taken():
    found = variogram_score([[0.0, 1.0], [0.0, 3.0]], [0.0, 4.0], power=1.0)
    assert found == pytest.approx((4.0 - 2.0) ** 2)


def test_the_true_paths_have_the_lowest_mean_scores():
    walks = np.cumsum(RNG.normal(size=(300, 8)), axis=1)
    true, narrow = (scale * np.cumsum(RNG.normal(size=(400, 8)), axis=1) for scale in (1.0, 0.5))
    noise = RNG.normal(size=(400, 8)) * np.sqrt(np.arange(1, 9))  # right days, no path

    def mean(score, paths):
        return np.mean([score(paths, walk) for walk in walks])

    assert mean(energy_score, true) < min(mean(energy_score, narrow), mean(energy_score, noise))
    assert mean(variogram_score, true) < min(
        mean(variogram_score, narrow), mean(variogram_score, noise)
    )


@pytest.mark.parametrize("score", [energy_score, variogram_score])
@pytest.mark.parametrize("shape", [(1, 3), (5, 2), (5,), (0, 3)])
def test_paths_that_do_not_fit_what_happened_are_refused(score, shape):
    with pytest.raises(ValueError, match="`paths` must be"):
        score(np.zeros(shape), np.zeros(3))
