"""Tests of the check that the shocks behind observed returns are those of the model."""

import numpy as np
import pytest

from keras_wgan.market.noise_check import (
    fault_of_shocks,
    other_correlation,
    refuse_other_shocks,
)

DRAWN = np.random.default_rng(0).standard_normal((504, 3))
STANDARD = (DRAWN - DRAWN.mean(axis=0)) / DRAWN.std(axis=0)


@pytest.mark.parametrize("days", [60, 250, 504])
def test_shocks_that_are_standard_are_accepted(days):
    refuse_other_shocks(STANDARD[:days])
    assert fault_of_shocks(STANDARD[:days, :1]) is None


@pytest.mark.parametrize(
    ("shocks", "found"),
    [
        (STANDARD + np.array([0.0, 1.07, 0.0]), "asset 2 of 3 have mean 1.07"),
        (STANDARD * np.array([1.0, 1.0, 1.5]), "asset 3 of 3 .* deviation 1.50"),
        (STANDARD * np.array([0.5, 1.0, 1.0]), "asset 1 of 3 .* deviation 0.50"),
    ],
)
def test_shocks_of_several_assets_that_are_not_standard_are_refused(shocks, found):
    with pytest.raises(ValueError, match=f"No state of the market was found.*{found}"):
        refuse_other_shocks(shocks)


def test_of_one_asset_it_is_said():
    refuse_other_shocks(1.6 * STANDARD[:, :1])
    assert "behind these 504 returns have mean" in fault_of_shocks(1.6 * STANDARD[:, :1])


def test_the_pair_whose_correlation_is_furthest_from_the_models_is_named():
    white = STANDARD @ np.linalg.inv(np.linalg.cholesky(np.cov(STANDARD.T, bias=True))).T
    correlations = np.array([[1.0, 0.2, 0.7], [0.2, 1.0, 0.3], [0.7, 0.3, 1.0]])
    shocks = white @ np.linalg.cholesky(correlations).T
    assert other_correlation(shocks, correlations) is None
    # .5 and .6 from the model's; three standard errors of its .7 are .07, of its .9 .03.
    model = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.9], [0.7, 0.9, 1.0]])
    found = other_correlation(shocks, model)
    assert found.pair == (1, 2) and found.model == 0.9
    assert found.observed == pytest.approx(0.3)
    assert other_correlation(STANDARD[:, :1], np.eye(1)) is None
