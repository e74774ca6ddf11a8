"""Tests of the market generator, its layers and its critic."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.integrate import quad
from scipy.signal import lfilter
from scipy.stats import norm

from keras_wgan.networks import (
    MarketGenerator,
    joint_form,
    market_critic,
    market_generator,
    shock_memory_form,
)
from keras_wgan.networks.market_layers import (
    CorrelatedShocks,
    ShockMemory,
    TwoSidedTail,
    VolatilityBand,
)
from keras_wgan.networks.path_views import PathViews


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)


def _noise(days, batch=3, assets=1, seed=0):
    return np.random.default_rng(seed).normal(size=(batch, days, assets)).astype("float32")


def _randomized(generator, seed=0):
    rng = np.random.default_rng(seed)
    generator.set_weights(
        [w + 0.1 * rng.normal(size=w.shape).astype("float32") for w in generator.get_weights()]
    )
    return generator


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("days", [1, 20, 64, 65, 200])
def test_memory_is_a_recursive_filter_of_yesterday(days, channels):
    noise, half_lives, history = _noise(80 + days, assets=channels), (2.0, 30.0), 80
    remembered = _numpy(ShockMemory(half_lives, history)(noise))
    for channel in range(channels):
        for k, half_life in enumerate(half_lives):
            kept = 0.5 ** (1 / half_life)
            # Its own recursion, m_t = kept m_(t-1) + sqrt(1 - kept^2) z_(t-1), from zero.
            exact = lfilter([0.0, np.sqrt(1 - kept**2)], [1.0, -kept], noise[:, :, channel], axis=1)
            np.testing.assert_allclose(
                remembered[:, :, 2 * channel + k], exact[:, history:], atol=2e-5
            )


def test_volatility_is_monotone_between_floor_and_ceiling():
    inputs = np.linspace(-5, 5, 101, dtype="float32")[None, :, None]
    assert (np.diff(_numpy(VolatilityBand()(inputs))[0, :, 0]) >= 0).all()
    ends = _numpy(VolatilityBand(floor=-1.0, ceiling=2.0)(10 * inputs[:, [0, -1]]))
    np.testing.assert_allclose(ends.ravel(), [-1.0, 2.0], atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("power", [1, 2])
def test_tail_has_mean_zero_and_variance_one_whatever_its_weights(power):
    tail = TwoSidedTail()
    tail.build((None, 1, 1))
    for variable, value in ((tail.left, -0.5), (tail.right, -3.0), (tail.skew, -0.1)):
        variable.assign([value])

    def moment(z):
        shock = float(_numpy(tail(np.full((1, 1, 1), z, "float32"))).item())
        return shock**power * norm.pdf(z)

    found = quad(moment, -12, 0, limit=200)[0] + quad(moment, 0, 12, limit=200)[0]
    assert found == pytest.approx(power - 1.0, abs=2e-3)


def test_tail_without_weight_or_skew_is_the_identity():
    tail = TwoSidedTail(weight=1e-6)
    noise = _noise(50)
    np.testing.assert_allclose(_numpy(tail(noise)), noise, atol=1e-4)


def test_correlated_shocks_have_the_correlation_of_their_factor():
    layer = CorrelatedShocks()
    layer.build((None, 10, 2))
    layer.below.assign([[0.0, 0.0], [0.75, 0.0]])
    # Row (0.75, 1) has length 1.25: the correlation is 0.75 / 1.25.
    np.testing.assert_allclose(_numpy(layer.factor()), [[1.0, 0.0], [0.6, 0.8]], atol=1e-6)


def test_views_show_the_sum_of_five_days():
    returns = np.zeros((1, 60, 1), "float32")
    returns[0, 10:15] = 1.0
    views = _numpy(PathViews()(returns))
    assert views[0, 14, 2] == pytest.approx(np.arcsinh(5.0 / np.sqrt(5.0)), rel=1e-5)
    assert views[0, 3, 2] == 0.0  # no five whole days yet


@pytest.mark.slow
def test_a_loaded_market_generator_knows_its_layers(tmp_path):
    model = market_generator(days=20, history=40, assets=2)
    model.save(tmp_path / "market.keras")
    market = MarketGenerator(keras.saving.load_model(tmp_path / "market.keras"))
    assert (market.days, market.history, market.assets) == (20, 40, 2)
    assert market.half_lives == [1, 3, 8, 20, 60, 150]
    assert isinstance(market.form.correlation, CorrelatedShocks)
    longer = market.with_days(30, history=50)
    assert longer.model.input_shape == (None, 80, 2)


def test_an_untrained_market_is_iid_noise_of_one_volatility():
    generator = market_generator(days=30, history=40)
    noise = _noise(70)
    one = _noise(70, seed=1)
    one[:, 40:] = noise[:, 40:]  # another past, the same days
    np.testing.assert_allclose(_numpy(generator(noise)), _numpy(generator(one)), atol=1e-6)


def test_no_return_depends_on_the_future():
    generator = _randomized(market_generator(days=30, history=40))
    noise = _noise(70)
    changed = noise.copy()
    changed[:, 60:] = 9.0
    before, after = _numpy(generator(noise)), _numpy(generator(changed))
    np.testing.assert_allclose(before[:, :20], after[:, :20], atol=1e-5)
    assert not np.allclose(before[:, 20:], after[:, 20:])


def test_a_return_depends_on_the_past():
    generator = _randomized(market_generator(days=30, history=40))
    noise = _noise(70)
    changed = noise.copy()
    changed[:, 0] = 9.0
    assert not np.allclose(_numpy(generator(noise)), _numpy(generator(changed)), atol=1e-4)


@pytest.mark.slow
def test_another_horizon_has_the_same_weights_and_the_same_first_days():
    month = _randomized(market_generator(days=20, history=40))
    year = MarketGenerator(month).with_days(150).model
    noise = _noise(190)
    np.testing.assert_allclose(
        _numpy(year(noise))[:, :20], _numpy(month(noise[:, :60])), rtol=1e-4, atol=1e-5
    )
    assert year.output_shape == (None, 150, 1)


def test_another_network_is_refused():
    fixed = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5)], name="fixed")
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`.*fixed"):
        MarketGenerator(fixed)


def test_a_generator_of_a_version_between_releases_is_refused_when_it_is_made_longer(monkeypatch):
    monkeypatch.setattr(joint_form, "HALF_LIVES", (1.0, 3.0, 8.0, 20.0, 60.0))
    between = MarketGenerator(market_generator(days=20, history=40, assets=3))
    monkeypatch.undo()
    with pytest.raises(ValueError, match="`generator` must be of a released .* Train the run agai"):
        between.with_days(30)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"days": 0}, "`days` must be a whole number of at least 1. Received: days=0"),
        ({"history": 0}, "`history` must be a whole number of at least 1. Received: history=0"),
        ({"assets": 0}, "`assets` must be a whole number of at least 1. Received: assets=0"),
    ],
)
def test_too_small_a_market_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        market_generator(**arguments)


def test_a_critic_of_windows_shorter_than_its_sums_is_refused():
    with pytest.raises(
        ValueError, match="`days` must be a whole number of at least 20. Received: days=19"
    ):
        market_critic(19)


def test_a_critic_of_many_assets_looks_at_eight_portfolios_of_them():
    assert market_critic(20, assets=30).get_layer("views").output.shape == (None, 20, 7 * 8)
    assert market_critic(20, assets=3).get_layer("views").output.shape == (None, 20, 7 * 3)


@pytest.mark.slow
def test_several_assets_share_days_but_not_returns():
    generator = _randomized(market_generator(days=30, history=40, assets=2))
    returns = _numpy(generator(_noise(70, assets=2)))
    assert returns.shape == (3, 30, 2)
    assert market_critic(30, assets=2)(returns).shape == (3, 1)
    assert not np.allclose(returns[..., 0], returns[..., 1])


@pytest.mark.slow
def test_a_saved_market_makes_the_same_returns(tmp_path):
    generator = _randomized(market_generator(days=20, history=40, assets=2))
    generator.save(tmp_path / "market.keras")
    noise = _noise(60, assets=2)
    loaded = keras.saving.load_model(tmp_path / "market.keras")
    np.testing.assert_allclose(_numpy(loaded(noise)), _numpy(generator(noise)), atol=1e-6)


def test_the_drift_knows_no_sizes_and_no_shock_of_long_ago():
    generator = market_generator(days=1, history=200)
    drift = keras.Model(generator.input, generator.get_layer("drift").output)
    generator.get_layer("drift").kernel.assign([[1.0]] * 4)
    noise = _noise(201, batch=1)
    weights = sum(
        np.sqrt(1 - kept**2) * kept ** np.arange(200)[::-1]
        for kept in (0.5 ** (1 / half_life) for half_life in (0.1, 1.0, 3.0, 8.0))
    )
    found = _numpy(drift(noise)).item()
    assert found == pytest.approx(weights @ noise[0, :200, 0], abs=1e-5)
    assert _numpy(drift(-noise)).item() == pytest.approx(-found, abs=1e-6)


def test_a_generator_of_version_0_1_keeps_its_drift_for_any_number_of_days():
    drift = shock_memory_form._drift_of_version_0_1
    older = _randomized(shock_memory_form.shock_memory_generator(20, 60, 2, drift))
    noise = _noise(100, assets=2)
    longer = MarketGenerator(older).with_days(40)
    assert longer.model.get_layer("drift_from_hidden").kernel.shape == (24, 2)
    np.testing.assert_allclose(
        _numpy(longer.model(noise))[:, :20], _numpy(older(noise[:, :80])), atol=1e-5
    )
