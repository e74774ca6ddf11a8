"""Tests of the states in which paths begin."""

import numpy as np
import pytest
from keras import ops

from keras_wgan import _latent_blocks, latents
from keras_wgan.market import noise_search
from keras_wgan.market import states as states_module
from keras_wgan.market.regimes import VolatilityState, percentile_band
from keras_wgan.market.states import InitialStates
from keras_wgan.networks import MarketGenerator, explain_returns, market_generator
from keras_wgan.networks.invertibility import LOWEST
from keras_wgan.networks.single_form import SIGNED

HISTORY = 64


@pytest.fixture
def states(monkeypatch):
    """Returns the states of a market whose volatility follows the size of past shocks."""
    monkeypatch.setattr(states_module, "STARTS", 2000)
    monkeypatch.setattr(states_module, "SEARCHED", 1000)
    monkeypatch.setattr(noise_search, "CANDIDATES", 3)
    generator = MarketGenerator(market_generator(20, history=HISTORY))
    kernel = generator.form.volatility_from_moves.kernel
    kernel.assign(np.full(kernel.shape, 0.1))  # falls and rises alike
    return InitialStates(generator, latents.Normal((HISTORY, 1)), [0.01])


@pytest.mark.parametrize(
    ("asked", "band"),
    [("calm", (0, 25)), ("normal", (25, 75)), (1, (0, 3.5)), (99, (96.5, 100)), ((5, 6), (5, 6))],
)
def test_what_is_asked_for_is_a_band_of_percentiles(asked, band):
    assert percentile_band(asked) == band


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("wild", "A regime is one of calm, normal, crisis. Received: wild"),
        (101, "`percentile` must be a number from 0 to 100. Received: percentile=101"),
        ((60, 40), "`percentile` must be two numbers from 0 to 100"),
        (float("nan"), "`percentile` must be a number from 0 to 100"),
    ],
)
def test_what_is_no_percentile_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        percentile_band(asked)


def test_a_state_is_said_for_a_year():
    state = VolatilityState(daily=0.01, percentile=36.6)
    assert state.annualized == pytest.approx(0.01 * 252**0.5)
    assert str(state) == "15.9% a year, percentile 37"


@pytest.mark.parametrize(("numbers", "expected"), [(2**26, 600), (400 * HISTORY, 400), (1, 90)])
def test_fewer_starts_are_behind_the_percentiles_where_each_is_large(
    numbers, expected, monkeypatch
):
    monkeypatch.setattr(states_module, "STARTS", 600)
    monkeypatch.setattr(states_module, "FEWEST_STARTS", 90)
    monkeypatch.setattr(_latent_blocks, "NUMBERS", numbers)
    generator = MarketGenerator(market_generator(20, history=HISTORY))
    states = InitialStates(generator, latents.Normal((HISTORY, 1)), [0.01])
    assert len(states._levels) == expected


def test_a_quarter_of_other_starts_lies_below_percentile_25(states):
    pasts = np.random.default_rng(0).normal(size=(4000, HISTORY, 1))
    share = np.mean(states.percentile(states.volatility(pasts)) < 25.0)
    assert share == pytest.approx(0.25, abs=0.04)


@pytest.mark.slow
def test_the_volatility_of_a_start_is_that_of_its_first_day(states):
    past = np.random.default_rng(1).normal(size=(1, HISTORY, 1))
    noise = np.zeros((2000, HISTORY + 1, 1), "float32")
    noise[:, :-1] = past
    noise[:, -1, 0] = np.random.default_rng(2).normal(size=2000)
    drawn = 0.01 * np.asarray(states.generator.predict(noise, verbose=0))
    assert states.volatility(past)[0] == pytest.approx(drawn.std(), rel=0.1)


@pytest.mark.slow
def test_a_filtered_series_has_the_volatility_that_drew_it(states, monkeypatch):
    monkeypatch.setattr(noise_search, "OBSERVED", 128)
    monkeypatch.setattr(noise_search, "YEAR", 64)
    noise = np.random.default_rng(3).normal(size=(1, HISTORY + 260, 1)).astype("float32")
    whole = MarketGenerator(states.generator).with_days(260).model
    returns = np.asarray(whole.predict(noise, verbose=0))[0]
    found = states.filtered(returns)
    exact = noise_search.explain_returns(whole, returns[None], noise[:, :HISTORY]).volatility
    assert np.isnan(found[:128]).all()
    np.testing.assert_allclose(found[128:], 0.01 * exact[0, 128:, 0], rtol=0.05)


def test_a_series_shorter_than_three_years_is_not_filtered(states):
    with pytest.raises(ValueError, match="`returns` must hold at least 756 days"):
        states.filtered(np.zeros((755, 1)))


@pytest.fixture
def observed(states, monkeypatch):
    """Returns 320 returns of the market, and the noise that made them."""
    monkeypatch.setattr(noise_search, "OBSERVED", 192)  # the oldest noise of a state is found last
    monkeypatch.setattr(noise_search, "YEAR", 40)
    noise = np.random.default_rng(3).normal(size=(1, HISTORY + 320, 1)).astype("float32")
    whole = MarketGenerator(states.generator).with_days(320).model
    return np.asarray(whole.predict(noise, verbose=0))[0], noise[0]


