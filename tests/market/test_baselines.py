"""Tests of the baselines against closed forms, `arch`, and the history they were fitted to."""

import json

import numpy as np
import pytest
import scipy.stats
from arch.univariate import SkewStudent

from keras_wgan.market import baselines
from keras_wgan.market.baselines import (
    BASELINES,
    FilteredHistoricalSimulation,
    Garch,
    IIDBootstrap,
    IIDNormal,
    StationaryBootstrap,
)
from keras_wgan.market.baselines.simulator import Baseline

from helpers.fitted_baselines import INDEX as HISTORY
from helpers.fitted_baselines import fitted_to_index

every_baseline = pytest.mark.parametrize("name", BASELINES)


@every_baseline
def test_paths_have_the_shape_asked_for_and_are_finite(name):
    paths = fitted_to_index(name).sample(7, 13, seed=0)
    assert paths.shape == (7, 13) and paths.dtype == np.float64
    assert np.isfinite(paths).all()


@every_baseline
def test_the_same_seed_draws_the_same_paths_and_another_seed_others(name):
    paths = fitted_to_index(name).sample(5, 20, seed=3)
    np.testing.assert_array_equal(paths, fitted_to_index(name).sample(5, 20, seed=3))
    assert (paths != fitted_to_index(name).sample(5, 20, seed=4)).mean() > 0.9


@every_baseline
def test_no_path_is_drawn_twice(name):
    paths = fitted_to_index(name).sample(50, 20, seed=0)
    assert len(np.unique(paths, axis=0)) == 50


@every_baseline
def test_mean_and_volatility_are_near_those_of_the_history(name):
    paths = fitted_to_index(name).sample(1500, 60, seed=0)
    assert abs(paths.mean() - HISTORY.mean()) < 0.06 * HISTORY.std()  # about four standard errors
    if name in ("GARCH-t", "GJR-skewt", "FHS-GJR"):
        # Their persistence is .9997, .9905 and .99: hardly a variance, but a mean size of a day.
        assert np.abs(paths).mean() == pytest.approx(np.abs(HISTORY).mean(), rel=0.2)
    else:
        assert paths.std() == pytest.approx(HISTORY.std(), rel=0.08)


@every_baseline
def test_what_was_found_can_be_written_as_json(name):
    found = fitted_to_index(name).describe()
    assert found and json.loads(json.dumps(found, allow_nan=False)) == found


@every_baseline
def test_a_baseline_says_that_it_has_no_history_yet(name):
    baseline = baselines.get(name)
    with pytest.raises(RuntimeError, match="has no history yet. Call `fit"):
        baseline.sample(1, 10, seed=0)
    with pytest.raises(RuntimeError, match="has no history yet. Call `fit"):
        baseline.describe()


@every_baseline
def test_a_baseline_is_known_by_its_name(name):
    assert baselines.get(name).name == name
    assert isinstance(baselines.get(name), Baseline)


BAD_HISTORIES = {
    "too few": (HISTORY[:249], "`returns` must be one series.* of at least 250 daily"),
    "windows": (HISTORY[:600].reshape(10, 60), "`returns` must be one series"),
    "a gap": (np.where(np.arange(300) == 9, np.nan, HISTORY[:300]), "1 of 300 returns NaN"),
    "constant": (np.full(300, 0.001), "`returns` must vary"),
}


@pytest.mark.parametrize(("returns", "message"), BAD_HISTORIES.values(), ids=BAD_HISTORIES)
@every_baseline
def test_a_history_that_cannot_be_fitted_is_refused(name, returns, message):
    with pytest.raises(ValueError, match=message):
        baselines.get(name).fit(returns)


@every_baseline
def test_a_request_for_no_paths_or_no_days_is_refused(name):
    with pytest.raises(ValueError, match="`n` must be a whole number of at least 1. Received: n=0"):
        fitted_to_index(name).sample(0, 60, seed=0)
    with pytest.raises(ValueError, match="`days` must be a whole number of at least 1"):
        fitted_to_index(name).sample(10, 1.5, seed=0)


def test_a_name_that_no_baseline_has_is_refused():
    with pytest.raises(
        ValueError, match="`name` must be one of 'training history'.*'iid normal'.*name='ARCH'"
    ):
        baselines.get("ARCH")


