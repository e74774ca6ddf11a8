"""Tests of the leaderboard of a run, in sample and out of sample."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.data import ImageFacts, Source
from keras_wgan.experiments import compare, generation, recipes
from keras_wgan.experiments.compare import LaterDays
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.generation import GenerationRequest
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.selection import MEASURE, HeldOutSelection
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.market import baselines
from keras_wgan.market.leaderboard import Leaderboard

from helpers.tiny_recipes import IMAGES, MARKET, untrained_run

pytestmark = pytest.mark.slow

FEW = ("iid normal", "GARCH-n")


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Lets run folders name the tiny recipes, and leaves most baselines out."""
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET, IMAGES))
    monkeypatch.setattr(baselines, "BASELINES", FEW)


@pytest.fixture
def inside(tmp_path, trained_run):
    """Returns a run that is listed below the baselines of its own years."""
    source = Source("bundled", start="2016-01-01", end="2018-12-31")
    return trained_run(tmp_path / "mine", ExperimentSpec(MARKET, source, 0))


@pytest.fixture
def early(tmp_path, trained_run):
    """Returns a run that has seen none of the test years."""
    source = Source("bundled", start="2009-01-01", end="2011-12-31")
    return trained_run(tmp_path / "early", ExperimentSpec(MARKET, source, 0))


def test_in_sample_the_run_is_listed_below_the_baselines(inside):
    said = []
    board, files = compare.rank_in_sample(inside, count=100, seeds=[0], progress=said.append)
    assert list(board.scores.index) == ["real", "sampling floor", *FEW, "mine"]
    assert board.trained_on == ("w1",)
    assert [file.name for file in files] == [
        "leaderboard.json",
        "leaderboard.md",
        "leaderboard.png",
    ]
    written = json.loads(files[0].read_text())
    assert written["protocol"] == "in sample"
    assert written["scores"]["mine"]["w1"] == board.scores.loc["mine", "w1"]
    assert any(line.startswith("mine: composite") for line in said)


def test_out_of_sample_the_run_is_scored_on_years_after_its_own(early):
    board, files = compare.rank_out_of_sample(early, count=100, seeds=[0], progress=len)
    assert board.settings["fitted_to"]["last"] == "2011-12-30"
    assert board.settings["scored_on"]["first"] > "2016-01-01"
    assert "training history itself" in board.scores.index
    assert files[1].name == "leaderboard-out-of-sample.md"


def made_prices(path, days):
    """A file of made prices on these days."""
    steps = np.random.default_rng(0).standard_t(5, len(days)) / 100
    prices = pd.DataFrame({"Date": days, "Close": 100 * np.exp(np.cumsum(steps))})
    prices.to_csv(path, index=False)
    return str(path)


def test_a_history_that_begins_in_2018_has_test_days_of_its_own(tmp_path):
    prices = made_prices(tmp_path / "young.csv", pd.bdate_range("2018-01-01", "2024-12-31"))
    run = untrained_run(tmp_path / "young", MARKET, Source(prices, end="2021-12-31"))
    later = LaterDays(test_from="2022-06-01")
    board, _ = compare.rank_out_of_sample(run, count=100, seeds=[0], progress=len, later=later)
    assert board.settings["fitted_to"]["last"] == "2021-12-31"
    assert board.settings["scored_on"]["first"] == "2022-06-01"
    assert "chosen_on" not in board.settings
    with pytest.raises(ValueError, match="must begin after all that .* 2021-12-31. Received"):
        LaterDays(test_from="2021-12-31").split(run, "2024-12-31")
    with pytest.raises(ValueError, match="up to 2021-12-31, after --select-until 2020-12-31"):
        LaterDays(select_until="2020-12-31").split(run, "2024-12-31")


def test_the_test_begins_60_days_after_the_selection(early):
    chosen_until(early, "2013-12-31")
    split = LaterDays(select_until="2014-06-30").split(early, "2018-12-31")
    assert (split.fit_until, split.select_until, split.gap_days) == (
        "2011-12-30",
        "2014-06-30",
        60,
    )
    assert LaterDays(test_from="2015-01-01").split(early, "2018-12-31").select_until == "2013-12-31"


