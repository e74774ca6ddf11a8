"""Correlations over time, short and long, against plain loops and closed forms."""

import numpy as np
import pytest

from keras_wgan.metrics import clustering_decay
from keras_wgan.metrics.returns.autocorrelation import coarse_fine_asymmetry, lagged_correlations


def correlation_in_plain_loops(leading, following, lag):
    products = [
        (a[day] - leading.mean()) * (b[day + lag] - following.mean())
        for a, b in zip(leading, following, strict=True)
        for day in range(len(a) - lag)
    ]
    return np.mean(products) / (leading.std() * following.std())


def test_correlations_agree_with_plain_loops():
    rng = np.random.default_rng(0)
    leading, following = rng.normal(1.0, 2.0, size=(30, 12)), rng.uniform(size=(30, 12))
    plain = [correlation_in_plain_loops(leading, following, lag) for lag in (1, 2, 3)]
    np.testing.assert_allclose(lagged_correlations(leading, following, 3), plain, rtol=1e-10)


def test_an_echo_is_found_at_its_lag_and_in_its_direction():
    rng = np.random.default_rng(1)
    first = rng.normal(size=(500, 60))
    echo = np.concatenate([rng.normal(size=(500, 3)), first[:, :-3]], axis=1)
    later, earlier = lagged_correlations(first, echo, 5), lagged_correlations(echo, first, 5)
    assert later[2] == pytest.approx(1.0, abs=0.02)
    assert np.abs(np.delete(later, 2)).max() < 0.02 and np.abs(earlier).max() < 0.02


def test_a_known_leverage_effect_has_its_closed_form():
    # r_t = e_t exp(-c e_{t-1}): a loss today makes tomorrow wilder, and no later day.
    c = 0.2
    shocks = np.random.default_rng(2).normal(size=(10_000, 61))
    returns = shocks[:, 1:] * np.exp(-c * shocks[:, :-1])
    found = lagged_correlations(returns, returns**2, 3)
    spread = np.sqrt(3.0 * np.exp(8 * c**2) - np.exp(4 * c**2))
    assert found[0] == pytest.approx(-2 * c * np.exp(1.5 * c**2) / spread, abs=0.005)
    np.testing.assert_allclose(found[1:], 0.0, atol=0.005)


def test_a_constant_has_no_correlation():
    assert np.isnan(lagged_correlations(np.ones((5, 9)), np.ones((5, 9)), 2)).all()


def test_time_run_backwards_turns_the_asymmetry_round():
    returns = np.random.default_rng(3).standard_t(4, size=(300, 60))
    forward, backward = coarse_fine_asymmetry(returns), coarse_fine_asymmetry(returns[:, ::-1])
    assert forward == pytest.approx(-backward, rel=1e-9)


def test_coarse_volatility_that_foretells_busy_days_makes_the_asymmetry_negative():
    # Whether a week goes one way (coarse 5, fine 5) or to and fro (coarse 1, fine 5) says how busy
    # the next one is, whose moves are 3 or 1 to and fro: fine follows coarse, not the reverse.
    straight, mixed = np.ones(5), np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    windows = np.array([[*straight, *(3.0 * mixed)], [*mixed, *mixed]] * 50)
    coarse, fine = np.array([[5.0, 3.0], [1.0, 1.0]]), np.array([[5.0, 15.0], [5.0, 5.0]])
    expected = correlation_in_plain_loops(fine, coarse, 1)
    expected -= correlation_in_plain_loops(coarse, fine, 1)
    assert coarse_fine_asymmetry(windows) == pytest.approx(expected, rel=1e-9)
    assert expected < -0.1


def test_windows_under_two_weeks_have_no_asymmetry():
    assert np.isnan(coarse_fine_asymmetry(np.random.default_rng(0).normal(size=(100, 9))))


def test_the_decay_of_the_market_is_slow():
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    assert 0.2 < clustering_decay(returns) < 0.6  # the papers find .1 to .5


def test_an_autocorrelation_that_is_a_power_law_gives_its_power(monkeypatch):
    lags = np.arange(1, 101)
    monkeypatch.setattr(
        "keras_wgan.metrics.returns.autocorrelation.lagged_correlations",
        lambda *_: 0.3 * lags**-0.4,
    )
    assert clustering_decay(np.zeros(1000)) == pytest.approx(0.4, rel=1e-9)


def test_fractional_noise_in_the_volatility_decays_by_its_known_power():
    # A stationary Gaussian log volatility with covariance ~ k^-(1-2d), by its moving average.
    d, days = 0.3, 2**18
    weights = np.cumprod(np.concatenate([[1.0], 1.0 - (1.0 - d) / np.arange(1, days)]))
    rng = np.random.default_rng(4)
    spectrum = np.fft.rfft(weights, 2 * days) * np.fft.rfft(rng.normal(size=days), 2 * days)
    volatility = np.exp(0.3 * np.fft.irfft(spectrum)[days // 2 : days])
    found = clustering_decay(volatility * rng.choice([-1.0, 1.0], size=len(volatility)))
    assert found == pytest.approx(1.0 - 2.0 * d, abs=0.08)


def test_no_memory_has_no_decay():
    assert np.isnan(clustering_decay(np.tile([1.0, -1.0], 500)))


def test_a_short_series_is_refused():
    with pytest.raises(ValueError, match="at least 1000 days"):
        clustering_decay(np.zeros(999))
