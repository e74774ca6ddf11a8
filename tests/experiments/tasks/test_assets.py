"""Tests of a whole run of two assets: load, train, measure, draw, report and export."""

import dataclasses
import json

import keras
import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import compare, generation, recipes, training
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.experiments.tasks.several_assets import measured_together
from keras_wgan.market import baselines
from keras_wgan.market.data_start import start_correlated
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.networks import MarketGenerator

from helpers.tiny_recipes import PAIR, untrained_run

layers = keras.layers


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A wide file of two assets whose returns have the correlation 0.8."""
    one, other = 0.01 * np.random.default_rng(0).normal(size=(2, 300))
    moves = np.stack([one, 2.0 * (0.8 * one + 0.6 * other)], axis=1)
    prices = pd.DataFrame([100.0, 50.0] * np.exp(np.cumsum(moves, axis=0)), columns=["AA", "B/B"])
    prices.insert(0, "Date", pd.bdate_range("2020-01-01", periods=300))
    path = tmp_path_factory.mktemp("data") / "prices.csv"
    prices.to_csv(path, index=False)
    return Source(str(path), ticker="AA, B/B")


@pytest.fixture(scope="module")
def run(tmp_path_factory, source):
    """A run of one epoch, which all tests use and none changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "RECIPES", (*recipes.RECIPES, PAIR))
        folder = Run.create(tmp_path_factory.mktemp("runs") / "run")
        training.train(ExperimentSpec(PAIR, source, 1), folder, verbose=0)
        yield folder


def test_each_asset_is_scaled_by_itself_and_comes_back_in_units(source):
    data = Returns("z-score").load(source)
    assert data.assets == 2 and data.samples.shape == (240, 60, 2)
    assert tuple(data.history.columns) == data.facts.tickers == ("AA", "B/B")
    assert len(data.facts.last_prices) == 2
    scaled = data.history.to_numpy() - data.history.to_numpy().mean(axis=0)
    scaled /= data.history.to_numpy().std(axis=0)
    np.testing.assert_allclose(data.samples[:, 0], scaled[:240], atol=1e-5)
    windows = np.lib.stride_tricks.sliding_window_view(data.history, 60, axis=0)
    expected = np.moveaxis(windows, -1, 1)
    np.testing.assert_allclose(data.returns, expected, atol=1e-7)


def test_training_logs_the_moments_of_several_assets_in_units_of_returns(source):
    data = Returns("z-score").load(source)
    logged = Returns("z-score").metric_callback(data, every=1, samples=100).measure(data.samples)
    assert logged["moment_distance"] == pytest.approx(0.0, abs=1e-6)
    assert logged["generated_mean"] == pytest.approx(data.returns.mean(), rel=1e-4)
    assert logged["generated_std"] == pytest.approx(data.returns.std(), rel=1e-4)


def test_one_of_several_assets_is_the_data_that_it_would_be_alone(source):
    both = Returns("z-score").load(source)
    alone = Returns("z-score").load(dataclasses.replace(source, ticker="B/B"))
    one = both.asset(1)
    np.testing.assert_array_equal(one.samples, alone.samples)
    pd.testing.assert_frame_equal(one.history, alone.history)
    assert one.facts == alone.facts


def test_fixed_networks_refuse_two_assets_and_leave_no_folder(tmp_path, source):
    folder = Run.create(tmp_path / "classic")
    with pytest.raises(ValueError, match="made for one asset. Received: assets=2"):
        training.train(ExperimentSpec(recipes.get("sp500-classic"), source, 0), folder, verbose=0)
    assert not folder.path.exists()


@pytest.mark.slow
def test_the_model_of_a_run_makes_paths_of_all_assets_of_any_length(run):
    market = PathSimulator("pair", run.model(), run.facts.scaler)
    assert market.sample(4, days=90, seed=0).shape == (4, 90, 2)


@pytest.mark.slow
def test_a_typical_asset_is_the_median_of_their_composites(run):
    data, measured = run.data(), {"moment_distance": 0.0}
    assets = {
        name: Evaluation(measured | {"stylized_facts": {"composite": composite}}, [], data.samples)
        for name, composite in (("AA", 0.5), ("B/B", 0.8))
    }
    portfolio = Evaluation({"protocol": {}}, [], data.samples)
    found = measured_together(data, data.returns, portfolio, assets)
    assert found.metrics["together"]["median_composite"] == pytest.approx(0.65)
    assert any("the median of 2: 0.65 times" in line for line in found.lines)


