"""The benchmark of many assets trains on returns whose correlations are known."""

import numpy as np
import pytest


@pytest.fixture
def many_assets(benchmark):
    return benchmark("many_assets")


def test_the_made_returns_have_the_true_correlations(many_assets):
    prices, truth = many_assets.made_prices(6, 60_000, seed=0)
    returns = np.diff(np.log(prices.to_numpy()), axis=0)
    np.testing.assert_allclose(np.corrcoef(returns, rowvar=False), truth, atol=0.05)


@pytest.mark.slow
def test_a_short_training_leaves_its_table(many_assets, tmp_path, monkeypatch):
    given = ["--assets", "3", "--days", "320", "--epochs", "1", "--count", "20"]
    monkeypatch.setattr("sys.argv", ["many_assets", *given, "--out", str(tmp_path)])
    many_assets.main()
    text = (tmp_path / "many_assets.md").read_text()
    assert "| assets; days | 3; 320 |" in text and "minutes, projected" in text
    assert "GiB" in text and "gap from the true correlations after 1 epochs" in text
