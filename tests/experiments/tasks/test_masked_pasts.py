"""Assets that begin on different days: their missing pasts are masked, and nothing is cut."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import generation, recipes, training
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.same_data import load_as_trained
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.market.data_start import start_correlated
from keras_wgan.networks import MarketGenerator

from helpers.tiny_recipes import PAIR

DAYS, LATER = 300, 100  # prices, and those before the second asset begins
FIRST, SECOND = "2020-01-02", "2020-05-21"  # of the returns


def table_of(rows=slice(None)):
    """Returns prices of two assets with a correlation of 0.8, the second of which begins later."""
    one, other = 0.01 * np.random.default_rng(0).normal(size=(2, DAYS))
    moves = np.stack([one, 2.0 * (0.8 * one + 0.6 * other)], axis=1)
    days = pd.bdate_range("2020-01-01", periods=DAYS, name="Date")
    prices = pd.DataFrame([100.0, 50.0] * np.exp(np.cumsum(moves, axis=0)), days, ["OLD", "NEW"])
    prices.iloc[:LATER, 1] = np.nan
    return prices.iloc[rows]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "prices.csv"
    table_of().to_csv(path)
    return Source(str(path), ticker="OLD,NEW")


@pytest.fixture(scope="module")
def data(source):
    return Returns("z-score").load(source)


def test_windows_lack_an_asset_until_it_has_begun(data):
    assert data.samples.shape == (DAYS - 60, 60, 2)
    missing = np.isnan(data.samples)
    assert not missing[:, :, 0].any() and not missing[LATER:].any()
    assert missing[:LATER, :, 1].all()
    assert len(data.history) == DAYS - LATER - 1 and data.history.notna().all(axis=None)
    assert data.all_returns["NEW"].isna().sum() == LATER


def test_the_facts_name_the_first_day_of_each_asset(data):
    facts = data.facts
    assert (facts.first_days, facts.first_day) == ((FIRST, SECOND), SECOND)
    assert (facts.earliest_day, facts.later_assets) == (FIRST, {"NEW": SECOND})
    assert (facts.returns, facts.windows) == (DAYS - LATER - 1, DAYS - 60)
    assert "masked before their first days: NEW (2020-05-20)" in data.reading


@pytest.mark.parametrize(("number", "ticker"), [(0, "OLD"), (1, "NEW")])
def test_an_asset_is_what_it_would_be_alone(data, source, number, ticker):
    one, alone = data.asset(number), Returns("z-score").load(replace(source, ticker=ticker))
    np.testing.assert_array_equal(one.samples, alone.samples)
    pd.testing.assert_frame_equal(one.history, alone.history, check_freq=False)
    assert one.facts == alone.facts


def test_the_days_of_all_are_those_of_a_file_that_begins_with_them(data, source, tmp_path):
    cut = _cut(source, tmp_path)
    np.testing.assert_allclose(data.returns, cut.returns, atol=1e-7)
    pd.testing.assert_frame_equal(data.history, cut.history, check_freq=False)


def test_correlations_begin_with_those_of_the_days_that_a_pair_shares():
    mix = np.array([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [-0.5, 0.2, 0.84]])
    samples = np.random.default_rng(1).normal(size=(20_000, 1, 3)) @ mix.T
    samples[:5_000, :, 1] = samples[:12_000, :, 2] = np.nan
    model = PAIR.build(seed=0, assets=3)
    start_correlated(model, samples[:, 0])
    factor = np.asarray(MarketGenerator(model.generator).form.correlation.factor())
    np.testing.assert_allclose(factor @ factor.T, mix @ mix.T, atol=0.02)


def test_a_pair_that_never_met_between_others_has_a_start_too():
    # Each pair is known on other days, on which they cannot all be true of one day.
    random = np.random.default_rng(1)
    one = random.normal(size=(3_000, 1, 1))
    samples = np.concatenate([one, one, one], axis=-1) + 0.1 * random.normal(size=(3_000, 1, 3))
    samples[:1_000, :, 2] = samples[1_000:2_000, :, 1] = samples[2_000:, :, 0] = np.nan
    samples[2_000:, :, 2] *= -1.0
    model = PAIR.build(seed=0, assets=3)
    start_correlated(model, samples[:, 0])
    assert np.isfinite(model.generate(2, seed=0)).all()


@pytest.mark.slow
def test_a_run_opens_measures_and_generates(source, monkeypatch, tmp_path):
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, PAIR))
    run = Run.create(tmp_path / "run")
    training.train(ExperimentSpec(PAIR, source, 1), run, verbose=0)
    again = Run.open(run.path)
    assert again.model().missing_values and len(again.data().samples) == again.facts.windows
    assert np.isfinite(again.history()["loss"]).all()
    training.evaluate(again, count=200, seed=0)
    metrics = json.loads(again.metrics_path.read_text())
    windows = {name: one["protocol"]["real_windows"] for name, one in metrics["assets"].items()}
    assert windows == {"OLD": DAYS - 60, "NEW": DAYS - LATER - 60}
    page = (again.path / "report.html").read_text()
    assert "masked before its first day" in page and f"NEW {SECOND}" in page
    generation.generate(again, GenerationRequest(count=3, days=5, seed=0), tmp_path / "out.csv")
    assert len(pd.read_csv(tmp_path / "out.csv")) == 3 * 5 * 2


def test_what_takes_the_days_of_all_says_what_it_leaves_out(data):
    said = f"Left out: {LATER} days before all assets have begun (NEW on {SECOND})."
    assert (data.describe_later(), data.asset(0).describe_later()) == (said, "")


def test_a_run_of_an_older_version_keeps_the_days_of_all(source, tmp_path):
    old = _cut(source, tmp_path).facts
    again = load_as_trained(PAIR, source, old)
    assert again.facts == replace(old, source=source.data) and not again.masked
    again = load_as_trained(PAIR, source, replace(old, fingerprint=None))
    assert again.facts.scaler == old.scaler


@pytest.mark.parametrize("rows", [50, 130])
def test_an_asset_that_is_too_young_to_be_measured_is_refused_before_the_training(
    source, tmp_path, rows
):
    table = table_of()
    table.iloc[:-rows, 1] = np.nan
    table.to_csv(tmp_path / "young.csv")
    message = f"at least 160 prices of NEW, .*Received: {rows} prices, from 2020-"
    with pytest.raises(ValueError, match=message):
        Returns("z-score").load(replace(source, data=str(tmp_path / "young.csv")))


def test_more_days_before_a_masked_past_are_left_out(data, source, tmp_path):
    longer = table_of()
    before = pd.bdate_range(end="2019-12-31", periods=80, name="Date")
    longer = pd.concat([pd.DataFrame({"OLD": 90.0 + np.arange(80) % 7}, before), longer])
    longer.to_csv(tmp_path / "longer.csv")
    with pytest.warns(UserWarning, match="has more days than the run was trained on"):
        again = load_as_trained(
            PAIR, replace(source, data=str(tmp_path / "longer.csv")), data.facts
        )
    np.testing.assert_array_equal(again.samples, data.samples)


def test_a_masked_past_that_is_lost_is_other_data(data, source, tmp_path):
    table_of(slice(LATER, None)).to_csv(tmp_path / "cut.csv")
    with pytest.raises(ValueError, match="not what the run was trained on: the returns of"):
        load_as_trained(PAIR, replace(source, data=str(tmp_path / "cut.csv")), data.facts)


def _cut(source, folder):
    """Returns the data of a file that begins with the later asset."""
    table_of(slice(LATER, None)).to_csv(folder / "cut.csv")
    return Returns("z-score").load(replace(source, data=str(folder / "cut.csv")))
