"""The numbers of the page: noise, quantiles, risks and histograms against NumPy."""

import numpy as np
import pytest
from scipy import stats

from helpers.javascript import answer

# Paths that a test makes itself: three days, the first value is the start.
LOG_PRICES = np.cumsum(
    np.pad(0.1 * np.random.default_rng(0).normal(size=(80, 3)), ((0, 0), (1, 0))), 1
)
SUMMARY = """((simulation) => {
  simulation.values = Float64Array.from(simulation.values);
  const found = modules["statistics.js"].summarize(simulation, 0.1);
  return { ...found, ends: Array.from(found.ends) };
})(simulation)"""


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    simulation = {"days": 3, "done": 80, "values": LOG_PRICES.ravel().tolist()}
    return answer(SUMMARY, tmp_path_factory.mktemp("js"), simulation=simulation)


def test_the_price_at_the_end_has_the_quantiles_of_numpy(summary):
    ends = np.exp(LOG_PRICES[:, -1])
    np.testing.assert_allclose(summary["ends"], np.sort(ends))
    quantiles = [summary["range"][0], summary["median"], summary["range"][1]]
    np.testing.assert_allclose(quantiles, np.quantile(ends, [0.05, 0.5, 0.95]))
    assert summary["gain"] == pytest.approx(np.mean(ends >= 1))


@pytest.mark.parametrize(("name", "share"), [("risk5", 0.05), ("risk1", 0.01)])
def test_value_at_risk_and_expected_shortfall_are_losses_of_the_start_price(summary, name, share):
    ends = np.exp(LOG_PRICES[:, -1])
    limit = np.quantile(ends, share)
    assert summary[name]["valueAtRisk"] == pytest.approx(1 - limit)
    assert summary[name]["expectedShortfall"] == pytest.approx(1 - ends[ends <= limit].mean())


def test_falls_are_counted_at_the_end_and_on_the_way(summary):
    prices = np.exp(LOG_PRICES)
    assert summary["fallAtEnd"] == pytest.approx(np.mean(prices[:, -1] < 0.9))
    assert summary["fallOnTheWay"] == pytest.approx(np.mean(prices.min(axis=1) < 0.9))
    assert summary["fallOnTheWay"] > summary["fallAtEnd"]


def test_a_histogram_counts_every_path_once(tmp_path):
    values = np.sort(np.random.default_rng(1).normal(size=500))
    found = answer(
        "modules['statistics.js'].histogram(values, 20)", tmp_path, values=values.tolist()
    )
    edges = found["low"] + found["width"] * np.arange(21)
    edges[[0, -1]] = -np.inf, np.inf
    assert found["counts"] == np.histogram(values, edges)[0].tolist()


def test_the_noise_is_standard_normal_and_each_path_has_its_own(tmp_path):
    found = answer(
        "[0, 1, 2].map((path) => Array.from(modules['noise.js'].fillNormals("
        "new Float64Array(20001), 7, path)))",
        tmp_path,
    )
    assert stats.kstest(np.ravel(found), "norm").pvalue > 0.01
    assert np.abs(np.corrcoef(found) - np.eye(3)).max() < 0.03
    assert np.abs(np.corrcoef(found[0][1:], found[0][:-1])[0, 1]) < 0.03


def test_a_seed_means_the_same_noise_for_ever(tmp_path):
    found = answer(
        "[Array.from(modules['noise.js'].fillNormals(new Float64Array(3), 1, 0)), "
        "modules['noise.js'].uniform(1, 0)]",
        tmp_path,
    )
    np.testing.assert_allclose(found[0], [-0.40912492615, 0.06658195037, 0.87724796753])
    assert found[1] == 0.5691565650049597
