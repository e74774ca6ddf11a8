"""Path-dependent volatility on simulated data of known parameters."""

from dataclasses import replace

import numpy as np
import pytest

from keras_wgan.market.baselines import PathDependentVolatility
from keras_wgan.market.baselines.path_dependent import BURN_IN_DAYS
from keras_wgan.market.baselines.pdv_fit import set_damping
from keras_wgan.market.baselines.pdv_model import PDVParameters, filtered_averages, simulated

DEGREES = 8.0
TRUTH = PDVParameters(
    level=0.26,
    trend=-0.6,
    activity=0.78,
    slow_trend=0.3,
    slow_activity=0.4,
    half_lives=(3.0, 40.0, 8.0, 80.0),
    saturation=4.0,
)
MEAN, STD = 0.0004, 0.011


def student(seed):
    rng = np.random.default_rng(seed)
    return lambda size: rng.standard_t(DEGREES, size=size) * np.sqrt((DEGREES - 2) / DEGREES)


def by_hand(days, seed):
    """Returns standardized returns and their volatilities, one day after the other."""
    draw, keep = student(seed), [0.5 ** (1 / days) for days in TRUTH.half_lives]
    averages, returns, volatilities = [0.0, 0.0, 1.0, 1.0], [], []
    for shock in draw(days):
        trend = 0.7 * averages[0] + 0.3 * averages[1]
        square = 0.6 * averages[2] + 0.4 * averages[3]
        volatilities.append(max(0.26 - 0.6 * trend + 0.78 * square**0.5, 0.1))
        returns.append(volatilities[-1] * shock)
        damped = 4.0 * np.arcsinh(returns[-1] / 4.0)
        fed = (damped, damped, damped**2, damped**2)
        averages = [k * a + (1 - k) * x for k, a, x in zip(keep, averages, fed, strict=True)]
    return np.array(returns), np.array(volatilities)


STANDARD, VOLATILITIES = by_hand(8_000, seed=0)
HISTORY = MEAN + STD * STANDARD


@pytest.fixture(scope="module")
def model():
    return PathDependentVolatility().fit(HISTORY)


def test_the_volatility_of_each_day_is_that_of_a_filter_by_hand():
    averages = filtered_averages(TRUTH, STANDARD)
    np.testing.assert_allclose(TRUTH.volatility(averages[:, :-1]), VOLATILITIES, rtol=1e-10)


def test_the_fit_finds_the_volatilities_and_the_shocks_that_made_a_history(model):
    # The half-lives compensate for each other, so the volatilities are what is held: 4% at most.
    found = np.array([model.volatility_after(HISTORY[:day]) for day in range(2000, 8_000, 250)])
    errors = found / (STD * VOLATILITIES[2000::250]) - 1.0
    assert abs(errors.mean()) < 0.04 and errors.std() < 0.04
    description = model.describe()
    assert description["degrees"] == pytest.approx(DEGREES, rel=0.15)
    assert description["converged"] == 1.0


def test_the_damping_leaves_the_right_parameters_nearly_alone(model):
    unit = HISTORY.std() / STD  # a trend is relative to the history's own standard deviation
    damped = model.describe()
    assert damped["activity"] == pytest.approx(TRUTH.activity, rel=0.2)
    assert damped["saturation"] * unit == pytest.approx(TRUTH.saturation, rel=0.35)


@pytest.mark.slow
def test_the_damping_corrects_a_level_that_is_wrong():
    wrong = replace(TRUTH, level=2.0 * TRUTH.level)
    right = set_damping(wrong, STANDARD, lambda rng: student(rng.integers(1000)))
    starts = filtered_averages(TRUTH, STANDARD)[:, ::8]

    def volatility(parameters):
        return simulated(parameters, starts, 60, student(5), burn_in=600).std()

    assert volatility(wrong) > 1.25 * STANDARD.std()
    assert volatility(right) == pytest.approx(STANDARD.std(), rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("shocks", ["t", "historical"])
def test_paths_have_the_facts_of_the_history(shocks):
    history = HISTORY[:4000]
    model = PathDependentVolatility(shocks).fit(history)
    paths = model.sample(800, 60, seed=0)
    assert paths.std() == pytest.approx(history.std(), rel=0.1)
    windows = np.lib.stride_tricks.sliding_window_view(history, 60).std(axis=1)
    levels = [0.05, 0.5, 0.95]
    expected = np.quantile(windows, levels)
    np.testing.assert_allclose(np.quantile(paths.std(axis=1), levels), expected, rtol=0.15)


def test_historical_shocks_are_those_of_the_history():
    model = PathDependentVolatility("historical").fit(HISTORY[:2000])
    first = model.sample_after(HISTORY[:2000], 5000, days=1, seed=0).ravel()
    assert len(np.unique(first)) <= 2000
    assert first.std() == pytest.approx(model.volatility_after(HISTORY[:2000]), rel=0.05)


def test_paths_forget_how_their_past_began():
    calm = np.repeat([[0.0], [0.0], [0.05], [0.05]], 3, axis=1)
    wild = np.repeat([[-2.0], [-2.0], [9.0], [9.0]], 3, axis=1)
    after_calm, after_wild = (
        simulated(TRUTH, start, 60, student(3), burn_in=BURN_IN_DAYS) for start in (calm, wild)
    )
    np.testing.assert_allclose(after_calm, after_wild, rtol=1e-4)


def test_no_path_explodes_even_with_a_feedback_far_too_strong():
    strong = replace(TRUTH, activity=3.0, trend=-3.0)
    start = np.ones((4, 50))
    paths = simulated(strong, start, 2000, student(0))
    assert np.isfinite(paths).all() and np.abs(paths).max() < 1e4


@pytest.mark.slow
def test_paths_of_a_fitted_index_do_not_depend_on_the_days_that_they_begin_after():
    from arch.data import sp500

    history = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    found = PathDependentVolatility().fit(history)._found
    slow = np.argsort(found.averages[3])
    extremes = [slow[:1], slow[-1:]]  # the calmest and the wildest day
    halves = [np.arange(2515), np.arange(2515, 5030)]  # what `sample` draws from, divided
    for starts, tolerance in ((extremes, 0.01), (halves, 0.002)):
        first, second = (
            simulated(
                found.parameters,
                found.averages[:, np.resize(days[:: max(len(days) // 300, 1)], 300)],
                10,
                student(3),
                burn_in=BURN_IN_DAYS,
            ).std()
            for days in starts
        )
        assert first == pytest.approx(second, rel=tolerance)


def test_shocks_and_histories_that_cannot_be_used_are_refused():
    with pytest.raises(ValueError, match="`shocks` must be one of 't', 'historical'"):
        PathDependentVolatility("normal")
    with pytest.raises(ValueError, match="at least 482 days for PDV, two years. Received: 400"):
        PathDependentVolatility().fit(HISTORY[:400])