def test_normal_returns_have_the_moments_of_the_history_and_no_fat_tails():
    paths = IIDNormal().fit(HISTORY).sample(5000, 60, seed=0).ravel()
    assert paths.mean() == pytest.approx(HISTORY.mean(), abs=4 * HISTORY.std() / np.sqrt(3e5))
    assert paths.std() == pytest.approx(HISTORY.std(), rel=0.006)
    assert abs(scipy.stats.kurtosis(paths)) < 0.05


@pytest.mark.parametrize("bootstrap", [IIDBootstrap(), StationaryBootstrap(20)])
def test_bootstrap_draws_are_values_of_the_history(bootstrap):
    paths = bootstrap.fit(HISTORY).sample(300, 60, seed=1)
    assert np.isin(paths, HISTORY).all()
    assert np.unique(paths).size > 4000  # and come from all over it


def test_single_days_are_drawn_in_no_order():
    days = np.arange(1000.0)
    paths = IIDBootstrap().fit(days).sample(500, 60, seed=0)
    followed = np.diff(paths, axis=1) % 1000 == 1
    assert followed.mean() == pytest.approx(1 / 1000, abs=4e-4)


@pytest.mark.parametrize("block", [5, 20])
def test_a_block_continues_with_probability_one_minus_one_over_its_mean_length(block):
    days = np.arange(2000.0)  # each day knows the one that follows it
    paths = StationaryBootstrap(block).fit(days).sample(1000, 60, seed=0)
    followed = np.diff(paths, axis=1) % 2000 == 1
    assert followed.mean() == pytest.approx(1 - 1 / block, abs=0.004)


def test_a_path_may_be_longer_than_the_history():
    assert StationaryBootstrap(20).fit(HISTORY[:300]).sample(2, 1000, seed=0).shape == (2, 1000)


def test_a_block_shorter_than_a_day_is_refused():
    with pytest.raises(ValueError, match="`block` must be a whole number of at least 1"):
        StationaryBootstrap(0)


@pytest.mark.slow
def test_garch_has_the_unconditional_variance_of_its_parameters():
    model = Garch("GARCH", "normal").fit(HISTORY)
    found = model.describe()
    variance = found["omega"] / (1 - found["alpha[1]"] - found["beta[1]"]) / 100**2
    paths = model.sample(4000, 60, seed=0)
    # 0.985 of persistence: 240,000 days vary like some 4,000 independent ones with fat tails.
    assert np.mean((paths - found["mu"] / 100) ** 2) == pytest.approx(variance, rel=0.08)


@pytest.mark.slow
def test_egarch_has_the_mean_log_variance_of_its_parameters():
    model = Garch("EGARCH", "skewt").fit(HISTORY)
    found = model.describe()
    law = SkewStudent()
    shape = [found["eta"], found["lambda"]]
    # arch centers |shock| at a normal's mean, sqrt(2 / pi), whatever the shocks.
    levels = (np.arange(200_000) + 0.5) / 200_000
    shocks = law.ppf(levels, shape)
    push = found["alpha[1]"] * (np.abs(shocks).mean() - np.sqrt(2 / np.pi))
    log_variance = (found["omega"] + push) / (1 - found["beta[1]"])
    paths = 100 * model.sample(3000, 60, seed=0) - found["mu"]
    # log r^2 is log variance + log shock^2, and both have a closed mean.
    expected = log_variance + np.log(shocks**2).mean()
    assert np.log(paths**2).mean() == pytest.approx(expected, abs=0.04)


def test_paths_are_what_arch_simulates():
    from arch import arch_model

    model = Garch("GJR", "skewt").fit(HISTORY)
    found = model.describe()
    names = ("mu", "omega", "alpha[1]", "gamma[1]", "beta[1]", "eta", "lambda")
    reference = arch_model(None, mean="Constant", vol="GARCH", p=1, o=1, q=1, dist="skewt")
    reference.distribution = SkewStudent(seed=np.random.default_rng(5))
    days = 3 * (60 + 120)  # three paths and what lies between
    # arch throws `burn` days away twice: in the volatility, and again around the mean.
    series = reference.simulate([found[name] for name in names], days, burn=1000)["data"]
    expected = series.to_numpy().reshape(3, 180)[:, :60] / 100
    # Only the first day of 2,000 that are thrown away differs.
    np.testing.assert_allclose(model.sample(3, 60, seed=5), expected, atol=1e-4)


