"""Tests of the scores of several assets together."""

import numpy as np
import pytest

from keras_wgan.metrics import joint_facts, joint_floor, joint_scores

RNG = np.random.default_rng(0)
REAL = 0.01 * RNG.multivariate_normal([0] * 3, np.full((3, 3), 0.5) + 0.5 * np.eye(3), size=6000)


def test_facts_of_normal_returns_are_the_closed_forms():
    facts = joint_facts(REAL)
    assert facts.first_eigenvalue == pytest.approx(2.0, abs=0.05)  # 1 + 2 * 0.5
    assert facts.kurtosis == pytest.approx(0.0, abs=0.2)
    np.testing.assert_allclose(facts.dependence.monthly[0, 1], 0.5, atol=0.12)


def test_the_windows_of_a_history_have_its_facts():
    whole, cut = joint_facts(REAL), joint_facts(REAL.reshape(-1, 60, 3))
    scores = joint_scores(whole, cut)
    for name in ("correlation", "correlation_abs", "first_eigenvalue", "kurtosis_equal"):
        assert abs(scores[name]) < 0.01
    assert scores["portfolio_risk"] < 0.05


def test_assets_shuffled_on_their_own_lose_their_dependence_and_nothing_else():
    shuffled = np.stack([RNG.permutation(column) for column in REAL.T], axis=-1)
    scores = joint_scores(joint_facts(REAL), joint_facts(shuffled))
    assert scores["correlation"] == pytest.approx(0.5, abs=0.03)
    assert scores["first_eigenvalue"] == pytest.approx(-0.5, abs=0.03)
    assert scores["portfolio_risk"] > 0.1


def test_an_asset_that_does_not_vary_scores_infinity():
    still = REAL.copy()
    still[:, 0] = 0.0
    scores = joint_scores(joint_facts(REAL), joint_facts(still))
    assert scores["correlation"] == scores["first_eigenvalue"] == np.inf


def test_the_floor_is_the_noise_of_correlations():
    floor = joint_floor(REAL[:1500], histories=4, block=20)
    assert floor["correlation"] == pytest.approx((1 - 0.5**2) / np.sqrt(1500), rel=0.5)


def test_one_asset_is_refused():
    with pytest.raises(ValueError, match="two assets. Received"):
        joint_facts(REAL[:, :1])
