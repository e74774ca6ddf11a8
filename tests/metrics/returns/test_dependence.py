"""Dependence between assets agrees with NumPy and with a known correlation."""

import numpy as np
import pytest

from keras_wgan.metrics import asset_dependence, dependence_gaps

ONE, OTHER = np.random.default_rng(0).normal(size=(2, 2000, 60))


def mixed(share):
    """Returns two assets with this correlation."""
    return np.stack([ONE, share * ONE + np.sqrt(1 - share**2) * OTHER], axis=-1)


def test_known_correlations_are_found_by_day_and_by_month():
    links = asset_dependence(mixed(0.6))
    assert links.daily[0, 1] == pytest.approx(0.6, abs=0.01)
    assert links.monthly[0, 1] == pytest.approx(0.6, abs=0.03)
    pooled = np.abs(mixed(0.6).reshape(-1, 2))
    assert links.sizes[0, 1] == pytest.approx(np.corrcoef(pooled, rowvar=False)[0, 1], rel=1e-12)


def test_falls_are_shared_always_by_one_asset_twice_and_by_chance_by_two_apart():
    assert asset_dependence(mixed(1.0)).falls[0, 1] == pytest.approx(1.0)
    assert asset_dependence(mixed(0.0)).falls[0, 1] == pytest.approx(0.05, abs=0.01)
    assert asset_dependence(mixed(-1.0)).falls[0, 1] == 0.0


def test_gaps_are_the_root_mean_square_over_pairs():
    real, generated = asset_dependence(mixed(0.6)), asset_dependence(mixed(0.0))
    gaps = dependence_gaps(real, generated)
    assert gaps["daily"] == pytest.approx(0.6, abs=0.02)
    assert set(dependence_gaps(real, real).values()) == {0.0}


def test_a_constant_asset_is_infinitely_far():
    still = mixed(0.6)
    still[..., 1] = 0.0
    assert dependence_gaps(asset_dependence(mixed(0.6)), asset_dependence(still))["daily"] == np.inf


@pytest.mark.parametrize(
    ("windows", "month", "sentence"),
    [
        (ONE, 20, "two assets or more"),
        (ONE[..., None], 20, "two assets or more"),
        (mixed(0.6) * np.nan, 20, "must be finite"),
        (mixed(0.6), 61, "`month` must be a whole number of at least 1 and at most 60"),
    ],
)
def test_unusable_windows_are_refused(windows, month, sentence):
    with pytest.raises(ValueError, match=sentence):
        asset_dependence(windows, month=month)