@pytest.mark.slow
def test_a_falling_market_makes_the_next_days_wilder_with_gjr_and_egarch():
    for volatility in ("GJR", "EGARCH"):
        paths = fitted_to_index(f"{volatility}-skewt").sample(1500, 60, seed=0)
        fell = paths[:, :-1] < -0.01
        rose = paths[:, :-1] > 0.01
        following = np.abs(paths[:, 1:])
        assert np.median(following[fell]) > 1.1 * np.median(following[rose]), volatility


@pytest.mark.slow
def test_volatility_clusters_and_the_start_of_a_path_is_as_wild_as_its_end():
    paths = np.abs(Garch("EGARCH", "skewt").fit(HISTORY).sample(3000, 60, seed=0))
    assert np.corrcoef(paths[:, 0], paths[:, 10])[0, 1] > 0.1
    assert np.median(paths[:, :5]) == pytest.approx(np.median(paths[:, -5:]), rel=0.05)


@pytest.mark.slow
def test_one_path_does_not_go_on_where_the_last_one_ended():
    paths = np.abs(Garch("EGARCH", "skewt").fit(HISTORY).sample(3000, 60, seed=0))
    levels = np.log(paths.mean(axis=1))
    assert abs(np.corrcoef(levels[:-1], levels[1:])[0, 1]) < 0.1


def test_shocks_of_the_filtered_simulation_are_those_of_the_history(monkeypatch):
    from arch import arch_model

    drawn = []
    choice = np.random.Generator.choice
    model = FilteredHistoricalSimulation().fit(HISTORY)

    class Recording(np.random.Generator):
        def choice(self, values, size):
            drawn.append(values)
            return choice(self, values, size=size)

    monkeypatch.setattr(np.random, "default_rng", lambda seed: Recording(np.random.PCG64(seed)))
    model.sample(2, 30, seed=0)
    egarch = arch_model(100 * HISTORY, vol="EGARCH", p=1, o=1, q=1, dist="skewt")
    residuals = egarch.fit(disp="off").std_resid
    expected = (residuals - residuals.mean()) / residuals.std()
    np.testing.assert_allclose(drawn[0], expected, rtol=1e-6, atol=1e-8)


def test_garch_finds_the_parameters_that_made_a_series():
    from arch import arch_model

    truth = np.array([0.05, 0.05, 0.10, 0.85])
    source = arch_model(None, mean="Constant", vol="GARCH", p=1, q=1, dist="normal")
    source.distribution.__init__(seed=np.random.default_rng(0))
    series = source.simulate(truth, 20_000)["data"].to_numpy() / 100
    found = Garch("GARCH", "normal").fit(series).describe()
    assert found["alpha[1]"] == pytest.approx(0.10, abs=0.02)
    assert found["beta[1]"] == pytest.approx(0.85, abs=0.03)
    assert found["converged"] == 1.0


def test_a_fit_that_did_not_converge_warns_and_says_so(monkeypatch):
    monkeypatch.setattr("keras_wgan.market.baselines.garch.MAX_ITERATIONS", 1)
    model = Garch("EGARCH", "skewt")
    with pytest.warns(RuntimeWarning, match="EGARCH-skewt to 5030 returns did not converge: Iter"):
        model.fit(HISTORY)
    assert model.describe()["converged"] == 0.0


def test_a_fit_leaves_the_warning_filters_of_the_program_alone():
    import warnings

    before = list(warnings.filters)
    Garch("GARCH", "normal").fit(HISTORY)
    assert warnings.filters == before


def test_a_volatility_that_explodes_is_named():
    model = Garch("EGARCH", "skewt").fit(HISTORY)
    model._found.params["beta[1]"] = 1.05  # no fit gives this: arch holds it below one
    with pytest.raises(OverflowError, match=r"EGARCH-skewt fitted grows beyond float64.*1\.05"):
        model.sample(5, 60, seed=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ARCH", "t"), "`volatility` must be one of 'GARCH', 'GJR', 'EGARCH'"),
        (("GARCH", "cauchy"), "`shocks` must be one of 'normal', 't', 'skewt'"),
    ],
)
def test_an_unknown_kind_of_volatility_or_shocks_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Garch(*arguments)
