"""Tests of the penalties on portfolios and on joint falls."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import expit
from scipy.stats import norm

from keras_wgan.penalties import (
    CorrelationPenalty,
    JointFallsPenalty,
    PortfolioPenalty,
    QuantilePenalty,
)
from keras_wgan.penalties.portfolios import SOFTNESS

from helpers.tiny import table_model


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


def _with_a_wild_half(correlation):
    """Returns windows whose second half is three times as wild; the second asset has no other."""
    returns = _returns(correlation, windows=4_000)
    returns[2_000:] *= 3.0
    returns[:2_000, :, 1] = 0.0
    return returns


def test_correlations_of_an_asset_that_is_missing_are_those_of_the_days_of_both():
    calm, wild = _returns(0.6, windows=4_000), _with_a_wild_half(0.6)
    one, other = wild[2_000:].reshape(-1, 2).T
    exact = np.corrcoef(one, other)[0, 1] - np.corrcoef(calm.reshape(-1, 2).T)[0, 1]
    sizes = np.corrcoef(np.abs([one, other]))[0, 1]
    sizes -= np.corrcoef(np.abs(calm.reshape(-1, 2).T))[0, 1]
    found = _float(CorrelationPenalty(weight=1.0)(calm, wild))
    assert found == pytest.approx(exact**2 + sizes**2, abs=1e-5)


def test_falls_of_an_asset_that_is_missing_are_shared_on_the_days_of_both():
    same = _returns(1.0, windows=4_000)
    missing = same.copy()
    missing[::2, :, 1] = 0.0
    assert _float(JointFallsPenalty(weight=1.0)(same, missing)) < 0.01
    assert _float(JointFallsPenalty(weight=1.0)(same, _with_a_wild_half(1.0))) < 0.05


@pytest.mark.parametrize("penalty", [CorrelationPenalty(), JointFallsPenalty()])
def test_an_asset_that_a_batch_lacks_has_no_gap_and_finite_slopes(penalty):
    batch = _returns(0.5, windows=50)
    batch[..., 1] = 0.0
    model = table_model(
        width=2,
        missing_values=True,
        generator_penalties=[lambda real, fake: penalty(real[:, None], fake[:, None])],
    )
    data = np.where([True, False], batch.reshape(-1, 2)[:32], np.nan).astype("float32")
    model.fit(data, batch_size=8, verbose=0)
    assert all(np.isfinite(weight).all() for weight in model.generator.get_weights())
    assert _float(penalty(batch, 2 * batch)) == pytest.approx(0.0, abs=1e-6)


def test_joint_falls_of_one_asset_are_nothing():
    one = _returns(0.0)[..., :1]
    assert _float(JointFallsPenalty()(one, 2 * one)) == 0.0


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_a_share_that_is_no_tail_is_refused(share):
    with pytest.raises(ValueError, match="`share`"):
        JointFallsPenalty(share=share)
