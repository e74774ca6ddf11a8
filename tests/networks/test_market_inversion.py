"""Tests of the inversion of a market generator."""

import numpy as np
import pytest
from keras import ops
from scipy.stats import norm

from keras_wgan.networks import (
    MarketGenerator,
    classic_returns_generator,
    explain_returns,
    market_generator,
)

HISTORY = 64


def _market(assets=1, deviation=0.05, days=100, weights_seed=0):
    generator = market_generator(days, history=HISTORY, assets=assets)
    rng = np.random.default_rng(weights_seed)
    generator.set_weights(
        [
            w + deviation * rng.normal(size=w.shape).astype("float32")
            for w in generator.get_weights()
        ]
    )
    return generator


def _drawn(generator, batch=2, seed=1):
    noise = np.random.default_rng(seed).normal(size=(batch, *generator.input_shape[1:]))
    noise = noise.astype("float32")
    return noise, ops.convert_to_numpy(generator(noise))


@pytest.mark.slow
@pytest.mark.parametrize("assets", [1, 2, 5])
def test_the_noise_of_drawn_paths_is_recovered(assets):
    generator = _market(assets)
    noise, returns = _drawn(generator)
    found = explain_returns(generator, returns, noise[:, :HISTORY])
    np.testing.assert_allclose(found.noise, noise[:, HISTORY:], atol=1e-3)


@pytest.mark.slow
def test_volatility_is_that_of_the_drawn_paths():
    generator = _market()
    noise, returns = _drawn(generator)
    found = explain_returns(generator, returns, noise[:, :HISTORY])
    changed = noise.copy()
    changed[:, -1] = 0.7  # the last day's shock alone scales with its volatility
    other = ops.convert_to_numpy(generator(changed))[:, -1] - returns[:, -1]
    tail = MarketGenerator(generator).form.tail
    moved = ops.convert_to_numpy(tail(changed[:, -1:])) - ops.convert_to_numpy(tail(noise[:, -1:]))
    np.testing.assert_allclose(other, found.volatility[:, -1] * moved[:, 0], rtol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("assets", [1, 4])
def test_the_density_is_that_of_the_noise_over_the_slope_of_a_day(assets):
    generator = _market(assets)
    noise, returns = _drawn(generator, batch=1)
    found = explain_returns(generator, returns, noise[:, :HISTORY])
    slopes, step = np.empty((assets, assets)), 1e-2
    for asset in range(assets):
        ends = [noise.copy(), noise.copy()]
        ends[0][0, -1, asset] += step
        ends[1][0, -1, asset] -= step
        above, below = (ops.convert_to_numpy(generator(end))[0, -1] for end in ends)
        slopes[:, asset] = (above - below) / (2 * step)
    mixing = MarketGenerator(generator).form.inverse().mixing  # of a constant determinant
    exact = -(noise[0, -1] ** 2).sum() / 2 - np.linalg.slogdet(slopes)[1]
    exact += np.linalg.slogdet(mixing)[1]
    assert found.log_density[0, -1] == pytest.approx(exact, abs=2e-3 * assets)


def test_days_before_the_first_leave_no_trace_where_no_noise_is_given():
    generator = _market()
    _, returns = _drawn(generator)
    first = explain_returns(generator, returns).volatility[:, 0, 0]
    # With every average and every recent day at its mean.
    state = MarketGenerator(generator).remembering(1, HISTORY)
    noise, absent = np.ones((2, 1, HISTORY + 1, 1), "float32") * [[[[5.0]]], [[[0.0]]]]
    known = ops.convert_to_numpy(state([noise, absent])[0])
    np.testing.assert_allclose(first, np.exp(known).item(), rtol=1e-6)


@pytest.mark.slow
def test_the_density_of_a_normal_market_is_the_normal_one():
    generator = market_generator(80, history=HISTORY)
    tail = MarketGenerator(generator).form.tail
    for side in (tail.left, tail.right):
        side.assign([-20.0])  # no tail weight: an untrained market of normal returns
    _, returns = _drawn(generator)
    found = explain_returns(generator, returns)
    exact = norm.logpdf(returns[..., 0], scale=found.volatility[0, 0, 0])
    np.testing.assert_allclose(found.log_density - 0.5 * np.log(2 * np.pi), exact, atol=1e-3)


@pytest.mark.parametrize(
    ("shape", "message"),
    [((1, 59, 1), "at least 60 days"), ((1, 80, 2), r"\(batch, days, 1\)"), ((80, 1), "batch")],
)
def test_returns_of_another_shape_are_refused(shape, message):
    with pytest.raises(ValueError, match=message):
        explain_returns(_market(), np.zeros(shape))


@pytest.mark.slow
def test_a_gap_in_the_returns_is_refused():
    returns = np.zeros((1, 80, 1))
    returns[0, 3] = np.nan
    with pytest.raises(ValueError, match="`returns` must be finite. Received: 1 of 80 returns NaN"):
        explain_returns(_market(), returns)


def test_a_past_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"`before` must be .* here \(1, 64, 1\)"):
        explain_returns(_market(), np.zeros((1, 80, 1)), np.zeros((1, 63, 1)))


def test_a_network_of_fixed_length_is_refused():
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        explain_returns(classic_returns_generator(), np.zeros((1, 80, 1)))