@pytest.mark.slow
def test_returns_of_another_level_are_refused_once_and_warned_of_in_a_series(monkeypatch):
    monkeypatch.setattr(noise_search, "CANDIDATES", 3)
    generator = MarketGenerator(market_generator(20, history=HISTORY, assets=2))
    states = InitialStates(generator, latents.Normal((HISTORY, 2)), [0.01, 0.01])
    returns = np.random.default_rng(0).normal(size=(200, 2))
    returns[:, 1] *= 3.0
    with pytest.raises(ValueError, match="No state .* behind these 200 returns of asset 2 of 2"):
        states.after(returns)
    with pytest.warns(UserWarning, match="2 of 2 states are uncertain. Of the first, .* asset 2"):
        found = list(states.after_each(returns, [190, 200]))
    assert [state.shape for state in found] == [(HISTORY, 2)] * 2


@pytest.mark.slow
def test_the_first_state_of_a_year_is_the_one_found_alone(states, observed):
    returns, _ = observed
    found = list(states.after_each(returns, [220, 230, 265]))  # 265 begins another year
    np.testing.assert_array_equal(found[0], states.after(returns[:220]))
    np.testing.assert_array_equal(found[2], states.after(returns[:265]))


@pytest.mark.slow
def test_each_state_of_a_year_is_the_noise_that_made_the_days_before_it(states, observed):
    returns, noise = observed
    for start, state in zip(
        (220, 230, 258), states.after_each(returns, [220, 230, 258]), strict=True
    ):
        made = noise[start : start + HISTORY]  # the last HISTORY days before the start
        np.testing.assert_allclose(state, made, atol=0.02)


@pytest.mark.slow
def test_no_state_depends_on_later_returns(states, observed):
    returns, _ = observed
    changed = returns.copy()
    changed[160:] *= -3.0
    before, after = (list(states.after_each(path, [150, 160, 188])) for path in (returns, changed))
    for ours, theirs in zip(before[:2], after[:2], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert np.abs(before[2] - after[2]).max() > 1.0


@pytest.mark.slow
def test_one_search_serves_a_year(states, observed, monkeypatch):
    searches = []
    explain = noise_search.explain_returns
    monkeypatch.setattr(
        noise_search, "explain_returns", lambda *given: searches.append(1) or explain(*given)
    )
    list(states.after_each(observed[0], range(130, 170, 5)))
    assert len(searches) == 1


@pytest.mark.slow
@pytest.mark.parametrize("starts", [[150, 140], [321]])
def test_starts_out_of_order_or_beyond_the_days_are_refused(states, observed, starts):
    with pytest.raises(ValueError, match="`starts` must be in ascending order"):
        list(states.after_each(observed[0], starts))


@pytest.mark.slow
@pytest.mark.parametrize("trend", [-0.7, 0.0, 0.7])
def test_several_assets_forget_the_noise_that_a_search_assumes_before_the_returns(trend):
    market = MarketGenerator(market_generator(300, history=HISTORY, assets=3))
    form = market.form
    for layer, weight in (
        (form.volatility_from_moves, 0.07),
        (form.volatility_from_market, 0.05),
        (form.volatility_from_news, 0.05),
        (form.share_from_market, 0.07),
    ):
        layer.kernel.assign(np.full(layer.kernel.shape, weight))
    for drift in (form.drift_from_shocks, form.drift_when_volatile):
        drift.kernel.assign(drift.constraint(ops.full(drift.kernel.shape, -1.0)))
    _assert_forgotten(market, trend)


@pytest.mark.slow
@pytest.mark.parametrize("trend", [-0.7, 0.0, 0.7])
def test_one_asset_forgets_the_noise_that_a_search_assumes_before_the_returns(trend):
    market = MarketGenerator(market_generator(300, history=HISTORY))
    form = market.form
    kernel = np.full(form.volatility_from_moves.kernel.shape, 0.1)
    kernel[[0, SIGNED]] = LOWEST  # as much as yesterday's moves may lower
    form.volatility_from_moves.kernel.assign(kernel)
    drift = form.drift.kernel
    drift.assign(drift.constraint(ops.full(drift.shape, -1.0)))
    _assert_forgotten(market, trend)


def _assert_forgotten(market, trend):
    """Asserts that two pasts are both forgotten, also in a long rally or a long fall."""
    shape = (1, HISTORY, market.assets)
    noise = np.random.default_rng(0).normal(size=(1, HISTORY + 300, market.assets))
    noise = noise.astype("float32")
    noise[:, HISTORY:] += trend
    returns = np.asarray(ops.convert_to_numpy(market.model(noise)))
    found = [
        explain_returns(market.model, returns, np.random.default_rng(seed).normal(size=shape))
        for seed in (1, 2)
    ]
    for each in found:
        np.testing.assert_allclose(each.noise[:, -50:], noise[:, -50:], atol=0.05)
    assert np.abs(found[0].noise[:, 0] - found[1].noise[:, 0]).max() > 0.05  # at first it matters
