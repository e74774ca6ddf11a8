"""The permissions of all files that the commands write."""

import os
import stat

import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.experiments import fit, recipes
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.market import baselines

from helpers.tiny_recipes import MARKET

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

WRITTEN = {
    *("config.json", "history.csv", "metrics.json", "model.keras", "report.html"),
    *("leaderboard.json", "leaderboard.md", "leaderboard.png", "epoch_0001.png"),
    *("s.csv", "s.npz", "s.parquet"),
    *("search.json", "oracle.json", "trial.json", "trials.csv", "trials.png", "best.json"),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """Offers the tiny market, leaves most baselines out, and works in an empty folder."""
    monkeypatch.setattr(recipes, "RECIPES", (MARKET,))
    monkeypatch.setattr(baselines, "BASELINES", ("iid normal",))
    monkeypatch.setattr(fit, "SCORED", 100)
    monkeypatch.setattr(Returns, "evaluated", 100)
    monkeypatch.chdir(tmp_path)


def keras_wgan(arguments):
    """Runs a command, given as one would type it."""
    result = CliRunner().invoke(cli.app, arguments.split(), catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_all_files_have_the_permissions_of_the_users_umask(tmp_path):
    before = os.umask(0o027)
    try:
        keras_wgan("train tiny-market --start 2016-01-01 --end 2018-12-31 --out run")
        keras_wgan("evaluate run")
        for suffix in ("csv", "npz", "parquet"):
            keras_wgan(f"generate run --count 2 --out s.{suffix}")
        keras_wgan("leaderboard run --count 100 --seeds 1")
        keras_wgan("tune tiny-market --start 2018-01-01 --end 2018-12-31 --trials 1 --out search")
    finally:
        os.umask(before)
    files = {file: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.rglob("*.*")}
    assert {file.name for file in files} >= WRITTEN
    assert {file.name for file, found in files.items() if found != 0o640} == set()