@pytest.mark.slow
def test_measuring_writes_each_asset_and_what_binds_them(run):
    lines, files = training.evaluate(run, count=200, seed=0)
    names = {file.name for file in files}
    pages = {"report.html", "report-AA.html", "report-B-B.html"}
    assert {*pages, "together.png", "paths-B-B.png"} <= names
    metrics = json.loads(run.metrics_path.read_text())
    assert set(metrics["assets"]) == {"AA", "B/B"}
    assert metrics["together"]["real"]["daily"][0][1] == pytest.approx(0.8, abs=0.05)
    assert metrics["together"]["gaps"]["daily"] < 0.1  # the shocks start with the correlation
    assert metrics["together"]["median_composite"] is None  # too few days for a floor
    stds = [metrics["assets"][name]["real"]["std"] for name in ("AA", "B/B")]
    assert stds == pytest.approx([0.01, 0.02], rel=0.1)
    parts = ["Equal weights of all assets:", "Dependence between the assets:", "AA:", "B/B:"]
    assert [line for line in lines if line in parts] == parts
    # Half of returns of 1% and half of 2%, correlated by 0.8.
    deviation = metrics["portfolio"]["real"]["std"]
    assert deviation == pytest.approx(np.sqrt(0.25 + 1.0 + 0.8) / 100, rel=0.1)
    assert '<a href="report-B-B.html">B/B</a>' in (run.path / "report-AA.html").read_text()
    overview = (run.path / "report.html").read_text()
    assert "The portfolio holds equal weights of 2 assets" in overview
    assert '<a href="report-B-B.html">B/B</a>' in overview


def test_scenarios_are_written_with_a_row_for_each_asset(run, tmp_path):
    generation.generate(run, GenerationRequest(count=3, days=5, seed=0), tmp_path / "scenarios.csv")
    table = pd.read_csv(tmp_path / "scenarios.csv")
    assert len(table) == 3 * 5 * 2 and table["asset"].tolist()[:3] == ["AA", "B/B", "AA"]
    last = list(run.facts.last_prices)
    first_day = table.iloc[:2]
    expected = last * np.exp(first_day["log_return"])
    np.testing.assert_allclose(first_day["price"], expected, rtol=1e-12)


def test_the_score_while_training_weighs_both_assets_alike(source):
    data = Returns("z-score").load(source)
    moments = Returns("z-score").metric_callback(data, every=1, samples=100)
    assert moments.real.std == pytest.approx(1.0, abs=0.1)
    assert moments.measure(data.samples)["moment_distance"] == 0.0


def test_shocks_start_with_the_correlations_of_the_data_in_both_generators():
    mix = np.array([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [-0.5, 0.2, 0.7]])
    samples = np.random.default_rng(1).normal(size=(20_000, 1, 3)) @ mix.T
    model = PAIR.build(seed=0, assets=3)
    start_correlated(model, samples[:, 0])
    factor = keras.ops.convert_to_numpy(MarketGenerator(model.generator).form.correlation.factor())
    expected = np.corrcoef(samples[:, 0], rowvar=False)
    np.testing.assert_allclose(factor @ factor.T, expected, atol=0.01)
    number = [weight.path for weight in model.generator.weights].index("shocks/below")
    both = [network.weights[number] for network in (model.generator, model.average)]
    one, other = (keras.ops.convert_to_numpy(weight) for weight in both)
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("other", [1.0, -1.0])
def test_the_same_asset_twice_or_against_itself_has_a_start_too(other):
    one = np.random.default_rng(1).normal(size=(500, 1, 1))
    samples = np.concatenate([one, other * one], axis=-1)
    model = PAIR.build(seed=0, assets=2)
    start_correlated(model, samples[:, 0])
    assert np.isfinite(model.generate(2, seed=0)).all()


@pytest.mark.slow
def test_a_run_is_compared_with_the_baselines_of_several_assets(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, PAIR))
    monkeypatch.setattr(baselines, "JOINT_BASELINES", ("iid bootstrap",))
    moves = 0.01 * np.random.default_rng(0).standard_t(5, size=(600, 2)) @ [[1.0, 0.7], [0.0, 0.7]]
    prices = pd.DataFrame(100.0 * np.exp(np.cumsum(moves, axis=0)), columns=["A", "B"])
    prices.insert(0, "Date", pd.bdate_range("2020-01-01", periods=600))
    prices.to_csv(tmp_path / "prices.csv", index=False)
    source = Source(str(tmp_path / "prices.csv"), ticker="A,B")
    run = untrained_run(tmp_path / "mine", PAIR, source)
    board, files = compare.rank_in_sample(run, count=100, seeds=[0], progress=len)
    assert list(board.scores.index) == ["real", "sampling floor", "iid bootstrap", "mine"]
    assert board.scores.loc["iid bootstrap", "correlation"] < 0.05
    assert "random portfolios" in files[1].read_text()
