"""Tests of the benchmark on a smoothed fund."""

import numpy as np
import pytest


@pytest.fixture
def smoothed_fund(benchmark):
    """Returns the module."""
    return benchmark("smoothed_fund")


def test_facts_of_an_autoregression_are_the_closed_forms(smoothed_fund):
    returns = smoothed_fund.made_returns(600_000, 0.5, seed=0)
    found = smoothed_fund.facts(returns[: 60 * 10_000].reshape(-1, 60))
    assert [found[f"lag {lag}"] for lag in (1, 2, 5)] == pytest.approx(
        [0.5, 0.25, 1 / 32], abs=0.02
    )
    # 1 + 2 sum (1 - k / n) .5^k
    exact = {n: 1 + 2 * sum((1 - k / n) * 0.5**k for k in range(1, n)) for n in (5, 20, 60)}
    for days, expected in exact.items():
        assert found[f"variance of {days} days"] == pytest.approx(expected, rel=0.05)


def test_a_short_training_writes_the_page_with_its_rivals(smoothed_fund, tmp_path, monkeypatch):
    command = ["smoothed_fund", "--days", "700", "--epochs", "1", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", command)
    monkeypatch.setattr(smoothed_fund, "PATHS", 50)
    monkeypatch.setattr(smoothed_fund, "BASELINES", ("FHS-multiscale",))
    smoothed_fund.main()
    page = (tmp_path / "smoothed_fund.md").read_text()
    assert page.startswith("# A smoothed fund") and "| sp500 |" in page
    assert np.isfinite(
        np.loadtxt(tmp_path / "fund.csv", delimiter=",", skiprows=1, usecols=1)
    ).all()
