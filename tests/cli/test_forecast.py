"""`keras-wgan forecast`: options reach the forecast, and the output names its files."""

import json

import pandas as pd

from helpers.commands import call, refusal

SHORT = ("--start", "2016-01-01", "--horizons", "1,5", "--levels", "5%", "--count", "300")


def test_forecast_prints_risk_by_forecaster_files_and_the_next_command(tmp_path):
    output = call("forecast", "garch-n", "garch-t", *SHORT, "--out", "f", "--scenarios", "p.csv")
    lines = output.splitlines()
    assert lines[2].startswith("GARCH-n: fitted to 753 returns of 2016-01-05 to 2018-12-31; next ")
    assert "over 600 scenarios" in output and "VaR / ES 5% by model:" in output
    assert [line.strip() for line in lines[-8:-1]] == [
        "Written to:",
        *(f"f/{name}" for name in ("risk.csv", "contributions.csv", "worst.csv", "risk.json")),
        "f/risk.png",
        "p.csv",
    ]
    assert lines[-1] == "Next: keras-wgan backtest garch-n garch-t --data bundled"
    assert json.loads((tmp_path / "f" / "risk.json").read_text())["runs"] == {
        "GARCH-n": 300,
        "GARCH-t": 300,
    }
    assert len(pd.read_csv(tmp_path / "p.csv")) == 300 * 5


def test_a_taken_folder_is_refused_before_anything_is_read(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "forecast", "--data", "nowhere.csv", "--out", "r")
    assert line.endswith("`--out` must be a new or an empty folder, nothing is overwritten: r")
