"""Tests of the weights that assets share, of their bounds and of what they weigh."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan.networks.shared_weights import (
    AtMostOne,
    BoundedResponse,
    SharedByAssets,
    moves_of,
    signed_weights,
)


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)


def _normals(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("given", [4, 1], ids=["features of each asset", "features of the market"])
def test_assets_share_their_weights_and_have_gains_of_their_own(given):
    layer, features = SharedByAssets(4), _normals(2, 3, given, 5)
    layer.build(features.shape)
    kernel, gains = _normals(5, 1, seed=1), np.array([1.0, 2.0, 0.5, 3.0])
    layer.kernel.assign(kernel)
    layer.log_gain.assign(np.log(gains))
    exact = (features @ kernel)[..., 0] * gains
    np.testing.assert_allclose(_numpy(layer(features)), exact, atol=1e-5)
    np.testing.assert_allclose(_numpy(layer.of_each_asset()), np.outer(gains, kernel), rtol=1e-5)


def test_shared_weights_shrink_by_their_squares_and_gains_by_a_tenth_of_it():
    layer = SharedByAssets(3, shrinkage=2.0)
    layer.build((None, 5, 3, 2))
    layer.kernel.assign([[0.5], [-1.0]])
    layer.log_gain.assign([0.0, 1.0, -1.0])
    weights, gains = map(_numpy, layer.losses)
    assert weights == pytest.approx(2.0 * 1.25) and gains == pytest.approx(0.2 * 2.0)


def test_a_bounded_response_makes_large_weights_smaller_alike_and_leaves_small_ones():
    kept = 2.0 ** (-1.0 / np.array([1.0, 8.0]))
    lasting = np.sqrt(1 - kept**2) / (1 - kept)  # what the averages are of shocks of one
    bound = BoundedResponse([1.0, 8.0], limit=0.5)
    small = np.array([[0.2], [-0.1]]) * 0.5 / (np.array([0.2, 0.1]) @ lasting)  # at the limit
    for given, expected in [
        (0.9 * small, 0.9 * small),
        (3.0 * small, small),
        (0 * small, 0 * small),
    ]:
        kernel = ops.convert_to_tensor(given.astype("float32"))
        np.testing.assert_allclose(ops.convert_to_numpy(bound(kernel)), expected, rtol=1e-5)


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


def test_moves_are_averages_of_falls_and_rises_of_unit_variance_and_their_weights_are_undone():
    shocks = _normals(100_000, 6).astype("float64")
    falls, rises = np.maximum(-shocks, 0.0), np.maximum(shocks, 0.0)
    spread = np.sqrt(0.5 - 1 / (2 * np.pi))  # of the half of a standard normal
    expected = [(side - 1 / np.sqrt(2 * np.pi)) / spread for side in (falls, rises)]
    sizes = (np.abs(shocks) - np.sqrt(2 / np.pi)) / np.sqrt(1 - 2 / np.pi)
    found = _numpy(moves_of(*(ops.convert_to_tensor(each) for each in (shocks, sizes)), 4))
    assert found.shape == (100_000, 8 + 2)
    np.testing.assert_allclose(found[:, :4], expected[0][:, :4], atol=1e-5)
    np.testing.assert_allclose(found[:, 4:8], expected[1][:, :4], atol=1e-5)
    np.testing.assert_allclose(found[:, 8:], sizes[:, 4:], atol=1e-5)
    weights = np.random.default_rng(1).normal(size=(3, 10))
    of_shocks, of_sizes = signed_weights(weights, 4)
    np.testing.assert_allclose(
        shocks[:, :4] @ of_shocks.T + sizes @ of_sizes.T, found @ weights.T, atol=1e-4
    )
