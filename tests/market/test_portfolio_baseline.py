"""Baselines of several assets as forecasters of a portfolio, against closed forms."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from keras_wgan.market import (
    BacktestSettings,
    BacktestSpan,
    Portfolio,
    backtest,
    baselines,
    portfolio_baseline,
    portfolio_returns,
)
from keras_wgan.market.baselines import Baseline, StatefulSimulator

DAYS = pd.bdate_range("2015-01-01", periods=900)
STD = np.array([0.01, 0.02, 0.005])
WEIGHTS = np.array([0.5, -0.3, 0.8])
PORTFOLIO = Portfolio({"A": 0.5, "C": 0.8, "B": -0.3})
NORMAL = np.random.default_rng(1).normal(size=(900, 3))
INDEPENDENT = pd.DataFrame(STD * NORMAL, DAYS, columns=["A", "B", "C"])


def _fitted(name, returns, days=None):
    found = portfolio_baseline(baselines.get(name), returns, PORTFOLIO)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant volatility leaves GARCH little to converge to
        return found.fit(portfolio_returns(returns, PORTFOLIO)[:days])


@pytest.mark.parametrize("name", ["Gaussian copula", "joint FHS-GJR"])
@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_value_at_risk_is_that_of_the_sum_of_normal_assets(name, correlation):
    matrix = np.full((3, 3), correlation) + (1 - correlation) * np.eye(3)
    returns = pd.DataFrame(
        STD * (NORMAL @ np.linalg.cholesky(matrix).T), DAYS, columns=INDEPENDENT.columns
    )
    own = portfolio_returns(returns, PORTFOLIO).to_numpy()
    paths = _fitted(name, returns).sample_after(own, 20_000, 1, seed=0)
    exact = np.sqrt(WEIGHTS @ (matrix * np.outer(STD, STD)) @ WEIGHTS)
    for level in (0.01, 0.05):
        found = np.quantile(np.expm1(paths), level)
        assert found == pytest.approx(exact * scipy.stats.norm.ppf(level), rel=0.1)


def test_a_backtest_of_independent_normal_assets_covers_what_it_says():
    settings = BacktestSettings(every=5, paths=400, horizons=(1, 2), risk_days=(2,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = backtest(
            portfolio_returns(INDEPENDENT, PORTFOLIO),
            [portfolio_baseline(baselines.get("Gaussian copula"), INDEPENDENT, PORTFOLIO)],
            BacktestSpan("2016-06-30", "2016-07-01"),
            settings,
            progress=lambda _: None,
        )
    assert len(found.days) > 90  # a standard error of 3% of the first, and 5% of the second
    assert found.coverage("Gaussian copula", 1, level=0.9) == pytest.approx(0.9, abs=0.07)
    assert found.coverage("Gaussian copula", 1, level=0.5) == pytest.approx(0.5, abs=0.11)
    assert found.risk_tests("Gaussian copula", 1, level=0.05)[0].p_value > 0.05


def test_a_bootstrap_of_days_is_one_of_the_portfolios_own_returns():
    own = portfolio_returns(INDEPENDENT, PORTFOLIO)
    for name in ("iid bootstrap", "block bootstrap 20"):
        through_assets = _fitted(name, INDEPENDENT).sample(50, 20, seed=3)
        alone = baselines.get(name).fit(own).sample(50, 20, seed=3)
        np.testing.assert_allclose(through_assets, alone, atol=1e-15)


def test_it_has_a_state_where_the_baseline_of_the_assets_has_one():
    kinds = {
        name: portfolio_baseline(baselines.get(name), INDEPENDENT, PORTFOLIO)
        for name in (*baselines.JOINT_BASELINES, "vine copula")
    }
    assert all(isinstance(each, Baseline) for each in kinds.values())
    stateful = [name for name, each in kinds.items() if isinstance(each, StatefulSimulator)]
    assert stateful == ["Gaussian copula", "t copula", "joint FHS-GJR", "DCC-GJR-t"]


def test_the_returns_of_another_portfolio_are_refused():
    fitted = _fitted("joint FHS-GJR", INDEPENDENT, days=400)
    with pytest.raises(ValueError, match="of other days or of another portfolio"):
        fitted.sample_after(INDEPENDENT["A"], 1, 1, seed=0)
    with pytest.raises(ValueError, match="from the first day of the assets' returns on"):
        fitted.fit(portfolio_returns(INDEPENDENT, PORTFOLIO)[1:])
