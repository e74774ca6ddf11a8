"""`keras-wgan backtest`: options reach the backtest, and the output names its files."""

import json

from helpers.commands import call

SHORT = (
    *("--start", "2015-01-01", "--test-from", "2018-01-01", "--every", "60", "--paths", "100"),
    *("--out", "b"),
)


def test_backtest_prints_tables_files_and_the_next_command(tmp_path):
    output = call("backtest", "iid-normal", *SHORT)
    lines = output.splitlines()
    assert lines[1].startswith("Forecasting 2018-01-02 to 2018-12-31 from 4 days, fitted to ")
    assert "CRPS over that of FHS-EGARCH" in output
    assert [line.strip() for line in lines[-6:-2]] == [
        "b/backtest.md",
        "b/scores.csv",
        "b/calibration.csv",
        "b/backtest.png",
    ]
    assert lines[-1].startswith("Next: keras-wgan backtest ")
    config = json.loads((tmp_path / "b" / "backtest.json").read_text())
    assert config["span"] == {
        "fit_until": "2017-12-31",
        "test_from": "2018-01-01",
        "test_until": None,
    }
    assert config["settings"]["every"] == 60 and config["settings"]["paths"] == 100


def test_the_usual_years_are_those_of_the_leaderboard(tmp_path):
    call("backtest", "iid-normal", "--every", "600", "--paths", "100", "--out", "b")
    config = json.loads((tmp_path / "b" / "backtest.json").read_text())
    assert config["span"] == {
        "fit_until": "2011-12-31",
        "test_from": "2016-01-01",
        "test_until": None,
    }
