"""Tests of the check that the noise behind observed returns is standard normal."""

import numpy as np
import pytest

from keras_wgan.market.noise_check import noise_fault, refuse_other_noise

DRAWN = np.random.default_rng(0).standard_normal((504, 3))
STANDARD = (DRAWN - DRAWN.mean(axis=0)) / DRAWN.std(axis=0)


@pytest.mark.parametrize("days", [60, 250, 504])
def test_noise_that_is_standard_is_accepted(days):
    refuse_other_noise(STANDARD[:days])
    assert noise_fault(STANDARD[:days, :1]) is None


@pytest.mark.parametrize(
    ("noise", "found"),
    [
        (STANDARD + np.array([0.0, 1.07, 0.0]), "asset 2 of 3 has mean 1.07"),
        (STANDARD * np.array([1.0, 1.0, 1.5]), "asset 3 of 3 .* deviation 1.50"),
        (STANDARD * np.array([0.5, 1.0, 1.0]), "asset 1 of 3 .* deviation 0.50"),
    ],
)
def test_noise_of_several_assets_that_is_not_standard_is_refused(noise, found):
    with pytest.raises(ValueError, match=f"No state of the market was found.*{found}"):
        refuse_other_noise(noise)


def test_of_one_asset_it_is_said():
    refuse_other_noise(1.6 * STANDARD[:, :1])
    assert "behind these 504 returns has mean" in noise_fault(1.6 * STANDARD[:, :1])
