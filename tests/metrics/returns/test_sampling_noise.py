"""The ranges of sampling noise agree with what is known of independent returns."""

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import sampling_noise

DAYS = 4000
RETURNS = 0.01 * np.random.default_rng(3).normal(size=DAYS)
NOISE = sampling_noise(RETURNS, lags=5, block=20)  # they are independent


def test_autocorrelations_of_independent_returns_vary_by_one_over_the_root_of_the_days():
    for name in ("acf", "acf_abs", "acf_square", "leverage"):
        low, high = NOISE.correlations[name]
        assert low.shape == (5,)
        # 9 in 10 standard normal numbers lie in a range of 3.29.
        assert (high - low).mean() == pytest.approx(3.29 / np.sqrt(DAYS), rel=0.25)


def test_the_value_at_risk_varies_as_a_quantile_does():
    low, high = NOISE.value_at_risk[0.05, 1]
    density = scipy.stats.norm.pdf(scipy.stats.norm.ppf(0.05)) / 0.01
    error = np.sqrt(0.05 * 0.95 / DAYS) / density
    assert high - low == pytest.approx(3.29 * error, rel=0.25)
    assert low < np.quantile(RETURNS, 0.05) < high


def test_expected_shortfall_is_beyond_the_value_at_risk_for_every_case():
    assert set(NOISE.value_at_risk) == set(NOISE.expected_shortfall)
    for case, (low, high) in NOISE.expected_shortfall.items():
        assert low < high < NOISE.value_at_risk[case][1]


def test_one_seed_gives_the_same_ranges():
    again = sampling_noise(RETURNS, lags=5, block=20)
    assert again.value_at_risk == NOISE.value_at_risk


def test_a_history_without_two_blocks_is_refused():
    with pytest.raises(ValueError, match="`block` must be at most half .* 100 days"):
        sampling_noise(RETURNS[:100])
