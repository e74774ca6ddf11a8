"""Multiscale volatility on simulated data of known weights."""

import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.signal import lfilter

from keras_wgan.market.baselines import MultiscaleVolatility
from keras_wgan.market.baselines.multiscale_model import (
    HALF_LIVES,
    Likelihood,
    MultiscaleFit,
    MultiscaleState,
    filtered,
    simulated,
)

MEAN, STD, DEGREES = 0.0004, 0.011, 6.0
LEVEL = 0.15
TREND = np.array([-0.05, -0.10, -0.15, -0.15, -0.10, -0.05])
ACTIVITY = np.array([0.05, 0.15, 0.25, 0.30, 0.20, 0.10])
TRUTH = MultiscaleFit(LEVEL, TREND, ACTIVITY, DEGREES, 0.77, 1.0, True)


def student(rng, size=None):
    return rng.standard_t(DEGREES, size=size) * np.sqrt((DEGREES - 2) / DEGREES)


def by_hand(days, seed):
    """Returns standardized returns and their volatilities, one day after the other."""
    rng, keep = np.random.default_rng(seed), [0.5 ** (1 / days) for days in HALF_LIVES]
    past, sizes, returns, volatilities = [0.0] * 6, [0.75] * 6, [], []
    for _ in range(days):
        raw = LEVEL + sum(w * r for w, r in zip(TREND, past, strict=True))
        raw += sum(w * a for w, a in zip(ACTIVITY, sizes, strict=True))
        volatilities.append(0.05 + np.log1p(np.exp(8 * (raw - 0.05))) / 8)
        returns.append(volatilities[-1] * student(rng))
        damped = 3.0 * np.arcsinh(returns[-1] / 3.0)
        past = [k * r + (1 - k) * damped for k, r in zip(keep, past, strict=True)]
        sizes = [k * a + (1 - k) * abs(damped) for k, a in zip(keep, sizes, strict=True)]
    return np.array(returns), np.array(volatilities)


STANDARD, VOLATILITIES = by_hand(8_000, seed=0)
HISTORY = MEAN + STD * STANDARD


@pytest.fixture(scope="module")
def model():
    return MultiscaleVolatility().fit(HISTORY)


def test_the_volatility_of_each_day_is_that_of_a_filter_by_hand():
    _, volatility = filtered(TRUTH, STANDARD)
    np.testing.assert_allclose(volatility, VOLATILITIES, rtol=1e-10)


def test_the_slope_of_the_likelihood_is_exact():
    likelihood = Likelihood.of(STANDARD[:600])
    numbers = np.array([0.1, *TREND, *ACTIVITY, 0.05, 1.2])
    error = check_grad(
        lambda v: likelihood.negative(v)[0], lambda v: likelihood.negative(v)[1], numbers
    )
    assert error < 1e-3  # of a slope of some hundreds


def test_the_fit_finds_the_volatilities_and_the_shocks_that_made_a_history(model):
    # The weights of neighboring half-lives compensate for each other; volatilities are held.
    found = np.array([model.volatility_after(HISTORY[:day]) for day in range(2000, 8_000, 250)])
    errors = found / (STD * VOLATILITIES[2000::250]) - 1.0
    assert abs(errors.mean()) < 0.04 and errors.std() < 0.05
    description = model.describe()
    assert description["degrees"] == pytest.approx(DEGREES, rel=0.15)
    assert description["converged"] == 1.0


def test_the_level_follows_a_market_that_became_wilder_than_its_history(model):
    calm = model.volatility_after(HISTORY)
    rng = np.random.default_rng(1)
    wild = MEAN + 2.0 * STD * VOLATILITIES[-1] * student(rng, 2_000)
    found, _ = filtered(model._found.fit, model._found.standardized(wild))
    assert found.level[-1] == pytest.approx(1.0, abs=0.3)
    assert model.volatility_after(np.concatenate([HISTORY, wild])) > 1.4 * calm


def test_the_mean_of_paths_is_that_of_the_history(model):
    paths = model.sample_after(HISTORY, 20_000, days=5, seed=0)
    error = paths.std() / np.sqrt(paths.size)
    assert paths.mean() == pytest.approx(HISTORY.mean(), abs=4.0 * error)
    first = paths[:, 0]
    assert first.std() == pytest.approx(model.volatility_after(HISTORY), rel=0.03)
    assert len(np.unique(first)) <= len(HISTORY)  # shocks of the history


def test_paths_without_a_past_have_the_volatility_of_the_history(model):
    assert model.sample(4_000, 20, seed=0).std() == pytest.approx(HISTORY.std(), rel=0.05)


def test_no_path_explodes_even_with_a_feedback_far_too_strong():
    strong = MultiscaleFit(0.1, -3.0 * np.ones(6), 3.0 * np.ones(6), 6.0, 0.77, 1.0, True)
    start = MultiscaleState(np.ones((12, 50)), np.ones(50))
    rng = np.random.default_rng(0)
    paths = simulated(strong, start, 2_000, lambda n: student(rng, n))
    assert np.isfinite(paths).all() and np.abs(paths).max() < 1e5


def test_a_history_under_two_years_is_refused():
    with pytest.raises(ValueError, match="at least 500 days for FHS-multiscale, two years"):
        MultiscaleVolatility().fit(HISTORY[:400])


def test_returns_that_follow_those_of_the_day_before_do_so_in_scenarios():
    returns = STD * lfilter([1.0], [1.0, -0.4], STANDARD)
    smooth = MultiscaleVolatility().fit(returns)
    assert smooth.describe()["autocorrelation"] == pytest.approx(0.4, abs=0.05)
    wave = smooth.sample(4_000, days=20, seed=0) / STD
    found = (wave[:, 1:] * wave[:, :-1]).mean() / (wave**2).mean()
    assert found == pytest.approx(smooth.describe()["autocorrelation"], abs=0.02)
    # The next day is expected to keep the share of a large last return that the fit found.
    past = np.append(returns[:4_000], 0.05)
    expected = smooth.describe()["autocorrelation"] * 0.05
    assert smooth.sample_after(past, 20_000, days=1, seed=0).mean() == pytest.approx(
        expected, abs=0.0006
    )


def test_a_history_without_autocorrelation_has_none(model):
    assert abs(model.describe()["autocorrelation"]) < 0.02
