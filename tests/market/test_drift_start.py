"""Tests of the drift that a market generator begins with."""

import keras
import numpy as np
import pytest
from scipy.signal import lfilter

from keras_wgan import WGANGP, latents
from keras_wgan.market.autocorrelation import own_autocorrelations
from keras_wgan.market.data_start import start_from_days
from keras_wgan.market.drift_start import response_weights
from keras_wgan.networks import explain_returns, market_critic, market_generator
from keras_wgan.networks.market_description import describe_generator

from helpers.returns import smoothed_assets
from helpers.tensors import numpy

HISTORY = 60


def _started(days, length=60):
    assets = days.shape[1]
    model = WGANGP(
        market_generator(length, history=HISTORY, assets=assets),
        market_critic(length, assets=assets),
        latent=latents.Normal((HISTORY + length, assets)),
        ema_momentum=0.9,
    )
    start_from_days(model, days)
    return model


def _own(model):
    return model.generator.get_layer("drift_from_shocks").own


def test_an_autoregression_of_one_half_is_the_average_with_a_half_life_of_a_day():
    expected = [0.5 / np.sqrt(0.75), 0, 0]
    np.testing.assert_allclose(response_weights(0.5, [1, 3, 8]), expected, atol=1e-9)


@pytest.mark.parametrize("half_lives", [(1.0, 3.0, 8.0), (0.1, 1.0, 3.0, 8.0)])
@pytest.mark.parametrize("autocorrelation", [-0.3, -0.1, 0.05, 0.3, 0.8])
def test_the_next_day_and_all_later_ones_follow_a_shock_as_in_an_autoregression(
    autocorrelation, half_lives
):
    kept = 0.5 ** (1 / np.array(half_lives))
    averages = np.sqrt(1 - kept**2) * kept ** np.arange(500)[:, None]
    response = averages @ response_weights(autocorrelation, half_lives)
    assert response[0] == pytest.approx(autocorrelation)
    assert response.sum() == pytest.approx(autocorrelation / (1 - autocorrelation))
    # An error of the shocks of the past fades: they are found from returns.
    inverse = lfilter([1.0], [1.0, *response], [1.0] + [0.0] * 499)
    assert np.abs(inverse).sum() < 2.5 and np.abs(inverse[250:]).max() < 1e-7


def test_smoothed_assets_keep_their_autocorrelation_and_the_correlation_of_their_news():
    days = smoothed_assets([0.6, 0.0])
    model = _started(days)
    drawn = model.generate(2000, seed=1)
    (one, _) = own_autocorrelations(days)
    assert one == pytest.approx(0.6, abs=0.05)
    for lag in (1, 2, 5):
        found = [(drawn[:, lag:, n] * drawn[:, :-lag, n]).mean() for n in (0, 1)]
        scale = (drawn**2).mean(axis=(0, 1))
        assert found / scale == pytest.approx([one**lag, 0.0], abs=0.02)
    together = np.corrcoef(drawn.reshape(-1, 2).T)[0, 1]
    assert together == pytest.approx(np.corrcoef(days.T)[0, 1], abs=0.03)


def test_the_average_starts_from_the_same_numbers_and_both_are_saved(tmp_path):
    days = smoothed_assets([0.5, 0.0])
    model = _started(days)
    own = numpy(_own(model))
    expected = [response_weights(each, [1, 3, 8]) for each in own_autocorrelations(days)]
    np.testing.assert_allclose(own, expected, atol=1e-6)
    (number,) = (i for i, each in enumerate(model.generator.weights) if each is _own(model))
    np.testing.assert_array_equal(numpy(model.average.weights[number]), own)
    model.generator.save(tmp_path / "market.keras")
    again = keras.saving.load_model(tmp_path / "market.keras")
    np.testing.assert_array_equal(numpy(again.get_layer("drift_from_shocks").own), own)


def test_training_leaves_an_autocorrelation_as_it_is():
    days = smoothed_assets([0.5, 0.0])
    model = _started(days)
    own = numpy(_own(model))
    model.compile()
    windows = np.lib.stride_tricks.sliding_window_view(days, 60, axis=0)[:32].transpose(0, 2, 1)
    model.fit(windows.astype("float32"), batch_size=16, verbose=0)
    np.testing.assert_array_equal(numpy(_own(model)), own)


def test_drifts_that_assets_share_have_less_room_next_to_autocorrelations():
    layers = [
        _started(days).generator
        for days in (smoothed_assets([0.5, 0.0]), smoothed_assets([0.0, 0.0]))
    ]
    one, other = (each.get_layer("drift_from_shocks").constraint.limit for each in layers)
    assert other / one == pytest.approx(1.5, abs=0.04)


@pytest.mark.slow
def test_the_noise_behind_a_smoothed_asset_is_found_without_its_past():
    model = _started(smoothed_assets([0.8, 0.0]), length=120)
    kernel = model.generator.get_layer("volatility_from_moves").kernel
    kernel.assign(np.full(kernel.shape, 0.05, "float32"))
    noise = np.random.default_rng(2).normal(size=(1, HISTORY + 120, 2)).astype("float32")
    found = explain_returns(model.generator, numpy(model.generator(noise)))
    np.testing.assert_allclose(found.noise[:, 60:], noise[:, HISTORY + 60 :], atol=0.05)


def test_the_start_of_several_assets_is_what_their_description_says():
    model = _started(smoothed_assets([0.5, 0.0]))
    described = np.array(describe_generator(model.generator).drift_from_shocks)
    np.testing.assert_allclose(described, numpy(_own(model)), atol=1e-6)


def test_the_drift_of_one_asset_is_its_autocorrelation_and_is_not_trained(tmp_path):
    days = smoothed_assets([0.4])
    (one,) = own_autocorrelations(days)
    model = _started(days)
    drawn = model.generate(4000, seed=1)[..., 0]
    for lag in (1, 2, 4):
        found = (drawn[:, lag:] * drawn[:, :-lag]).mean() / (drawn**2).mean()
        assert found == pytest.approx(one**lag, abs=0.02)
    kernel = numpy(model.generator.get_layer("drift").kernel)
    model.compile()
    windows = np.lib.stride_tricks.sliding_window_view(days[:, 0], 60)[:32, :, None]
    model.fit(windows.astype("float32"), batch_size=16, verbose=0)
    model.generator.save(tmp_path / "market.keras")
    again = keras.saving.load_model(tmp_path / "market.keras").get_layer("drift")
    np.testing.assert_array_equal(numpy(again.kernel), kernel)
    assert not again.trainable
