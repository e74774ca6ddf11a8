"""Risk of portfolios: tables, contributions that add up, and worst scenarios."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from keras_wgan.market.risk.engine import portfolio_risk
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.settings import RiskSettings

COVARIANCE = np.array([[4.0, 1.2, 0.0], [1.2, 1.0, -0.3], [0.0, -0.3, 2.25]]) * 1e-4
WEIGHTS = {"A": 0.5, "B": 0.8, "C": -0.3}


def normal_paths(n, days, seed=0):
    """Returns log returns whose simple returns are normal with the covariance above."""
    simple = np.random.default_rng(seed).multivariate_normal(np.zeros(3), COVARIANCE, (n, days))
    return np.log1p(simple)


@pytest.fixture(scope="module")
def one_day():
    """Returns the risk of one day of a normal portfolio."""
    settings = RiskSettings(horizons=(1,), levels=(0.025, 0.05))
    return portfolio_risk(normal_paths(100_000, 1), "ABC", Portfolio(WEIGHTS), settings)


def test_a_normal_portfolio_has_the_closed_forms_in_its_table(one_day):
    weights = np.array(list(WEIGHTS.values()))
    sigma = np.sqrt(weights @ COVARIANCE @ weights)
    table = one_day.table().set_index(["measure", "level"])
    expected = {
        ("VaR", 0.025): sigma * norm.ppf(0.025),
        ("ES", 0.05): -sigma * norm.pdf(norm.ppf(0.05)) / 0.05,
        ("P(loss)", 0.05): norm.cdf(-0.05 / sigma),
    }
    for row, value in expected.items():
        assert abs(table.loc[row, "value"] - value) < 3.0 * table.loc[row, "error"], row


def test_contributions_are_those_of_euler_and_add_up(one_day):
    weights = np.array(list(WEIGHTS.values()))
    shares = weights * (COVARIANCE @ weights) / (weights @ COVARIANCE @ weights)
    table = one_day.table().set_index(["measure", "level"])["value"]
    for level, found in one_day.contributions().groupby("level"):
        assert found["component_var"].sum() == pytest.approx(table["VaR", level], rel=1e-12)
        assert found["component_es"].sum() == pytest.approx(table["ES", level], rel=1e-12)
        np.testing.assert_allclose(found["component_es"], found["weight"] * found["marginal_es"])
        error = found["component_es_error"]
        assert (np.abs(found["component_es"] - shares * table["ES", level]) < 3.5 * error).all()
        np.testing.assert_allclose(found["component_var"], shares * table["VaR", level], atol=1e-3)


def test_the_marginal_contribution_is_the_derivative_of_the_expected_shortfall(one_day):
    settings = RiskSettings(horizons=(1,), levels=(0.05,))
    step = 1e-4
    more = Portfolio({**WEIGHTS, "B": WEIGHTS["B"] + step})
    moved = portfolio_risk(normal_paths(100_000, 1), "ABC", more, settings)
    before, after = (
        each.distribution(1).expected_shortfall(0.05).value for each in (one_day, moved)
    )
    found = one_day.contributions().set_index(["level", "asset"])["marginal_es"]
    assert (after - before) / step == pytest.approx(found[0.05, "B"], rel=1e-3)


def test_chunks_give_the_same_risk_as_one_array():
    paths = normal_paths(2000, 5)
    settings = RiskSettings(horizons=(1, 5))
    whole, chunks = (
        portfolio_risk(each, "ABC", Portfolio.equal("ABC", "never"), settings).table()
        for each in (paths, iter(np.split(paths, 4)))
    )
    pd.testing.assert_frame_equal(whole, chunks)


def test_several_models_count_as_one_and_show_their_spread():
    calm, wild = normal_paths(2000, 1), 2.0 * normal_paths(2000, 1, seed=1)
    settings = RiskSettings(horizons=(1,))
    both = portfolio_risk({"calm": calm, "wild": wild}, "ABC", Portfolio(WEIGHTS), settings)
    alone = [
        portfolio_risk(each, "ABC", Portfolio(WEIGHTS), settings).distribution(1).quantile(0.01)
        for each in (calm, wild)
    ]
    row = both.table().set_index(["measure", "level"]).loc[("VaR", 0.01)]
    values = [each.value for each in alone]
    assert row["spread"] == pytest.approx(np.std(values, ddof=1))
    assert min(values) < row["value"] < max(values)


def test_the_worst_scenarios_are_named_with_what_each_asset_did():
    paths = normal_paths(1000, 20)
    paths[123, 3] = np.log([0.8, 0.7, 1.1])
    risk = portfolio_risk(paths, "ABC", Portfolio(WEIGHTS), RiskSettings(horizons=(1, 20)))
    worst = risk.worst(3)
    assert worst["days"].tolist() == [1, 1, 1, 20, 20, 20]
    row = worst.iloc[3]
    assert row["scenario"] == 123
    assert row[["A", "B", "C"]].sum() == pytest.approx(row["return"])
    assert (np.diff(worst["return"][3:]) >= 0.0).all()


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (np.zeros((999, 60, 3)), "needs at least 1,000 scenarios"),
        (np.zeros((1000, 59, 3)), r"must be \(n, days, 3\) log returns of 60 days or more"),
        (np.zeros((1000, 60, 2)), r"Received: paths.shape=\(1000, 60, 2\)"),
        (np.full((1000, 60, 3), np.nan), "`paths` must be finite"),
    ],
)
def test_scenarios_that_cannot_answer_are_refused(paths, message):
    with pytest.raises(ValueError, match=message):
        portfolio_risk(paths, "ABC", Portfolio(WEIGHTS))


def test_the_paths_of_one_asset_need_no_axis_of_assets():
    paths = normal_paths(1000, 60)[..., 0]
    risk = portfolio_risk(paths, ["A"], Portfolio({"A": 1.0}))
    np.testing.assert_allclose(
        risk.distribution(60).mean().value, np.expm1(paths.sum(axis=1)).mean()
    )
