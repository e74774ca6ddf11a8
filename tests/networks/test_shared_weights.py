"""Tests of the weights that assets share, and of each asset's gain."""

import keras
import numpy as np
import pytest

from keras_wgan.networks.invertibility import BoundedResponse
from keras_wgan.networks.shared_weights import AtMostOne, SharedAndOwn, SharedByAssets

from helpers.tensors import normals, numpy


@pytest.mark.parametrize("given", [4, 1], ids=["features of each asset", "features of the market"])
def test_assets_share_their_weights_and_have_gains_of_their_own(given):
    layer, features = SharedByAssets(4), normals(2, 3, given, 5)
    layer.build(features.shape)
    kernel, gains = normals(5, 1, seed=1), np.array([1.0, 2.0, 0.5, 3.0])
    layer.kernel.assign(kernel)
    layer.log_gain.assign(np.log(gains))
    exact = (features @ kernel)[..., 0] * gains
    np.testing.assert_allclose(numpy(layer(features)), exact, atol=1e-5)
    np.testing.assert_allclose(numpy(layer.of_each_asset()), np.outer(gains, kernel), rtol=1e-5)


def test_weights_of_an_asset_alone_are_added_and_not_trained():
    layer, features = SharedAndOwn(4), normals(2, 3, 4, 5)
    layer.build(features.shape)
    kernel, own = normals(5, 1, seed=1), normals(4, 5, seed=2)
    layer.kernel.assign(kernel)
    layer.own.assign(own)
    exact = np.einsum("bdaf,af->bda", features, own + kernel[:, 0])
    np.testing.assert_allclose(numpy(layer(features)), exact, atol=1e-5)
    np.testing.assert_allclose(numpy(layer.of_each_asset()), own + kernel[:, 0], atol=1e-6)
    assert [each.path.split("/")[-1] for each in layer.non_trainable_variables] == ["own"]


def test_shared_weights_shrink_by_their_squares_and_gains_by_a_tenth_of_it():
    layer = SharedByAssets(3, shrinkage=2.0)
    layer.build((None, 5, 3, 2))
    layer.kernel.assign([[0.5], [-1.0]])
    layer.log_gain.assign([0.0, 1.0, -1.0])
    weights, gains = map(numpy, layer.losses)
    assert weights == pytest.approx(2.0 * 1.25) and gains == pytest.approx(0.2 * 2.0)


def test_constraints_of_shared_weights_are_saved_with_them():
    layer = SharedByAssets(
        2, BoundedResponse([1, 3], limit=0.5), gain_constraint=AtMostOne(), name="drift"
    )
    same = SharedByAssets.from_config(layer.get_config())
    assert same.get_config() == layer.get_config()
    assert same.constraint.limit == 0.5 and same.constraint.half_lives == [1.0, 3.0]
    same.build((None, 5, 2, 2))
    assert isinstance(same.log_gain.constraint, AtMostOne)
    # As a run of version 0.2 has it: by name, and without a constraint of the gains.
    old = {"assets": 2, "constraint": "non_neg", "shrinkage": 1.0, "name": "volatility"}
    assert isinstance(SharedByAssets.from_config(old).constraint, keras.constraints.NonNeg)
