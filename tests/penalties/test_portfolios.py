"""Tests of the penalties on portfolios and on joint falls."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import expit
from scipy.stats import norm

from keras_wgan.penalties import JointFallsPenalty, PortfolioPenalty, QuantilePenalty
from keras_wgan.penalties.portfolios import SOFTNESS


def _float(tensor):
    return float(ops.convert_to_numpy(tensor))


def _returns(correlation, windows=400, seed=0):
    one, other = np.random.default_rng(seed).normal(size=(2, windows, 10)).astype("float32")
    second = correlation * one + np.sqrt(1 - correlation**2) * other
    return np.stack([one, second], axis=-1).astype("float32")


def test_its_portfolios_are_equal_then_long_then_both_ways():
    weights = PortfolioPenalty([], portfolios=7).weights(5)
    assert weights.shape == (5, 7)
    np.testing.assert_allclose(weights[:, 0], 1 / np.sqrt(5), rtol=1e-6)
    assert (weights[:, :4] >= 0).all() and (weights[:, 4:].min(axis=0) < 0).all()
    np.testing.assert_allclose((weights**2).sum(axis=0), 1.0, rtol=1e-6)


def test_portfolios_show_a_correlation_that_no_single_asset_does():
    alone, together = _returns(0.0), _returns(0.9)
    together = np.sort(
        together.reshape(-1, 2), axis=0
    )[  # the same values of each asset, rearranged
        np.argsort(np.argsort(together.reshape(-1, 2), axis=0), axis=0), [0, 1]
    ].reshape(together.shape)
    single = QuantilePenalty(horizons=(1,))
    over = PortfolioPenalty([single])
    assert _float(over(alone, together)) > 3 * _float(single(alone, together))


def test_it_comes_back_from_its_config_with_its_penalties():
    penalty = PortfolioPenalty([QuantilePenalty(horizons=(1, 5), weight=2.0)], 4, 3.0, seed=2)
    again = PortfolioPenalty.from_config(penalty.get_config())
    real, fake = _returns(0.0), _returns(0.5, seed=1)
    assert _float(again(real, fake)) == pytest.approx(_float(penalty(real, fake)))
    restored = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(penalty))
    np.testing.assert_array_equal(restored.weights(2), penalty.weights(2))


def test_joint_falls_are_the_squared_gap_of_the_shared_share():
    def falls(z):  # how much of a day counts
        return expit((norm.ppf(0.05) - z) / SOFTNESS)

    mean, square = (norm.expect(lambda z, n=power: falls(z) ** n) for power in (1, 2))
    apart, same = _returns(0.0, windows=20_000), _returns(1.0, windows=20_000)
    found = _float(JointFallsPenalty(weight=1.0)(same, apart))
    assert found == pytest.approx((square / mean - mean) ** 2, abs=0.01)
    assert _float(JointFallsPenalty()(same, same)) == 0.0


def test_joint_falls_of_one_asset_are_nothing():
    one = _returns(0.0)[..., :1]
    assert _float(JointFallsPenalty()(one, 2 * one)) == 0.0


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_a_share_that_is_no_tail_is_refused(share):
    with pytest.raises(ValueError, match="`share`"):
        JointFallsPenalty(share=share)
