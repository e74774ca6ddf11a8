"""Tests of the shrinkage that depends on how much of a past the data shows."""

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP, latents
from keras_wgan.market.data_start import start_from_days
from keras_wgan.market.evidence import (
    clustering,
    shrink_by_evidence,
    shrinkage_factor,
)
from keras_wgan.networks import market_critic, market_generator

from helpers.tensors import numpy


def _constant(days=2500, assets=5, seed=0):
    return np.random.default_rng(seed).standard_t(4, size=(days, assets))


def _clustered(days=2500, assets=5, seed=0):
    """Returns days of volatilities that change every fifty days, by a factor of two."""
    wild = np.repeat(np.random.default_rng(seed).integers(2, size=(days // 50, assets)), 50, axis=0)
    return _constant(days, assets, seed) * 2.0**wild


def test_sizes_that_alternate_have_no_clustering_over_a_month_and_one_that_lasts_has_it_all():
    signs = np.tile([1.0, 1.0, -1.0, -1.0], 250)
    alternating, lasting = np.tile([1.0, 2.0], 500), np.repeat([1.0, 2.0], 500)
    # -1 and 1 in turn over twenty lags; of a single change a product of each lag is lost to it.
    assert clustering((alternating * signs)[:, None]) == pytest.approx(0.0, abs=1e-9)
    assert clustering((lasting * signs)[:, None]) == pytest.approx(1.0 - 2 * 10.5 / 990, abs=0.002)


def test_days_before_an_asset_begins_count_for_the_others_alone():
    days = _clustered(assets=2)
    days[:1000, 1] = np.nan
    each = [clustering(days[:, [0]]), clustering(days[1000:, [1]])]
    assert clustering(days) == pytest.approx(np.mean(each), abs=0.005)


def test_independent_days_are_shrunk_most_and_clustered_ones_as_the_form_says():
    assert [shrinkage_factor(_constant(seed=seed)) for seed in range(4)] == pytest.approx(
        [1000.0] * 4
    )
    assert shrinkage_factor(_clustered()) == 1.0


@pytest.mark.parametrize("assets", [1, 2])
def test_the_shrinkage_is_that_of_the_loss_and_is_saved(assets, tmp_path):
    generator = market_generator(60, history=30, assets=assets)
    critic = market_critic(60, assets=assets)
    model = WGANGP(generator, critic, latent=latents.Normal((90, assets)), seed=0)
    kernels = [each for each in generator.trainable_variables if each.regularizer is not None]
    for kernel in kernels:
        kernel.assign(np.full(kernel.shape, 0.1, "float32"))
    before = sum(float(numpy(each)) for each in generator.losses)
    shrink_by_evidence(model, _constant(assets=assets))
    assert sum(float(numpy(each)) for each in generator.losses) == pytest.approx(
        1000.0 * before, rel=1e-5
    )
    generator.save(tmp_path / "market.keras")
    again = keras.saving.load_model(tmp_path / "market.keras")
    assert sum(float(numpy(each)) for each in again.losses) == pytest.approx(
        1000.0 * before, rel=1e-5
    )


def test_a_network_with_no_memory_keeps_its_shrinkage():
    shrunk = keras.layers.Dense(60, kernel_regularizer=keras.regularizers.L2(1.0))
    generator = keras.Sequential([keras.Input((90,)), shrunk, keras.layers.Reshape((60, 1))])
    model = WGANGP(generator, market_critic(60), latent=latents.Normal((90,)), seed=0)
    start_from_days(model, _constant(assets=1))
    assert shrunk.kernel.regularizer.l2 == 1.0
