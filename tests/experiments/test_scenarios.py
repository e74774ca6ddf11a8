"""Tests of the states, days and prices in which generated paths begin."""

import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.data import Source, load_prices
from keras_wgan.experiments import generation, recipes
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.market import noise_search, regime_calibration, states
from keras_wgan.market.scenarios import AfterPrices, InRegime, ScenarioRequest, draw_scenarios

from helpers import tiny_recipes


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Offers the tiny recipes, and looks at fewer starts and pasts than a user does."""
    monkeypatch.setattr(recipes, "RECIPES", (tiny_recipes.MARKET, tiny_recipes.RETURNS))
    monkeypatch.setattr(states, "STARTS", 1000)
    monkeypatch.setattr(states, "SEARCHED", 500)
    monkeypatch.setattr(noise_search, "CANDIDATES", 2)
    monkeypatch.setattr(regime_calibration, "UNCONDITIONAL", 500)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Returns a run folder of an untrained market, for all tests."""
    return tiny_recipes.untrained_run(tmp_path_factory.mktemp("run") / "r", tiny_recipes.MARKET)


def _call(run, *options):
    arguments = ["generate", str(run.path), "--count", "3", *options]
    result = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[1:]  # after "Loading Keras ..."; how far it is goes elsewhere


@pytest.mark.slow
def test_paths_after_the_runs_own_data_start_from_its_last_price(tmp_path, run):
    lines = _call(run, "--after", "data", "--days", "5", "--out", str(tmp_path / "s.csv"))
    assert lines[0].startswith("Starting volatility after 2018-12-31: ")
    table = pd.read_csv(tmp_path / "s.csv")
    assert table["date"][0] == "2019-01-01"
    starts = table["price"][::5] * np.exp(-table["log_return"][::5])
    np.testing.assert_allclose(starts, 2506.850098, rtol=1e-6)


@pytest.mark.slow
def test_paths_after_a_file_start_from_its_last_day_and_price(tmp_path, run):
    prices = load_prices(start="2017-06-01", end="2018-03-28", source="bundled")
    prices.rename("Close").to_csv(tmp_path / "p.csv", index_label="Date")
    out = tmp_path / "s.csv"
    lines = _call(run, "--after", str(tmp_path / "p.csv"), "--days", "2", "--out", str(out))
    assert lines[0].startswith("Starting volatility after 2018-03-28: ")
    assert lines[1].startswith("Only 208 prices were found;")
    table = pd.read_csv(out)
    assert table["date"][:2].tolist() == ["2018-03-29", "2018-03-30"]
    start = table["price"][0] * np.exp(-table["log_return"][0])
    assert start == pytest.approx(prices.iloc[-1], rel=1e-6)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*no day in common:UserWarning")
def test_days_whose_assets_move_apart_are_said_to_be_other_than_the_models(tmp_path):
    names = "^GSPC,^IXIC"
    pair = tiny_recipes.untrained_run(
        tmp_path / "pair", tiny_recipes.PAIR, Source("bundled", ticker=names, start="2018-01-01")
    )
    moves = np.random.default_rng(0).normal(size=(250, 2)) * pair.facts.scaler.scale
    days = pd.bdate_range("2019-01-01", periods=250, name="Date")
    prices = 2500 * np.exp(moves.cumsum(axis=0))
    pd.DataFrame(prices, days, names.split(",")).to_csv(tmp_path / "p.csv")
    after = AfterPrices(generation.prices_to_continue(pair, str(tmp_path / "p.csv")))
    drawn = draw_scenarios(pair.simulator(), pair.facts, ScenarioRequest(1, 5, 0, after))
    numbers = re.fullmatch(
        r"The shocks of \^GSPC and \^IXIC have a correlation of (.*) in the last 30 days, and of "
        r"(.*) in the model\.",
        drawn.describe()[1],
    )
    observed, model = map(float, numbers.groups())
    # The model's own: the start is the history's. Its common scale takes part of what is too much.
    assert model == pytest.approx(0.95, abs=0.02) and observed < 0.65


@pytest.mark.slow
def test_a_regime_says_what_was_asked_and_reached(tmp_path, run):
    lines = _call(run, "--regime", "crisis", "--out", str(tmp_path / "s.csv"))
    assert lines[0].endswith("(median; requested: crisis, percentiles 95 to 100)")
    assert lines[1].startswith("Volatility of the first 20 days: percentile ")
    assert pd.read_csv(tmp_path / "s.csv")["date"][0] == "2019-01-01"


@pytest.mark.slow
def test_a_percentile_says_what_was_asked(tmp_path, run):
    options = ("--volatility-percentile", "90", "--days", "5", "--out", str(tmp_path / "s.csv"))
    lines = _call(run, *options)
    assert lines[0].endswith("(median; requested: percentiles 87.5 to 92.5)")
    assert lines[1].startswith("Volatility of the first 5 days: ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--regime", "calm", "--after", "data"), "Received: --regime calm --after data"),
        (("--regime", "wild"), "Invalid value for '--regime'"),
        (("--volatility-percentile", "-1"), "Invalid value for '--volatility-percentile'"),
        (("--after", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(tmp_path, run, options, message):
    arguments = ["generate", str(run.path), *options, "--out", str(tmp_path / "s.csv")]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code != 0
    assert message in result.output + str(result.exception)
    assert not list(tmp_path.iterdir())


def test_too_few_prices_are_refused(tmp_path, run):
    prices = load_prices(start="2018-01-01", end="2018-02-28", source="bundled")
    prices.rename("Close").to_csv(tmp_path / "p.csv", index_label="Date")
    with pytest.raises(ValueError, match="`prices` must hold at least 61 days"):
        AfterPrices(generation.prices_to_continue(run, str(tmp_path / "p.csv")))


def test_a_network_that_is_no_market_simulator_is_refused(tmp_path):
    classic = tiny_recipes.untrained_run(tmp_path / "r", tiny_recipes.RETURNS)
    calm = GenerationRequest(count=2, seed=0, start=InRegime("calm"))
    with pytest.raises(ValueError, match="must be a `market_generator`, as the recipe sp500"):
        generation.generate(classic, calm, tmp_path / "s.csv")
