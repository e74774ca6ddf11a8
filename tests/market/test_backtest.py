"""Tests of backtests: forecasters that are right, equal, too calm, exploding or without a state."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from keras_wgan.errors import ExplosionError
from keras_wgan.io.progress import silent
from keras_wgan.market import BacktestSettings, BacktestSpan, backtest
from keras_wgan.market.backtesting.origins import forecast_origins
from keras_wgan.market.backtesting.result import SCORES
from keras_wgan.market.backtesting.scores import score_forecast
from keras_wgan.market.baselines import HistoricalVolatility, IIDNormal
from keras_wgan.metrics import crps

STD = 0.01
DAYS = pd.bdate_range("2010-01-01", periods=2100, name="date")
RETURNS = pd.Series(STD * np.random.default_rng(0).normal(size=2100), index=DAYS)
SPAN = BacktestSpan("2010-12-31", "2011-01-03", "2017-12-29")
FEW_DAYS = BacktestSpan("2010-12-31", "2017-06-01", "2017-12-29")
SETTINGS = BacktestSettings(every=5, paths=150, horizons=(1, 5), risk_days=(5, 10))


class Normal:
    """Independent normal returns of any volatility: with 0.01, the truth."""

    def __init__(self, name, std=STD):
        self.name, self.std = name, std

    def sample(self, n, days, seed):
        return np.random.default_rng(seed).normal(scale=self.std, size=(n, days))


@pytest.fixture(scope="module")
def found():
    forecasters = [Normal("truth"), Normal("too calm", 0.4 * STD)]
    return backtest(RETURNS, forecasters, SPAN, SETTINGS, progress=silent)


def test_the_truth_has_the_crps_of_a_normal_in_closed_form(found):
    for days in (1, 5):
        expected = STD * np.sqrt(days) / np.sqrt(np.pi)
        scores = found.series("truth", "crps", days)
        error = scores.std() / np.sqrt(len(scores))
        assert scores.mean() == pytest.approx(expected, abs=4 * error)


@pytest.mark.parametrize("level", [0.5, 0.9])
@pytest.mark.parametrize("days", [1, 5])
def test_the_truth_has_nominal_coverage(found, level, days):
    error = np.sqrt(level * (1 - level) / len(found.days))
    assert found.coverage("truth", days, level=level) == pytest.approx(level, abs=4 * error)
    width = 2 * scipy.stats.norm.ppf((1 + level) / 2) * STD * np.sqrt(days)
    assert found.width("truth", days, level=level) == pytest.approx(width, rel=0.03)


@pytest.mark.parametrize("level", [0.01, 0.025, 0.05])
def test_the_value_at_risk_of_the_truth_is_not_refused(found, level):
    kupiec, christoffersen = found.risk_tests("truth", 1, level=level)
    assert kupiec.days == len(found.days)
    assert kupiec.p_value > 0.01 and christoffersen.coverage_p_value > 0.01


def test_the_pit_of_the_truth_is_flat_and_that_of_too_calm_a_forecaster_a_u(found):
    flat, u = (np.array(found.pit(name, 1, bins=5).density) for name in ("truth", "too calm"))
    assert np.abs(flat - 1).max() < 0.3
    assert u[[0, 4]].min() > 1.5 and u[2] < 0.6


def test_two_equal_forecasters_differ_by_nothing():
    forecasters = [Normal("truth"), Normal("again")]
    found = backtest(RETURNS, forecasters, FEW_DAYS, SETTINGS, progress=silent)
    assert found.reference == "truth"
    for score in SCORES:
        for days in found.days_of(score):
            compared = found.comparison("again", score, days)
            assert (compared.difference, compared.standard_error) == (0.0, 0.0), (score, days)
            assert compared.mean == compared.reference_mean


def test_too_calm_a_forecaster_covers_too_little_and_its_value_at_risk_is_refused(found):
    expected = 2 * scipy.stats.norm.cdf(0.4 * scipy.stats.norm.ppf(0.95)) - 1
    assert found.coverage("too calm", 1, level=0.9) == pytest.approx(expected, abs=0.06)
    for level in (0.01, 0.025, 0.05):
        kupiec, christoffersen = found.risk_tests("too calm", 1, level=level)
        assert max(kupiec.p_value, christoffersen.coverage_p_value) < 1e-6


@pytest.mark.parametrize("score", [*SCORES])
def test_too_calm_a_forecaster_is_worse_by_every_score(found, score):
    days = found.days_of(score)[0]
    compared = found.comparison("too calm", score, days)
    assert compared.difference > 3 * compared.standard_error > 0.0
    assert compared.lag == -(-2 * days // 5)


def test_the_first_test_day_is_the_first_day_forecast_and_nothing_later_is_seen():
    origins = forecast_origins(RETURNS, SPAN, SETTINGS)
    first = origins.starts[0]
    assert origins.day(first) == "2011-01-03" and origins.day(origins.fitted - 1) == "2010-12-31"
    assert (np.diff(origins.starts) == 5).all()
    np.testing.assert_array_equal(origins.futures[0], RETURNS.iloc[first : first + 10])
    assert origins.starts[-1] + 10 <= len(origins.returns)
    assert origins.day(len(origins.returns) - 1) == "2017-12-29"


class Watcher(Normal):
    """Notes what it is shown."""

    def __init__(self):
        super().__init__("watcher")
        self.seen = []

    def sample_after(self, returns, n, days, seed):
        self.seen.append(returns.copy())
        return self.sample(n, days, seed)


class Batches(Watcher):
    """Takes all starts at once."""

    def sample_after_each(self, returns, starts, n, days, seeds):
        for start, seed in zip(starts, seeds, strict=True):
            yield self.sample_after(returns[:start], n, days, seed)


def test_a_forecaster_sees_the_returns_up_to_its_origin_alone_or_together():
    one, many = Watcher(), Batches()
    alone = backtest(RETURNS, [one], FEW_DAYS, SETTINGS, progress=silent)
    together = backtest(RETURNS, [many], FEW_DAYS, SETTINGS, progress=silent)
    origins = forecast_origins(RETURNS, FEW_DAYS, SETTINGS)
    for watcher in (one, many):
        assert [len(seen) for seen in watcher.seen] == list(origins.starts)
        np.testing.assert_array_equal(watcher.seen[-1], RETURNS.iloc[: origins.starts[-1]])
    for name, array in alone.scores["watcher"].arrays().items():
        np.testing.assert_array_equal(array, together.scores["watcher"].arrays()[name])


def test_a_baseline_is_fitted_to_the_days_before_the_test_and_follows_the_volatility():
    wild = RETURNS.copy()
    wild.iloc[1500:] *= 3.0
    span = BacktestSpan("2010-12-31", DAYS[1600].strftime("%Y-%m-%d"))
    forecasters = [IIDNormal(), HistoricalVolatility()]
    found = backtest(wild, forecasters, span, SETTINGS, progress=silent)
    assert forecasters[0].describe()["std"] == pytest.approx(wild.iloc[:261].std(ddof=0))
    ratio = found.comparison("historical volatility 20", "crps", 5)
    assert ratio.ratio < 0.9 and ratio.difference < -3 * ratio.standard_error
    assert found.fitted == (261, "2010-01-01", "2010-12-31")


class TwoAssets(Normal):
    """Draws two assets."""

    def sample(self, n, days, seed):
        return np.stack([super().sample(n, days, seed)] * 2, axis=-1)


def test_paths_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(n, days\), here \(150, 10\).*\(150, 10, 2\) from two"):
        backtest(RETURNS, [TwoAssets("two")], FEW_DAYS, SETTINGS, progress=silent)


class Exploding(Normal):
    """Explodes at every other forecast: by an error, or by its paths."""

    calls = 0

    def sample(self, n, days, seed):
        self.calls += 1
        if self.calls % 4 == 1:
            raise ExplosionError("too large")
        return super().sample(n, days, seed) * (np.inf if self.calls % 4 == 3 else 1.0)


def test_a_forecaster_whose_paths_explode_is_infinitely_bad_and_stops_nothing():
    forecasters = [Normal("truth"), Exploding("exploding")]
    found = backtest(RETURNS, forecasters, FEW_DAYS, SETTINGS, progress=silent)
    compared = found.comparison("exploding", "crps", 1)
    assert compared.mean == np.inf and np.isnan(compared.standard_error)
    assert found.coverage("exploding", 1, level=0.9) < 0.6
    assert sum(found.pit("exploding", 1).counts) == len(found.days) // 2
    assert np.isinf(found.table().query("forecaster == 'exploding'")["mean"].iloc[0])


def test_the_scores_of_one_forecast_are_those_of_the_metrics():
    rng = np.random.default_rng(5)
    paths, future = rng.normal(size=(300, 10)), rng.normal(size=10)
    scores = score_forecast(paths, future, SETTINGS, seed=0)
    sums = paths[:, :5].sum(axis=1)
    assert scores.crps[1] == pytest.approx(crps(sums, future[:5].sum()))
    threshold = scores.value_at_risk[1, 2]
    assert np.mean(sums < threshold) == pytest.approx(0.05, abs=1 / 300)
    assert scores.expected_shortfall[1, 2] == pytest.approx(sums[sums <= threshold].mean())
    volatility = np.sqrt((paths**2).mean(axis=1))
    assert scores.volatility_crps[1] == pytest.approx(crps(volatility, np.sqrt((future**2).mean())))
    falls = [
        max(0, *(-path[i:j].sum() for i in range(10) for j in range(i + 1, 11)))
        for path in [future, *paths]
    ]
    assert scores.drawdown_crps[1] == pytest.approx(crps(falls[1:], falls[0]))


def test_the_tables_hold_every_forecaster_score_and_horizon(found):
    table, calibration = found.table(), found.calibration_table()
    each = sum(len(found.days_of(score)) for score in SCORES)
    assert len(table) == 2 * each and len(calibration) == 2 * 2
    row = table.query("forecaster == 'too calm' and score == 'crps' and days == 5").iloc[0]
    assert row["mean"] == found.series("too calm", "crps", 5).mean()
    assert row["ratio"] > 1.0 and row["forecasts"] == len(found.days)
    assert calibration["var_5%_forecasts"].iloc[0] == len(found.days)
    shown = found._repr_html_()
    assert f"Backtest: {len(found.days)} forecasts" in shown and "too calm" in shown


def test_value_at_risk_is_tested_on_forecasts_that_do_not_overlap():
    settings = BacktestSettings(every=5, paths=100, horizons=(12,), risk_days=(5,))
    found = backtest(RETURNS, [Normal("truth")], FEW_DAYS, settings, progress=silent)
    assert found.risk_tests("truth", 12, level=0.05)[0].days == -(-len(found.days) // 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"every": 0}, "`every` must be a whole number of at least 1"),
        ({"paths": 99}, "`paths` must be a whole number of at least 100"),
        ({"horizons": (5, 1)}, "`horizons` must hold different days in ascending order"),
        ({"risk_days": ()}, "`risk_days` must hold one or more whole numbers"),
    ],
)
def test_settings_that_cannot_be_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        BacktestSettings(**change)


def test_days_that_do_not_follow_each_other_are_refused():
    with pytest.raises(ValueError, match="must follow each other"):
        BacktestSpan("2016-01-01", "2016-01-01")
    with pytest.raises(ValueError, match="must follow each other"):
        BacktestSpan("2015-01-01", "2016-01-01", "2015-06-01")


@pytest.mark.parametrize(
    ("returns", "span", "message"),
    [
        (RETURNS.to_numpy(), SPAN, "`returns` must be a pandas Series with an index of dates"),
        (RETURNS.iloc[::-1], SPAN, "`returns` must be in chronological order"),
        (RETURNS, BacktestSpan("2009-01-01", "2011-01-01"), "must have days up to 2009-01-01"),
        (RETURNS, BacktestSpan("2010-12-31", "2018-01-10"), "at least 10 from 2018-01-10"),
        (RETURNS, BacktestSpan("2010-03-01", "2011-01-01"), "at least 250 daily"),
    ],
)
def test_returns_without_the_days_are_refused(returns, span, message):
    with pytest.raises(ValueError, match=message):
        backtest(returns, [Normal("truth")], span, SETTINGS, progress=silent)


def test_no_forecaster_and_two_of_a_name_are_refused():
    for forecasters in ([], [Normal("a"), Normal("a")]):
        with pytest.raises(ValueError, match="`simulators` must be one or more"):
            backtest(RETURNS, forecasters, SPAN, SETTINGS, progress=silent)


def test_what_is_asked_for_and_was_not_scored_is_refused(found):
    with pytest.raises(ValueError, match="`name` must be one of 'truth', 'too calm'"):
        found.coverage("nobody", 1, level=0.9)
    with pytest.raises(ValueError, match="`level` must be one of 0.5, 0.9"):
        found.coverage("truth", 1, level=0.8)
    with pytest.raises(ValueError, match="`score` must be one of crps"):
        found.series("truth", "rmse", 1)
    with pytest.raises(ValueError, match="`score` must be one of crps"):
        found.series("truth", "crps", 2)
