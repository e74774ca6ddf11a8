"""The states of baselines after an observed past, against filters written by hand."""

import numpy as np
import pytest

from keras_wgan.market import baselines
from keras_wgan.market.baselines import BASELINES, StatefulSimulator
from keras_wgan.market.baselines.garch import _har_chains, _one_series

from helpers.fitted_baselines import INDEX as HISTORY
from helpers.fitted_baselines import fitted_to_index

STATEFUL = [name for name in BASELINES if isinstance(baselines.get(name), StatefulSimulator)]
PAST = HISTORY[1000:3000]  # ends in November 2010

every_stateful = pytest.mark.parametrize("name", STATEFUL)


def garch(found, past):
    """Returns the next day's standard deviation in percent, by the recursion of a GJR."""
    variance = 1.0
    for shock in 100 * past - found["mu"]:
        fall = found.get("gamma[1]", 0.0) * (shock < 0)
        variance = (
            found["omega"] + (found["alpha[1]"] + fall) * shock**2 + found["beta[1]"] * variance
        )
    return np.sqrt(variance)


def egarch(found, past):
    log_variance = 0.0
    for shock in 100 * past - found["mu"]:
        standard = shock / np.exp(log_variance / 2)
        log_variance = (
            found["omega"]
            + found["alpha[1]"] * (abs(standard) - np.sqrt(2 / np.pi))
            + found["gamma[1]"] * standard
            + found["beta[1]"] * log_variance
        )
    return np.exp(log_variance / 2)


def har(found, past):
    squares = (100 * past - found["mu"]) ** 2
    weights = {days: found[f"alpha[{days}]"] for days in (1, 5, 22)}
    return np.sqrt(
        found["omega"] + sum(weight * squares[-days:].mean() for days, weight in weights.items())
    )


BY_HAND = {
    "GARCH-n": garch,
    "GJR-skewt": garch,
    "EGARCH-skewt": egarch,
    "FHS-EGARCH": egarch,
    "FHS-GJR": garch,
    "FHS-HAR": har,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_volatility_after_a_past_is_that_of_a_filter_by_hand(name):
    found = fitted_to_index(name).describe()
    expected = BY_HAND[name](found, PAST) / 100
    assert fitted_to_index(name).volatility_after(PAST) == pytest.approx(expected, rel=1e-6)


@every_stateful
def test_the_first_day_has_the_volatility_of_the_state(name):
    model = fitted_to_index(name)
    for past in (PAST, HISTORY[2300:2450]):  # calm, and the end of 2008
        first = model.sample_after(past, 20_000, days=1, seed=0)
        assert first.std() == pytest.approx(model.volatility_after(past), rel=0.05)


def test_a_garch_returns_to_its_long_run_variance_at_the_rate_of_its_persistence():
    model = fitted_to_index("GARCH-n")
    found = model.describe()
    persistence = found["alpha[1]"] + found["beta[1]"]
    long_run = found["omega"] / (1 - persistence) / 100**2
    first = model.volatility_after(PAST) ** 2
    paths = model.sample_after(PAST, 40_000, days=20, seed=1) - found["mu"] / 100
    expected = long_run + persistence**19 * (first - long_run)
    assert np.mean(paths[:, 19] ** 2) == pytest.approx(expected, rel=0.04)


@pytest.mark.parametrize("name", ["GARCH-n", "EGARCH-skewt", "FHS-GJR"])
def test_paths_forget_the_level_at_which_their_series_began(name, monkeypatch):
    model = fitted_to_index(name)
    fit, shape = model._found, (3, 60)

    def draw():
        return _one_series(fit, model._shocks(fit, np.random.default_rng(0)), shape)

    paths = draw()
    wild = 5 * fit.conditional_volatility
    monkeypatch.setattr(type(fit), "conditional_volatility", wild)
    np.testing.assert_allclose(draw(), paths, atol=1e-6)


def test_paths_of_the_har_forget_the_past_in_which_their_series_began():
    model = fitted_to_index("FHS-HAR")
    fit, shape = model._found, (3, 60)
    calm, wild = (
        _har_chains(
            model._filtered(fit, size * PAST),
            model._shocks(fit, np.random.default_rng(0)),
            shape,
        )
        for size in (0.3, 3.0)
    )
    np.testing.assert_allclose(calm, wild, atol=1e-6)