def test_a_run_that_has_seen_the_test_years_is_refused_with_what_to_train(tmp_path):
    run = untrained_run(tmp_path / "late", MARKET)
    with pytest.raises(ValueError, match="train tiny-market --data bundled .*--end 2011-12-31"):
        compare.rank_out_of_sample(run, count=100, seeds=[0], progress=len)


def chosen_until(run, last_day):
    """Notes in a run's folder that its weights were chosen on days up to this one."""
    selection = HeldOutSelection("2012-03-29", last_day, days=900)
    run.write_config(dataclasses.replace(run.config, selection=selection))
    run.write_history(run.history().assign(**{MEASURE: 1.25}))


def test_a_run_whose_weights_were_chosen_on_test_years_is_refused(early):
    chosen_until(early, "2016-01-04")
    with pytest.raises(ValueError, match="on days up to 2016-01-04.*--select-until 2015-12-31"):
        compare.rank_out_of_sample(early, count=100, seeds=[0], progress=len)


def test_out_of_sample_says_how_the_weights_were_chosen(early, monkeypatch):
    asked = []
    board = Leaderboard("out of sample", pd.DataFrame({"w1": [0.1]}, ["early"]), {}, {}, {})
    monkeypatch.setattr(compare, "out_of_sample", lambda *_, **__: board)
    monkeypatch.setattr(compare, "_write", lambda board, *_: asked.append(board))
    compare.rank_out_of_sample(early, count=100, seeds=[0], progress=len)
    chosen_until(early, "2015-12-31")
    compare.rank_out_of_sample(early, count=100, seeds=[0], progress=len)
    last, chosen = (one.settings["weights"]["early"] for one in asked)
    assert last == "its last weights, none were selected"
    assert chosen == (
        "the weights of epoch 1, selected on 2012-03-29 to 2015-12-31 "
        "(median of score over sampling floor 1.25)"
    )


def test_a_market_is_written_at_another_length_than_it_was_trained_on(tmp_path):
    run = untrained_run(tmp_path / "mine", MARKET)
    generation.generate(run, GenerationRequest(count=2, days=70, seed=0), tmp_path / "s.csv")
    table = pd.read_csv(tmp_path / "s.csv")
    assert (table["day"].max(), len(table)) == (70, 140)


def test_the_command_prints_the_table_and_the_next_command(inside):
    asked = ["leaderboard", str(inside.path), "--count", "100", "--seeds", "1"]
    result = CliRunner().invoke(cli.app, asked, catch_exceptions=False)
    assert result.exit_code == 0
    assert "sampling floor" in result.output and "GARCH-n" in result.output
    assert result.output.splitlines()[-1] == f"Next: keras-wgan generate {inside.path} --count 1000"


def test_prices_that_were_moved_are_found_where_they_lie_now(tmp_path):
    made_prices(tmp_path / "prices.csv", pd.bdate_range("2015-01-01", periods=700))
    run = untrained_run(tmp_path / "mine", MARKET, Source(str(tmp_path / "prices.csv")))
    moved = (tmp_path / "prices.csv").rename(tmp_path / "elsewhere.csv")
    with pytest.raises(FileNotFoundError):
        compare.rank_in_sample(run, count=100, seeds=[0], progress=len)
    board, _ = compare.rank_in_sample(run, count=100, seeds=[0], progress=len, data=str(moved))
    assert board.settings["fitted_to"]["days"] == 699


def test_another_markets_prices_are_refused_out_of_sample_too(tmp_path, early):
    made_prices(tmp_path / "other.csv", pd.bdate_range("2009-01-01", "2018-12-31"))
    with pytest.raises(ValueError, match="is not what the run was trained on: the returns of all"):
        compare.rank_out_of_sample(
            early, count=100, seeds=[0], progress=len, data=str(tmp_path / "other.csv")
        )


def test_a_run_of_images_is_refused(tmp_path):
    run = Run.create(tmp_path / "digits")
    facts = ImageFacts("digits", 1500, (28, 28, 1))
    run.write_config(RunConfig(ExperimentSpec(IMAGES, Source("digits"), 0), facts))
    with pytest.raises(ValueError, match="compares simulators of returns; .* makes images"):
        compare.rank_in_sample(run, count=100, seeds=[0], progress=len)
