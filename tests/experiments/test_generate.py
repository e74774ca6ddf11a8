"""Tests of the files that `generate` writes."""

import errno
import os
import re
import signal
import subprocess

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from keras_wgan.cli import app as cli
from keras_wgan.data.price_checks import TO_THE_LAST_BIT
from keras_wgan.experiments import generation
from keras_wgan.experiments.generation import GenerationRequest, YearlyMoments
from keras_wgan.experiments.run import Run
from keras_wgan.io import progress
from keras_wgan.market import scenario_stream, simulator
from keras_wgan.market.scenario_stream import ScenarioStream
from keras_wgan.report import scenario_table
from keras_wgan.report.export import scenarios

from helpers import tiny_recipes
from helpers.paths import program, program_environment

COUNT = 600  # more than two batches
SUFFIXES = [".csv", ".npz", ".parquet"]


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """Offers the tiny recipes."""
    tiny_recipes.offer(monkeypatch)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Returns a run folder of an untrained model, for all tests."""
    return tiny_recipes.untrained_run(tmp_path_factory.mktemp("run") / "r", tiny_recipes.RETURNS)


@pytest.fixture(scope="module")
def returns(run):
    """Returns the log returns of the run's first scenarios of seed 9."""
    market = simulator.PathSimulator("r", run.model(), run.facts.scaler)
    paths = np.concatenate(list(ScenarioStream(market, 60, seed=9).between(0, COUNT)))
    return run.facts.scaler.inverse(paths)[..., 0]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_was_streamed_holds_the_numbered_scenarios(tmp_path, run, returns, suffix):
    out = tmp_path / "new" / f"s{suffix}"
    generation.generate(run, GenerationRequest(count=COUNT, seed=9), out)
    table = read_table(out)
    np.testing.assert_array_equal(table["log_return"], returns.astype(np.float64).ravel())
    first_price = 2506.850098 * np.exp(returns[0, 0])
    assert table["price"][0] == pytest.approx(first_price, rel=1e-6)
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.slow
def test_paths_of_another_length_are_streamed_as_they_are_drawn(tmp_path, monkeypatch):
    recipe, samples = tiny_recipes.MARKET, []
    run = tiny_recipes.untrained_run(tmp_path / "r", recipe)
    monkeypatch.setattr("keras_wgan.experiments.recipes.RECIPES", (recipe,))
    monkeypatch.setattr(scenario_stream, "BLOCKS_OF_ONE_ASSET", 1)
    monkeypatch.setattr(scenario_stream, "BLOCK", 4)
    generation.generate(run, GenerationRequest(count=10, days=7, seed=3), tmp_path / "s.npz")
    market = simulator.PathSimulator("r", run.model(), run.facts.scaler)
    drawn = list(ScenarioStream(market, 7, seed=3).between(0, 10))
    assert [len(batch) for batch in drawn] == [4, 4, 2]
    samples = market.in_log_returns(np.concatenate(drawn))
    with np.load(tmp_path / "s.npz") as archive:
        np.testing.assert_array_equal(archive["log_return"][..., 0], samples)


def test_generated_returns_are_anchored_to_a_mean_and_a_volatility_of_a_year(tmp_path, run):
    generation.generate(
        run,
        GenerationRequest(count=20, seed=9, yearly=YearlyMoments(0.05, 0.16)),
        tmp_path / "s.npz",
    )
    returns = np.load(tmp_path / "s.npz")["log_return"]
    assert 252 * returns.mean() == pytest.approx(0.05, rel=1e-9)
    assert np.sqrt(252) * returns.std() == pytest.approx(0.16, rel=1e-9)


def test_generating_refuses_another_form_and_a_file_that_exists(tmp_path, run):
    with pytest.raises(ValueError, match=r"end in \.csv, \.npz, \.parquet for this run"):
        generation.generate(run, GenerationRequest(count=3, seed=0), tmp_path / "s.txt")
    (tmp_path / "s.csv").write_text("mine")
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        generation.generate(run, GenerationRequest(count=3, seed=0), tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text() == "mine"


def test_networks_of_a_fixed_length_make_no_longer_paths(tmp_path, run):
    with pytest.raises(ValueError, match="`generator` must be a `market_generator`"):
        generation.generate(run, GenerationRequest(count=3, days=61, seed=0), tmp_path / "s.csv")


def test_a_long_job_says_how_far_it_is(tmp_path, run, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    lines = []
    generation.generate(
        run, GenerationRequest(count=COUNT, seed=9), tmp_path / "s.npz", progress=lines.append
    )
    assert lines[:3] == [f"{done} of 600 samples made" for done in (256, 512, 600)]
    assert lines[-1] == "600 of 600 scenarios of `price` written"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_named_and_nothing_half_written_is_left(tmp_path, run, suffix, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(scenarios, "price_paths", full)
    with pytest.raises(OSError, match=rf"s{suffix} cannot be written: No space left"):
        generation.generate(run, GenerationRequest(count=3, seed=0), tmp_path / f"s{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_while_a_file_is_written_leaves_nothing(tmp_path, run, sent, monkeypatch):
    whole = scenarios.price_paths

    def interrupted(*arguments, **named):
        signal.raise_signal(sent)
        return whole(*arguments, **named)

    monkeypatch.setattr(scenarios, "price_paths", interrupted)
    arguments = ["generate", str(run.path), "--out", str(tmp_path / "s.csv")]
    # A shell starts what runs in the background with Ctrl-C ignored, these tests too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = CliRunner().invoke(cli.app, arguments)
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 130
    assert "Stopped; nothing is left of" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_scenarios():
    command = [*program("long.million"), "--recipe", "tiny-returns"]
    options = ["--count", "100000", "--suffix", ".parquet"]
    environment = program_environment(PYTHONWARNINGS="ignore")
    output = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=True
    ).stdout
    (grown,) = re.findall(r"(\d+) MiB more than for 20,000", output)
    # Latents, samples and returns of 80,000 more scenarios would take 128 MiB at the least.
    assert int(grown) < 64, output


def read_table(path):
    """Returns the table that a scenario file holds."""
    if path.suffix == ".csv":
        return pd.read_csv(path, **TO_THE_LAST_BIT)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    with np.load(path) as archive:
        prices = dict.fromkeys(archive["asset"], 1.0)
        table = scenario_table(archive["log_return"], prices, pd.DatetimeIndex(archive["date"]))
        return table.assign(price=archive["price"].ravel())


def test_the_run_is_only_read(run):
    assert isinstance(run, Run)
    assert sorted(file.name for file in run.path.iterdir()) == ["config.json", "model.keras"]
