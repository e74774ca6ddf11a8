"""Tests of the risk over shards: merged, it is that of all scenarios."""

import pandas as pd
import pytest

from keras_wgan.experiments import RiskRequest, Run, measure_risk, streamed_risk
from keras_wgan.experiments.streamed_risk import stream_risk
from keras_wgan.market import Portfolio, RiskAccumulator, RiskSettings, Stress
from keras_wgan.scale import Shard, shard_risk

from helpers.commands import call
from helpers.shards import job_of

SETTINGS = RiskSettings(horizons=(1, 5), levels=(0.05,), losses=(0.01,))
PORTFOLIO = Portfolio({"^GSPC": 0.6, "^IXIC": 0.4})
COUNT = 210


def _measured(stress=None):
    return RiskAccumulator(("^GSPC", "^IXIC"), PORTFOLIO, SETTINGS, stress or Stress())


def test_the_merged_risk_of_shards_is_that_of_all_scenarios_to_the_last_bit(run):
    job = job_of(run, count=COUNT)
    risks = [shard_risk(job, _measured(), shard) for shard in reversed(Shard.all(3))]
    for risk in risks[1:]:
        risks[0].merge(risk)
    whole, _ = stream_risk([Run.open(run.path)], RiskRequest(PORTFOLIO, COUNT, 3, SETTINGS))
    for table in ("table", "contributions", "worst"):
        one, other = (getattr(risk, table)() for risk in (risks[0], whole))
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_streamed_risk_is_that_of_held_scenarios_within_its_bound(run):
    request = RiskRequest(PORTFOLIO, COUNT, 3, SETTINGS)
    streamed, lines = stream_risk([Run.open(run.path)], request)
    held, said = measure_risk([Run.open(run.path)], request)
    assert (lines, streamed.scenarios) == (said, COUNT)
    one, other = streamed.table(), held.table()
    assert one[["days", "measure"]].equals(other[["days", "measure"]])
    pd.testing.assert_series_equal(one["value"], other["value"], rtol=2e-3, atol=1e-9)
    pd.testing.assert_series_equal(one["error"], other["error"], rtol=0.25, atol=1e-3)
    worst = held.worst().assign(model="scenarios")
    pd.testing.assert_frame_equal(streamed.worst(), worst, check_exact=True)


def test_what_needs_all_scenarios_at_once_is_refused(run):
    runs, stress = [Run.open(run.path)], Stress.parse(given=["^GSPC<-0.01 in 5"])
    with pytest.raises(ValueError, match="cannot be used while streaming"):
        stream_risk(runs, RiskRequest(PORTFOLIO, COUNT, 3, SETTINGS, stress))
    with pytest.raises(ValueError, match="for one run at a time. Received: 2 runs"):
        stream_risk(runs * 2, RiskRequest(PORTFOLIO, COUNT, 3, SETTINGS))


def test_the_files_of_a_streamed_risk_hold_its_table(run, tmp_path):
    risk, lines = stream_risk([Run.open(run.path)], RiskRequest(PORTFOLIO, COUNT, 3, SETTINGS))
    files = streamed_risk.write_streamed_risk(risk, tmp_path / "risk", start=lines)
    assert [file.name for file in files] == [
        "risk.csv",
        "contributions.csv",
        "worst.csv",
        "risk.json",
    ]
    assert len(pd.read_csv(files[0])) == len(risk.table())


def test_the_command_streams_more_scenarios_than_are_held(run, tmp_path, monkeypatch):
    monkeypatch.setattr(streamed_risk, "HELD", 200)
    options = ("--horizons", "1,5", "--levels", "5%", "--losses", "1%", "--count", str(COUNT))
    out = tmp_path / "risk"
    said = call("risk", str(run.path), *options, "--out", str(out))
    assert "over 210 scenarios, of which none is kept" in " ".join(said.split())
    assert "VaR 5%" in said
    assert "Shares of ES 5% by asset:" in said and "Worst scenarios over 5 days:" in said
    assert len(list(out.iterdir())) == 4
