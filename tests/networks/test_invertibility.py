"""Tests of what keeps the state of a market generator known from returns."""

import numpy as np
import pytest
from keras import ops

from keras_wgan.networks.invertibility import (
    LOWEST,
    BoundedResponse,
    RaisingMoves,
    moves_of,
    signed_weights,
)
from keras_wgan.networks.market_layers import sizes_of

from helpers.tensors import normals, numpy


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


def test_a_limit_of_zero_leaves_no_response():
    bound = BoundedResponse([1.0, 8.0], limit=0.0)
    for given in ([[0.2], [-0.1]], [[0.0], [0.0]]):
        kernel = ops.convert_to_tensor(np.array(given, "float32"))
        np.testing.assert_array_equal(numpy(bound(kernel)), np.zeros((2, 1)))


def test_no_weight_is_negative_but_those_of_yesterdays_fall_and_rise_within_their_bound():
    bound = RaisingMoves(signed=2, lowest=-0.3)  # two of falls, two of rises, one of sizes
    for given, expected in [
        ([-0.2, 0.4, -0.5, 0.2, 0.1], [-0.2, 0.4, -0.3, 0.2, 0.1]),
        ([0.3, -0.4, 0.0, -0.1, -0.1], [0.3, 0.0, 0.0, 0.0, 0.0]),
    ]:
        kernel = ops.convert_to_tensor(np.array(given, "float32")[:, None])
        np.testing.assert_allclose(numpy(bound(kernel))[:, 0], expected, atol=1e-6)


def test_of_an_error_of_volatility_yesterdays_moves_pass_on_less_than_half():
    shocks = np.random.default_rng(0).normal(size=200_000)

    def from_yesterday(shocks):
        sizes = sizes_of(ops.convert_to_tensor(shocks[:, None]))
        moves = numpy(moves_of(ops.convert_to_tensor(shocks[:, None]), sizes, 1))
        return LOWEST * moves.sum(axis=1)

    # Where volatility is 1% too high, shocks are 1% too small.
    error = (from_yesterday(shocks / 1.01) - from_yesterday(shocks)).mean() / np.log(1.01)
    assert error == pytest.approx(0.41, abs=0.01)


def test_moves_are_averages_of_falls_and_rises_of_unit_variance_and_their_weights_are_undone():
    shocks = normals(100_000, 6).astype("float64")
    falls, rises = np.maximum(-shocks, 0.0), np.maximum(shocks, 0.0)
    spread = np.sqrt(0.5 - 1 / (2 * np.pi))  # of the half of a standard normal
    expected = [(side - 1 / np.sqrt(2 * np.pi)) / spread for side in (falls, rises)]
    sizes = (np.abs(shocks) - np.sqrt(2 / np.pi)) / np.sqrt(1 - 2 / np.pi)
    found = numpy(moves_of(*(ops.convert_to_tensor(each) for each in (shocks, sizes)), 4))
    assert found.shape == (100_000, 8 + 2)
    np.testing.assert_allclose(found[:, :4], expected[0][:, :4], atol=1e-5)
    np.testing.assert_allclose(found[:, 4:8], expected[1][:, :4], atol=1e-5)
    np.testing.assert_allclose(found[:, 8:], sizes[:, 4:], atol=1e-5)
    weights = np.random.default_rng(1).normal(size=(3, 10))
    of_shocks, of_sizes = signed_weights(weights, 4)
    np.testing.assert_allclose(
        shocks[:, :4] @ of_shocks.T + sizes @ of_sizes.T, found @ weights.T, atol=1e-4
    )
