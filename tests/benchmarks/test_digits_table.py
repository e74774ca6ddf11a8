"""The table trains only what fits into the given minutes, and nothing twice."""

import importlib.util
import json
import sys

import pytest

from keras_wgan.experiments import fit

from helpers import tiny_recipes
from helpers.paths import ROOT

# By its path: benchmarks/ is no part of what is installed.
PATH = ROOT / "benchmarks" / "digits_table.py"
spec = importlib.util.spec_from_file_location("digits_table", PATH)
digits_table = importlib.util.module_from_spec(spec)
spec.loader.exec_module(digits_table)


def test_the_epochs_are_those_that_fit_into_the_minutes():
    assert digits_table.epochs_that_fit(minutes=10, step_seconds=0.1, steps=100) == 55
    assert digits_table.epochs_that_fit(minutes=0.01, step_seconds=0.1, steps=100) == 1


@pytest.mark.slow
def test_a_table_has_a_row_a_seed_and_a_mean_and_a_second_call_trains_nothing(
    monkeypatch, tmp_path, capsys
):
    tiny_recipes.offer(monkeypatch)
    monkeypatch.setattr(fit, "SCORED", 20)
    monkeypatch.setattr(digits_table, "step_seconds", lambda recipe, data: 15.0)
    arguments = ["--recipes", "tiny-images", "--data", "digits", "--minutes", "1.7"]
    arguments += ["--seeds", "0", "1", "--count", "50", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["digits_table", *arguments])
    digits_table.main()
    rows = json.loads((tmp_path / "table.json").read_text())
    assert [row["seed"] for row in rows] == [0, 1]
    assert [row["epochs"] for row in rows] == [2, 2]
    first = rows[0]
    assert first["times_floor"] == pytest.approx(first["fid"] / first["floor"])
    assert first["protocol"]["generated"] == first["protocol"]["real"] == 50
    assert "mean" in (tmp_path / "table.txt").read_text()

    def trained(*arguments, **named):
        raise AssertionError("trained again")

    monkeypatch.setattr(digits_table.training, "train", trained)
    monkeypatch.setattr(digits_table.training, "evaluate", trained)
    capsys.readouterr()
    digits_table.main()
    assert json.loads((tmp_path / "table.json").read_text()) == rows
