"""`keras-wgan generate` and `evaluate` on a trained run."""

import json

import numpy as np
import pandas as pd
import pytest

from helpers.commands import call, refusal


def test_generate_writes_as_many_scenarios_as_asked_for(tmp_path, r):
    lines = call("generate", "r", "--count", "7", "--out", "new folder/s.csv").splitlines()
    assert lines[1:] == ["7 samples are in new folder/s.csv", "Next: keras-wgan evaluate r"]
    table = pd.read_csv(tmp_path / "new folder" / "s.csv")
    assert table["scenario"].unique().tolist() == list(range(7))
    assert table["day"].max() == 60


def test_generate_without_a_file_name_never_writes_over_an_earlier_one(r):
    r.rename("my run")
    outputs = [call("generate", "my run", "--count", "2").splitlines() for _ in range(3)]
    assert [lines[1] for lines in outputs] == [
        "2 samples are in my run/samples-2.csv",
        "2 samples are in my run/samples-2-2.csv",
        "2 samples are in my run/samples-2-3.csv",
    ]
    assert outputs[0][-1] == "Next: keras-wgan evaluate 'my run'"


def test_the_seed_of_generate_fixes_the_samples(tmp_path, r):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        call("generate", "r", "--count", "2", "--seed", seed, "--out", f"{name}.npz")
    found = [np.load(tmp_path / f"{name}.npz")["log_return"] for name in "abc"]
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.any(found[0] == found[2])


def test_an_unknown_form_of_file_is_answered_with_the_known_ones(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "generate", "r", "--out", "s.txt")
    assert line == (
        "keras-wgan: `--out` must end in .csv, .npz, .parquet for this run. Received: s.txt"
    )


@pytest.mark.slow
def test_evaluate_measures_again_with_another_count(tmp_path, r):
    lines = call("evaluate", "r", "--count", "150").splitlines()
    assert json.loads((tmp_path / "r" / "metrics.json").read_text())["protocol"]["windows"] == 150
    assert lines[-2:] == [
        "Numbers: r/metrics.json",
        "Next: keras-wgan generate r --count 1000",
    ]


def test_weights_without_a_state_of_theirs_are_refused(monkeypatch, capsys, r):
    line = refusal(monkeypatch, capsys, "generate", "r", "--weights", "equal")
    assert "`--weights` names the portfolio whose volatility a start has" in line
