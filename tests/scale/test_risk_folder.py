"""Tests of a folder of risks over shards: merged, they are the risk of one process."""

import functools

import pandas as pd
import pytest

from keras_wgan.experiments import RiskRequest, Run
from keras_wgan.experiments.streamed_risk import stream_risk
from keras_wgan.market import Portfolio, RiskAccumulator, RiskSettings, Stress
from keras_wgan.scale import ScenarioJob, Shard, map_shards, merge_risks, write_shard_risk
from keras_wgan.scale.risk_folder import merged_lines

SETTINGS = RiskSettings(horizons=(1, 5), levels=(0.05,), losses=(0.01,))
REQUEST = RiskRequest(Portfolio({"^GSPC": 0.6, "^IXIC": 0.4}), 210, 3, SETTINGS)
MEASURED = RiskAccumulator(("^GSPC", "^IXIC"), REQUEST.portfolio, SETTINGS, Stress())


@pytest.fixture
def work(run, tmp_path):
    """Returns the work of a shard of a risk, and its folder."""
    folder, job = tmp_path / "risks", ScenarioJob.of_risk(Run.open(run.path), REQUEST)
    return functools.partial(write_shard_risk, job, MEASURED, folder), folder


def test_the_merged_files_of_shards_are_the_risk_of_one_process_to_the_last_bit(run, work):
    write, folder = work
    parts = list(map_shards(write, Shard.all(3)))
    whole, lines = stream_risk([Run.open(run.path)], REQUEST)
    merged = merge_risks(folder)
    for table in ("table", "contributions", "worst"):
        one, other = (getattr(risk, table)() for risk in (merged, whole))
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert merged_lines(folder) == lines
    assert [part.scenarios for part in parts] == [70, 70, 70]


def test_a_finished_shard_is_kept_and_a_damaged_one_is_named_and_made_again(work):
    write, folder = work
    parts = [write(shard) for shard in Shard.all(2)]
    path = folder / parts[1].file
    whole, made = path.read_bytes(), (folder / parts[0].file).stat().st_mtime_ns
    path.write_bytes(whole[:-9])
    with pytest.raises(ValueError, match=r"1 of 2 whole parts: part-00002\.npz is damaged"):
        merge_risks(folder)
    assert [write(shard) for shard in Shard.all(2)] == parts
    assert path.read_bytes() == whole
    assert (folder / parts[0].file).stat().st_mtime_ns == made


def test_another_portfolio_does_not_fit_into_the_folder(run, work):
    write, folder = work
    write(Shard(1, 2))
    other = RiskAccumulator(MEASURED.tickers, Portfolio({"^GSPC": 1.0}), SETTINGS, Stress())
    with pytest.raises(FileExistsError, match="holds other scenarios: measured is"):
        write_shard_risk(write.args[0], other, folder, Shard(2, 2))
    with pytest.raises(ValueError, match=r"part-00002\.npz is missing.*`--shard 2/2`"):
        merge_risks(folder)


def test_a_folder_of_scenarios_is_not_merged(job, tmp_path):
    from keras_wgan.scale import write_shard

    write_shard(job, tmp_path / "s", Shard(1, 1))
    with pytest.raises(ValueError, match="holds scenarios, not the risk over them"):
        merge_risks(tmp_path / "s")
