"""Tests of the market generator of several assets."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import kurtosis

from keras_wgan.networks import MarketGenerator, market_generator

HISTORY = 40


def _returns(generator, batch=400, seed=0):
    noise = np.random.default_rng(seed).normal(size=(batch, *generator.input_shape[1:]))
    return ops.convert_to_numpy(generator(noise.astype("float32")))


def _market(assets=4, days=20):
    return MarketGenerator(market_generator(days, history=HISTORY, assets=assets))


def test_its_weights_grow_with_the_assets_but_for_their_correlations():
    small, large = (market_generator(20, history=HISTORY, assets=n) for n in (10, 20))
    own = [model.count_params() - n**2 for model, n in ((small, 10), (large, 20))]
    none = 2 * own[0] - own[1]  # what does not depend on the assets
    bigger = market_generator(20, history=HISTORY, assets=40).count_params() - 40**2
    assert bigger == none + 4 * (own[0] - none)
    assert large.count_params() < 2_000


def test_every_weight_of_the_past_is_shrunk_and_no_other():
    model = _market().model
    shrunk = {weight.path.split("/")[0] for weight in model.weights if weight.regularizer}
    assert shrunk == {
        "volatility_from_moves",
        "volatility_from_trends",
        "volatility_from_market",
        "volatility_from_news",
        "share_from_market",
        "drift_from_shocks",
        "drift_when_volatile",
    }


@pytest.mark.parametrize(
    ("assets", "expected"), [(2, 4.0), (5, 3.2), (10, 0.8), (20, 0.2), (30, 0.2)]
)
def test_weights_that_few_assets_tell_are_shrunk_more(assets, expected):
    model = market_generator(20, history=HISTORY, assets=assets)
    kernels = [each for each in model.weights if each.regularizer and "gain" not in each.path]
    shrinkages = [float(kernel.regularizer.l2) for kernel in kernels]
    np.testing.assert_allclose(shrinkages, expected, rtol=1e-6)


def test_no_move_ever_lowers_the_volatility_that_divides_it():
    market = _market()
    raising = {
        weight.path
        for weight in market.model.weights
        if isinstance(weight.constraint, keras.constraints.NonNeg)
    }
    assert raising == {
        f"{name}/kernel"
        for name in (
            "volatility_from_moves",
            "volatility_from_trends",
            "volatility_from_market",
            "volatility_from_news",
            "share_from_market",
        )
    }
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(market.model.trainable_variables)
    optimizer.apply(
        [
            ops.convert_to_tensor(np.ones(weight.shape, "float32"))
            for weight in market.model.trainable_variables
        ]
    )
    lowest = {
        weight.path: ops.convert_to_numpy(weight).min()
        for weight in market.model.trainable_variables
    }
    assert all(lowest[path] == 0.0 for path in raising)
    assert lowest["volatility_from_moves/log_gain"] == -1.0


def test_untrained_assets_are_independent_and_have_the_volatility_of_the_level():
    market = _market()
    returns = _returns(market.model, batch=2000).reshape(-1, 4)
    correlations = np.corrcoef(returns, rowvar=False)[np.triu_indices(4, 1)]
    np.testing.assert_allclose(correlations, 0.0, atol=0.03)
    level = np.exp(
        float(ops.convert_to_numpy(market.form.log_volatility(np.zeros((1, 1, 4)))[0, 0, 0]))
    )
    np.testing.assert_allclose(returns.std(axis=0), level, rtol=0.05)


@pytest.mark.slow
def test_a_volatile_market_makes_all_correlations_rise_and_volatilities_too():
    market = _market()
    low, high = (
        market.form.shocks(np.random.default_rng(0).normal(size=(100_000, 4)), share)
        for share in (0.0, np.log(3.0))
    )
    # Equal loadings of one half: a variance of 1/4 becomes 9/4, and so does each covariance less
    # the -1/4 of all other news: (9/4 - 1/4) / (9/4 + 3/4).
    pairs = np.triu_indices(4, 1)
    np.testing.assert_allclose(np.corrcoef(low, rowvar=False)[pairs], 0.0, atol=0.02)
    np.testing.assert_allclose(np.corrcoef(high, rowvar=False)[pairs], 2 / 3, atol=0.03)


@pytest.mark.slow
def test_a_common_scale_gives_tails_to_any_portfolio_without_the_market():
    market = _market()
    noise = np.random.default_rng(0).normal(size=(200_000, 4))
    for side in (market.form.tail.left, market.form.tail.right):
        side.assign([-20.0] * 4)
    market.form.news.logit.assign(1.0)
    spread = float(ops.convert_to_numpy(market.form.news.spread()))
    hedged = market.form.shocks(noise, 0.0) @ np.array([1.0, -1.0, 1.0, -1.0])
    assert 0.4 < spread < 0.5 and kurtosis(hedged) > 2.0
    market.form.news.logit.assign(-20.0)
    assert kurtosis(market.form.shocks(noise, 0.0) @ [1.0, -1.0, 1.0, -1.0]) < 0.1


@pytest.mark.slow
def test_the_past_of_the_market_moves_the_volatility_of_every_asset():
    market = _market()
    kernel = np.zeros(market.form.volatility_from_market.kernel.shape, "float32")
    kernel[4] = 0.5  # yesterday's rise of the market, mostly
    market.form.volatility_from_market.kernel.assign(kernel)
    noise = np.random.default_rng(0).normal(size=(1, HISTORY + 20, 4)).astype("float32")
    fallen = noise.copy()
    fallen[:, HISTORY - 1] += 2.0
    (before, *_), (after, *_) = (
        market.remembering(20, HISTORY)([each, np.ones((1, HISTORY + 20, 1), "float32")])
        for each in (noise, fallen)
    )
    rise = ops.convert_to_numpy(after)[0, 0] - ops.convert_to_numpy(before)[0, 0]
    assert (rise > 0.1).all() and np.ptp(rise) < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("feature", ["of the market", "of each asset"])
def test_a_trend_raises_volatility_whichever_way_it_goes(feature):
    market = _market()
    if feature == "of the market":
        kernel, place = market.form.volatility_from_news.kernel, 7  # its half-life of 3 days
    else:
        kernel, place = market.form.volatility_from_trends.kernel, 1
    weights = np.zeros(kernel.shape, "float32")
    weights[place] = 0.5
    kernel.assign(weights)
    present = np.ones((1, HISTORY + 20, 1), "float32")
    quiet = np.zeros((1, HISTORY + 20, 4), "float32")
    first = []
    for trend in (0.0, 1.0, -1.0):
        noise = quiet.copy()
        noise[:, HISTORY - 5 : HISTORY] = trend
        log_volatility, *_ = market.remembering(20, HISTORY)([noise, present])
        first.append(ops.convert_to_numpy(log_volatility)[0, 0])
    calm, up, down = first
    assert (up - calm > 0.1).all()
    np.testing.assert_allclose(up, down, atol=1e-5)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_training_never_lets_an_error_of_past_shocks_grow_through_the_drift(sign):
    market = _market()
    optimizer = keras.optimizers.SGD(1.0)
    drifts = [market.form.drift_from_shocks, market.form.drift_when_volatile]
    weights = [weight for drift in drifts for weight in drift.trainable_variables]
    optimizer.build(weights)
    optimizer.apply(
        [ops.convert_to_tensor(np.full(each.shape, sign, "float32")) for each in weights]
    )
    # An average of days of one, with unit variance for white noise.
    kept = 2.0 ** (-1.0 / np.array([1.0, 3.0, 8.0]))
    averages = np.sqrt(1 - kept**2) * sum(kept**age for age in range(200))
    passed_on = [np.abs(ops.convert_to_numpy(drift.of_each_asset())) @ averages for drift in drifts]
    gain = np.exp(-1.0) if sign > 0 else 1.0
    np.testing.assert_allclose(passed_on, [[0.2 * gain] * 4, [0.6 * gain] * 4], rtol=1e-5)


def test_in_wild_days_a_move_comes_back_that_goes_on_in_calm_ones():
    market = _market()
    market.form.drift_when_volatile.kernel.assign([[-0.5], [0.0], [0.0]])
    noise = np.zeros((1, HISTORY + 20, 4), "float32")
    noise[:, HISTORY - 1] = 2.0  # a rise of every asset on the day before
    present = np.ones((1, HISTORY + 20, 1), "float32")
    first = []
    for level in (-1.0, 1.0):  # of the logarithm of volatility
        market.form.log_volatility.level.assign([level] * 4)
        log_volatility, drift, _ = market.remembering(20, HISTORY)([noise, present])
        first.append([ops.convert_to_numpy(each)[0, 0] for each in (log_volatility, drift)])
    yesterday = np.sqrt(1 - 0.5**2) * 2.0  # in the average with a half-life of a day
    for log_volatility, drift in first:
        np.testing.assert_allclose(drift, -0.5 * yesterday * np.tanh(log_volatility), rtol=1e-5)
    assert (first[0][1] > 0.2).all() and (first[1][1] < -0.2).all()


def test_quiet_news_leaves_the_markets_share_as_it_is():
    market = _market()
    market.form.share_from_market.kernel.assign(np.full((10, 1), 0.1))
    direction = ops.convert_to_numpy(market.form.correlation.direction()[0])
    noise = np.random.default_rng(0).normal(size=(1, HISTORY + 20, 4))
    of_market = (noise @ direction)[..., None] * direction
    present = np.ones((1, HISTORY + 20, 1), "float32")
    shares = [
        ops.convert_to_numpy(market.remembering(20, HISTORY)([each.astype("float32"), present])[2])
        for each in (noise, of_market + 0.5 * (noise - of_market))
    ]
    assert np.ptp(shares[0]) > 0.05
    np.testing.assert_allclose(shares[1], shares[0], atol=1e-5)
