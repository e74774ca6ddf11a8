"""`keras-wgan risk` on untrained runs of one asset and of two."""

import json
import shutil

import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.market import noise_search, states

from helpers import tiny_recipes
from helpers.commands import call, refusal

PAIR = Source("bundled", "^GSPC,^IXIC", start="2017-01-01")
QUICK = ("--count", "1000", "--horizons", "1,5")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Returns a folder with untrained runs of two assets, and of one."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recipes, "RECIPES", (tiny_recipes.PAIR, tiny_recipes.RETURNS))
        tiny_recipes.untrained_run(folder / "pair", tiny_recipes.PAIR, PAIR)
        tiny_recipes.untrained_run(folder / "one", tiny_recipes.RETURNS)
    return folder


@pytest.fixture
def runs(made, tmp_path, monkeypatch):
    """Puts copies of the runs into the working folder, and looks at few states."""
    monkeypatch.setattr(recipes, "RECIPES", (tiny_recipes.PAIR, tiny_recipes.RETURNS))
    monkeypatch.setattr(states, "STARTS", 500)
    monkeypatch.setattr(states, "SEARCHED", 500)
    monkeypatch.setattr(noise_search, "CANDIDATES", 2)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.slow
def test_the_risk_of_two_runs_is_written_and_shown_with_their_spread(runs):
    shutil.copytree("pair", "again")
    lines = call("risk", "pair", "again", "--weights", "^GSPC=1,^IXIC=-0.5", *QUICK).splitlines()
    assert "Portfolio: ^GSPC 100%, ^IXIC -50%, cash 50%, rebalanced daily" in lines
    assert lines[-1] == (
        "Next: keras-wgan risk pair again --weights '^GSPC=1,^IXIC=-0.5' --after data"
    )
    table = pd.read_csv("pair/risk/risk.csv")
    assert table["days"].unique().tolist() == [1, 5]
    var = table[table["measure"] == "VaR"]  # copies of one run differ by their seeds alone
    assert (var["spread"] > 0.0).all() and (var["spread"] < 6.0 * var["error"]).all()
    content = json.loads((runs / "pair/risk/risk.json").read_text())
    assert content["runs"] == {"pair": 1000, "again": 1000}
    assert content["unit"].endswith("a loss is negative")
    assert content["portfolio"]["cash"] == 0.5
    shares = pd.read_csv("pair/risk/contributions.csv").groupby(["days", "level"])["es_share"]
    assert shares.sum().to_numpy() == pytest.approx(1.0)


def test_a_network_of_a_fixed_length_gives_the_risk_of_its_first_days(runs):
    call("risk", "one", "--horizons", "1,5", "--count", "1000", "--out", "r")
    assert sorted(path.name for path in (runs / "r").iterdir()) == [
        "contributions.csv",
        "risk.csv",
        "risk.json",
        "risk.png",
        "worst.csv",
    ]


@pytest.mark.slow
def test_a_stress_is_said_back_with_the_number_of_scenarios_that_is_left(runs):
    options = ("--count", "2000", "--horizons", "1", "--levels", "5%", "--given", "^GSPC<0 in 3")
    said = " ".join(call("risk", "pair", *options).split())
    content = json.loads((runs / "pair/risk/risk.json").read_text())
    assert content["stress"] == "^GSPC < 0% in 3 days"
    count = f"{content['effective_scenarios']:,.0f}"
    assert f"which count as {count} equal ones." in said


@pytest.mark.slow
def test_scenarios_can_begin_in_the_state_of_today(runs):
    said = call("risk", "pair", "--after", "data", *QUICK)
    content = json.loads((runs / "pair/risk/risk.json").read_text())
    start, *doubts = content["start"]
    assert start.startswith("Starting volatility after 2018-12-31: ") and start in said
    assert all("doubt" in doubt for doubt in doubts)  # the run is untrained


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("pair", "one"), "All runs must be of the same assets"),
        (("pair", "pair"), "Name each run once"),
        (("pair", "--count", "999"), "needs at least 1,000 scenarios"),
        (("pair", "--horizons", "1,x"), "`--horizons` must hold whole numbers such as 1,5,20"),
        (("pair", "--levels", "80%"), "`levels` must be a finite number above 0 and below 0.5"),
        (("pair", "--weights", "SPY=1"), "which are ^GSPC, ^IXIC. Received: SPY"),
        (("pair", "--out", "one"), "`--out` must be a new or an empty folder"),
        (("pair", "--regime", "calm", "--after", "data"), "--regime calm --after data"),
    ],
)
def test_what_cannot_be_meant_is_refused(runs, monkeypatch, capsys, options, message):
    assert message in refusal(monkeypatch, capsys, "risk", *options)
    assert not (runs / "pair" / "risk").exists()
