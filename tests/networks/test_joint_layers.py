"""Tests of the layers of a market generator of several assets."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import chi2, norm

from keras_wgan.networks.joint_layers import (
    Bounded,
    MarketShocks,
    NewsScale,
    TwoSidedPower,
    size_of_news,
)

from helpers.tensors import normals, numpy


@pytest.mark.parametrize("dimensions", [4, 19, 99])
def test_the_size_of_news_is_a_normal_of_the_same_rank(dimensions):
    ranks = np.array([0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
    squares = chi2.ppf(ranks, dimensions).astype("float32")
    found = numpy(size_of_news(squares, dimensions))
    np.testing.assert_allclose(found, norm.ppf(ranks), atol=0.11 if dimensions == 4 else 0.02)


def test_the_shock_of_the_market_is_that_of_equal_weights_at_first():
    layer, noise = MarketShocks(), normals(2, 30, 4)
    _, common, loadings = layer(noise)
    np.testing.assert_allclose(numpy(common)[..., 0], noise.sum(axis=-1) / 2, atol=1e-5)
    np.testing.assert_allclose(numpy(loadings)[0, 0], 0.5, atol=1e-6)


def test_a_loading_is_the_correlation_of_a_shock_with_the_market():
    layer = MarketShocks()
    noise = normals(1, 200_000, 3)
    layer.build(noise.shape)
    layer.below.assign([[0.0, 0.0, 0.0], [0.75, 0.0, 0.0], [-0.5, 0.2, 0.0]])
    layer.portfolio.assign([0.5, 0.3, 0.2])
    shocks, common, loadings = map(numpy, layer(noise))
    factor = numpy(layer.factor())
    both = np.concatenate([shocks, common], axis=-1)[0]
    found = np.corrcoef(both, rowvar=False)
    np.testing.assert_allclose(found[:3, 3], loadings[0, 0], atol=0.01)
    np.testing.assert_allclose(found[:3, :3], factor @ factor.T, atol=0.01)
    assert abs(found[3, 4]) < 0.01  # the market says nothing of the size of other news


@pytest.mark.parametrize("spread", [0.1, 0.5])
def test_the_scale_of_news_leaves_their_variance(spread):
    noise = normals(1, 400_000, 19)
    size = size_of_news((noise**2).sum(axis=-1, keepdims=True), 19)
    scaled = numpy(NewsScale(19, spread)(noise, size))
    assert scaled.var() == pytest.approx(1.0, abs=0.02)
    assert np.log(scaled / noise).std() == pytest.approx(spread, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("power", [1, 2])
def test_powers_give_mean_zero_and_variance_one_whatever_they_are(power):
    layer = TwoSidedPower()
    layer.build((None, 1, 1))
    for variable, value in ((layer.left, 1.0), (layer.right, -3.0), (layer.skew, -0.1)):
        variable.assign([value])

    def moment(z):
        shock = float(numpy(layer(np.full((1, 1, 1), z, "float32"))).item())
        return shock**power * norm.pdf(z)

    below, above = (quad(moment, *ends, epsabs=1e-4)[0] for ends in ((-8, 0), (0, 8)))
    assert below + above == pytest.approx(power - 1.0, abs=2e-3)


def test_a_power_of_one_is_the_identity():
    layer, noise = TwoSidedPower(), normals(1, 50, 2)
    layer.build(noise.shape)
    for side in (layer.left, layer.right):
        side.assign([-20.0, -20.0])
    np.testing.assert_allclose(numpy(layer(noise)), noise, atol=1e-4)


def test_a_bound_is_the_identity_around_zero_and_never_passed():
    found = numpy(Bounded(1.5)(np.array([0.01, 50.0, -50.0], "float32")))
    np.testing.assert_allclose(found, [0.01, 1.5, -1.5], rtol=1e-4)
