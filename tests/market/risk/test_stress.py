"""Events and views: how they are read, what they weigh, and when they are refused."""

import numpy as np
import pytest

from keras_wgan.market.risk.engine import portfolio_risk
from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.settings import RiskSettings
from keras_wgan.market.risk.stress import Stress, effective_number

TICKERS = ("SPY", "TLT", "EURUSD=X")
ONE_DAY = RiskSettings(horizons=(1,), levels=(0.05,))


@pytest.mark.parametrize(
    ("given", "views", "shown"),
    [
        (["SPY<-0.10 in 20"], [], "SPY < -10% in 20 days"),
        (["spy volatility >= 40% in 5 days"], [], "SPY volatility >= 40% in 5 days"),
        (
            ["EURUSD=X>.01", "portfolio <= -5%"],
            [],
            "EURUSD=X > 1% in 1 day; portfolio <= -5% in 1 day",
        ),
        ([], ["SPY mean=-5% in 20"], "SPY mean = -5% in 20 days"),
        ([], ["EURUSD=X = 0.01 in 2"], "EURUSD=X mean = 1% in 2 days"),
        (
            ["TLT>0"],
            ["TLT volatility=.3 in 9"],
            "TLT > 0% in 1 day; TLT volatility = 30% in 9 days",
        ),
    ],
)
def test_an_event_or_a_view_is_read_and_said_back(given, views, shown):
    assert str(Stress.parse(given, views).named(TICKERS)) == shown


@pytest.mark.parametrize(
    ("given", "views", "message"),
    [
        (["SPY"], [], '`--given` must be such as "SPY<-0.10 in 20"'),
        (["SPY=0.1 in 5"], [], "with one of <, <=, >, >="),
        (["SPY<0.1 in 0"], [], "`days` must be a whole number of at least 1"),
        (["QQQ<0.1"], [], "must name one of SPY, TLT, EURUSD=X, portfolio. Received: QQQ"),
        ([], ["SPY<0.1 in 5"], "`--view` must be such as"),
        ([], ["SPY volatility=0 in 5"], "must hold a volatility above 0"),
    ],
)
def test_what_is_neither_is_refused(given, views, message):
    with pytest.raises(ValueError, match=message):
        Stress.parse(given, views).named(TICKERS)


def test_a_given_event_leaves_the_scenarios_in_which_it_happens():
    paths = np.random.default_rng(0).normal(scale=0.02, size=(4000, 5, 2))
    fell = np.expm1(paths[:, :3, 0].sum(axis=1)) < -0.02
    stress = Stress.parse(["A<-2% in 3"])
    portfolio = Portfolio({"A": 0.3, "B": 0.7})
    settings = RiskSettings(horizons=(1, 5), levels=(0.05,))
    stressed = portfolio_risk(paths, "AB", portfolio, settings, stress=stress)
    alone = portfolio_risk(paths[fell], "AB", portfolio, settings)
    assert stressed.effective_scenarios == pytest.approx(fell.sum())
    columns = ["value", "error"]
    np.testing.assert_allclose(
        stressed.table()[columns], alone.table()[columns], rtol=1e-9, atol=1e-12
    )
    assert set(stressed.worst(20)["scenario"]) <= set(np.flatnonzero(fell))


def test_the_portfolio_itself_can_be_given_and_a_volatility():
    paths = np.random.default_rng(0).normal(scale=0.02, size=(2000, 5, 1))
    stress = Stress.parse(["portfolio<0 in 5", "A volatility>30% in 5"])
    risk = portfolio_risk(paths, "A", Portfolio({"A": 1.0}, "never"), ONE_DAY, stress=stress)
    volatility = np.sqrt(252 * (paths[..., 0] ** 2).mean(axis=1))
    happened = (paths[..., 0].sum(axis=1) < 0.0) & (volatility > 0.3)
    assert risk.effective_scenarios == pytest.approx(happened.sum())


def test_a_view_on_the_mean_of_a_normal_return_shifts_it_and_costs_the_closed_form():
    returns = np.random.default_rng(0).normal(0.0, 0.02, size=(20_000, 1))
    found = Stress.parse(views=["A mean=-1% in 1"]).probabilities(returns)
    assert found @ returns[:, 0] == pytest.approx(-0.01, abs=1e-6)
    assert np.sqrt(found @ (returns[:, 0] + 0.01) ** 2) == pytest.approx(0.02, rel=0.02)
    share = effective_number(found) / len(returns)
    assert share == pytest.approx(np.exp(-0.25), rel=0.02)  # exp(-(shift / sigma)^2)


def test_a_view_on_a_volatility_is_met_in_its_root_mean_square():
    daily = np.random.default_rng(0).normal(0.0, 0.02, size=(5000, 2, 1))
    stress = Stress.parse(views=["A volatility=40% in 2"])
    risk = portfolio_risk(daily, "A", Portfolio({"A": 1.0}), ONE_DAY, stress=stress)
    squares = 252 * (daily[..., 0] ** 2).mean(axis=1)
    assert np.sqrt(risk.probabilities @ squares) == pytest.approx(0.4, rel=1e-4)


@pytest.mark.parametrize(
    ("stress", "message"),
    [
        (Stress.parse(["A<-5% in 1"]), r"count as \d+ equal ones, and a tail of 5% needs 200"),
        (Stress.parse(["A<-90% in 1"]), "count as 0 equal ones.*draw more, start in"),
        (Stress.parse(views=["A mean=-50% in 1"]), "which no probabilities of the 4,000 scenarios"),
        (Stress.parse(views=["A mean=-6% in 1"]), "count as"),
    ],
)
def test_a_stress_that_leaves_too_few_scenarios_is_refused(stress, message):
    paths = np.random.default_rng(0).normal(scale=0.02, size=(4000, 1))
    with pytest.raises(ValueError, match=message):
        portfolio_risk(paths, "A", Portfolio({"A": 1.0}), ONE_DAY, stress=stress)
