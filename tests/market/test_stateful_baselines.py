"""Tests of paths that continue observed returns, against `arch` and closed forms."""

import numpy as np
import pytest

from keras_wgan.market import baselines
from keras_wgan.market.baselines import (
    BASELINES,
    FORECASTERS,
    Garch,
    HistoricalSimulation,
    HistoricalVolatility,
    StatefulSimulator,
    TrainingHistory,
)

from helpers.fitted_baselines import MADE as HISTORY
from helpers.fitted_baselines import fitted_to_made

STATEFUL = [name for name in BASELINES if isinstance(baselines.get(name), StatefulSimulator)]

every_stateful_baseline = pytest.mark.parametrize("name", STATEFUL)


def test_the_baselines_with_a_volatility_of_their_own_have_a_state():
    assert {"historical volatility 20", "GARCH-n", "GJR-skewt", "EGARCH-skewt", "FHS-EGARCH"} <= {
        *STATEFUL
    }
    assert ("training history", "historical simulation 500", *BASELINES) == FORECASTERS


@every_stateful_baseline
def test_paths_after_a_past_have_the_shape_asked_for_and_depend_on_the_seed_alone(name):
    first, again, other = (
        fitted_to_made(name).sample_after(HISTORY, 7, 13, seed=seed) for seed in (3, 3, 4)
    )
    assert first.shape == (7, 13) and first.dtype == np.float64 and np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.9


@every_stateful_baseline
def test_a_wild_past_is_followed_by_wilder_days_than_a_calm_one(name):
    calm, wild = HISTORY.copy(), HISTORY.copy()
    calm[-60:] *= 0.3
    wild[-60:] *= 3.0
    after_calm, after_wild = (
        fitted_to_made(name).sample_after(past, 2000, 5, seed=0) for past in (calm, wild)
    )
    assert after_wild.std() > 1.5 * after_calm.std()


@every_stateful_baseline
def test_what_a_baseline_was_fitted_to_stays_after_it_continued_another_past(name):
    before = fitted_to_made(name).describe()
    fitted_to_made(name).sample_after(5.0 * HISTORY[:100], 3, 5, seed=0)
    assert fitted_to_made(name).describe() == before


@every_stateful_baseline
@pytest.mark.parametrize(
    ("past", "message"),
    [(HISTORY[:19], "at least 20 days"), ([np.nan] * 30, "30 of 30 returns NaN")],
)
def test_a_past_that_shows_no_state_is_refused(name, past, message):
    with pytest.raises(ValueError, match=message):
        fitted_to_made(name).sample_after(past, 3, 5, seed=0)


@every_stateful_baseline
def test_a_baseline_without_a_history_continues_nothing(name):
    with pytest.raises(RuntimeError, match="Call `fit"):
        baselines.get(name).sample_after(HISTORY, 3, 5, seed=0)


def test_the_first_days_volatility_is_garchs_recursion_through_the_past():
    model = Garch("GARCH", "normal").fit(HISTORY)
    found = model.describe()
    past = 100.0 * HISTORY - found["mu"]
    variance = past.var()
    for shock in past:  # the start is forgotten
        variance = found["omega"] + found["alpha[1]"] * shock**2 + found["beta[1]"] * variance
    drawn = 100.0 * model.sample_after(HISTORY, 40_000, 1, seed=0)
    assert drawn.std() == pytest.approx(np.sqrt(variance), rel=0.015)
    assert drawn.mean() == pytest.approx(found["mu"], abs=4 * np.sqrt(variance / 40_000))


def test_the_first_days_volatility_is_egarchs_recursion_through_the_past():
    model = Garch("EGARCH", "normal").fit(HISTORY)
    found = model.describe()
    past = 100.0 * HISTORY - found["mu"]
    log_variance = np.log(past.var())
    for shock in past:
        standard = shock / np.exp(log_variance / 2)
        log_variance = (
            found["omega"]
            + found["alpha[1]"] * (abs(standard) - np.sqrt(2 / np.pi))
            + found["gamma[1]"] * standard
            + found["beta[1]"] * log_variance
        )
    drawn = 100.0 * model.sample_after(HISTORY, 40_000, 1, seed=0)
    assert drawn.std() == pytest.approx(np.exp(log_variance / 2), rel=0.015)


def test_filtered_historical_simulation_draws_only_shocks_of_the_history():
    model = fitted_to_made("FHS-EGARCH")
    first_days = model.sample_after(HISTORY, 5000, 1, seed=0).ravel()
    assert len(np.unique(first_days)) <= len(HISTORY)


def test_a_historical_volatility_is_that_of_the_last_days_and_the_mean_that_of_all():
    model = HistoricalVolatility(5).fit(HISTORY)
    past = np.concatenate([HISTORY, [0.1, -0.1, 0.1, -0.1, 0.1]])
    drawn = model.sample_after(past, 40_000, 2, seed=0)
    assert drawn.std() == pytest.approx(past[-5:].std(ddof=1), rel=0.01)
    assert drawn.mean() == pytest.approx(HISTORY.mean(), abs=4 * drawn.std() / np.sqrt(80_000))
    assert model.name == "historical volatility 5"


def test_a_historical_volatility_of_more_days_than_there_are_is_refused():
    with pytest.raises(ValueError, match="at least the 500 days of a volatility"):
        HistoricalVolatility(500).fit(HISTORY[:300])


def test_a_historical_simulation_draws_the_last_days_alone_and_all_of_them():
    past = np.arange(700.0)
    drawn = HistoricalSimulation(500).fit(HISTORY).sample_after(past, 1000, 20, seed=0)
    assert np.unique(drawn).tolist() == list(range(200, 700))
    spans = HistoricalSimulation(50).fit(past).sample(500, 20, seed=0)
    assert (np.ptp(spans, axis=1) < 50).all() and np.ptp(spans) > 600


def test_the_training_history_gives_each_of_its_windows_equally_often():
    days = np.arange(300.0)
    paths = TrainingHistory().fit(days).sample(20_000, 50, seed=0)
    assert (np.diff(paths, axis=1) == 1.0).all()
    counts = np.bincount(paths[:, 0].astype(int), minlength=251)
    assert len(counts) == 251 and counts.min() > 40 and counts.max() < 130


def test_the_training_history_has_no_longer_paths_than_itself():
    with pytest.raises(ValueError, match="`days` must be at most the 300 days"):
        TrainingHistory().fit(np.arange(300.0)).sample(1, 301, seed=0)
