"""Rolling origins in a folder: resumed, added to, and never mixed with others."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import (
    Outcome,
    RollingRequest,
    Run,
    recipes,
    rolling,
    run_rolling,
    training,
)
from keras_wgan.market import RollingPlan

from helpers.commands import call
from helpers.tiny_recipes import MARKET, untrained_run

PLAN = RollingPlan(2004, 2006, every=2, fit_years=2, test_years=2, days=30, paths=100, histories=2)


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    """A file of made prices, 2001 to 2007."""
    path = tmp_path_factory.mktemp("prices") / "made.csv"
    days = pd.bdate_range("2001-12-03", "2007-12-31")
    steps = 0.01 * np.random.default_rng(0).standard_t(5, size=len(days))
    pd.DataFrame({"Date": days, "Close": 100 * np.exp(np.cumsum(steps))}).to_csv(path, index=False)
    return path


def ran(prices, folder, *names, plan=PLAN):
    said = []
    found, files = run_rolling(
        RollingRequest(names, Source(str(prices)), plan), folder, progress=said.append
    )
    return found, files, said


def test_each_model_and_origin_is_scored_and_kept_in_a_file(prices, tmp_path):
    found, files, _ = ran(prices, tmp_path / "r", "IID normal", "garch-n")
    assert found.origins == (2004, 2006)
    assert set(found.by_model) == {
        "training history",
        "training history, scaled",
        "iid normal",
        "GARCH-n",
    }
    assert [file.name for file in files] == ["rolling.md", "scores.csv", "rolling.png"]
    kept = json.loads((tmp_path / "r" / "origins" / "2006" / "GARCH-n.json").read_text())
    assert kept["mean"] == found.by_model["GARCH-n"][2006].mean
    assert pd.read_csv(files[1]).loc[1, "GARCH-n"] == pytest.approx(kept["mean"])


def test_what_is_scored_is_not_scored_again_and_a_model_can_be_added(prices, tmp_path, monkeypatch):
    first, _, _ = ran(prices, tmp_path / "r", "iid normal")
    (tmp_path / "r" / "origins" / "2006" / "iid-normal.json").unlink()  # as if interrupted
    scored = []
    score = rolling.score_simulator

    def recording(simulator, *rest):
        scored.append(simulator.name)
        return score(simulator, *rest)

    monkeypatch.setattr(rolling, "score_simulator", recording)
    again, _, _ = ran(prices, tmp_path / "r", "iid normal", "iid bootstrap")
    assert scored == ["iid bootstrap", "iid normal", "iid bootstrap"]
    assert again.by_model["iid normal"] == first.by_model["iid normal"]
    _, _, said = ran(prices, tmp_path / "r", "iid normal")
    assert len(scored) == 3 and said == [
        "2004 (1 of 2): scored before",
        "2006 (2 of 2): scored before",
    ]


def test_a_folder_of_other_origins_or_files_is_refused(prices, tmp_path):
    ran(prices, tmp_path / "r", "iid normal")
    other = RollingPlan(2004, 2006, 2, 2, 2, days=30, paths=101, histories=2)
    with pytest.raises(FileExistsError, match="holds rolling origins with another plan"):
        ran(prices, tmp_path / "r", "iid normal", plan=other)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    with pytest.raises(FileExistsError, match="holds other files"):
        ran(prices, tmp_path / "mine", "iid normal")


def test_damaged_scores_are_named(prices, tmp_path):
    ran(prices, tmp_path / "r", "iid normal")
    path = tmp_path / "r" / "origins" / "2004" / "iid-normal.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match=re.escape(f"{path} is damaged: ")):
        ran(prices, tmp_path / "r", "iid normal")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["ARCH"], "A model must be a baseline .*egarch-skewt.* Received: ARCH"),
        (["mnist"], "or a recipe of returns .* Received: mnist"),
        (["PDV", "pdv"], "Name each model once. Received: PDV, PDV"),
    ],
)
def test_names_that_are_unknown_or_twice_are_refused(prices, tmp_path, names, message):
    with pytest.raises(ValueError, match=message):
        ran(prices, tmp_path / "r", *names)
    assert not (tmp_path / "r").exists()


def long_prices(path):
    """A file of made prices whose last fifth of twelve years is long enough to select by."""
    days = pd.bdate_range("1990-12-03", "2004-12-31")
    steps = 0.01 * np.random.default_rng(0).standard_t(5, size=len(days))
    pd.DataFrame({"Date": days, "Close": np.exp(np.cumsum(steps))}).to_csv(path, index=False)
    return path


LONG = RollingPlan(2003, 2003, fit_years=12, test_years=2, paths=100, histories=2)


@pytest.mark.slow
def test_a_recipe_trains_on_four_fifths_of_the_years_and_is_resumed(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET))
    asked, resumed = [], []

    def train(spec, run, *, verbose):
        asked.append(spec)
        run.path.rmdir()
        run = untrained_run(run.path, MARKET, spec.source)
        return Outcome(run, epochs=0, interrupted=True)

    def resume(run, *, verbose):
        resumed.append(run.path.name)
        return Outcome(run, epochs=1, interrupted=False)

    monkeypatch.setattr(training, "train", train)
    monkeypatch.setattr(training, "resume", resume)
    prices = long_prices(tmp_path / "long.csv")
    with pytest.raises(KeyboardInterrupt):
        ran(prices, tmp_path / "r", "tiny-market", plan=LONG)
    (spec,) = asked
    assert (spec.source.start, spec.source.end) == ("1991-01-01", "2000-08-07")  # 9.6 years
    assert spec.select_until == "2002-12-31" and resumed == []
    found, _, _ = ran(prices, tmp_path / "r", "tiny-market", plan=LONG)
    assert len(asked) == 1 and resumed == ["tiny-market-2003"]
    assert 0.0 < found.by_model["tiny-market"][2003].mean <= 4.0


@pytest.mark.slow
def test_a_recipe_is_trained_selected_and_scored_and_its_run_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, MARKET))
    prices = long_prices(tmp_path / "long.csv")
    found, _, _ = ran(prices, tmp_path / "r", "tiny-market", plan=LONG)
    run = Run.open(tmp_path / "r" / "runs" / "tiny-market-2003")
    assert run.config.selection.last_day == "2002-12-31"
    (tmp_path / "r" / "origins" / "2003" / "tiny-market.json").unlink()
    again, _, said = ran(prices, tmp_path / "r", "tiny-market", plan=LONG)
    assert again.by_model["tiny-market"] == found.by_model["tiny-market"]
    assert not any("training" in line for line in said)  # the run is taken as it is


@pytest.mark.slow
def test_the_command_prints_means_and_wins_and_the_next_command(prices, tmp_path):
    span = ["--first", "2004", "--last", "2006", "--every", "2"]
    years = ["--fit-years", "2", "--test-years", "2", "--paths", "100"]
    out = ["--data", str(prices), "--out", str(tmp_path / "r")]
    output = call("rolling", "iid-normal", *span, *years, *out)
    assert "Wins of a row over a column:" in output and "training history, scaled" in output
    assert output.splitlines()[-1].startswith("Next: keras-wgan rolling sp500 --data ")
