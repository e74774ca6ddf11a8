"""The risk of a portfolio as text for the terminal."""

import numpy as np

from keras_wgan.market import Portfolio, RiskSettings
from keras_wgan.market.risk.engine import portfolio_risk
from keras_wgan.report.tables.portfolio_risk import portfolio_risk_text


def test_the_worst_scenarios_name_the_assets_that_are_held():
    paths = 0.01 * np.random.default_rng(0).normal(size=(500, 1, 3))
    paths[7, 0] = np.log([0.5, 0.4, 0.3])
    held, settings = Portfolio({"A": 1.0}), RiskSettings(horizons=(1,), levels=(0.05,))
    text = portfolio_risk_text(portfolio_risk(paths, ("A", "B", "C"), held, settings))
    assert "scenario 7: -50.0%, drawdown 50.0% (A -50.0%)" in text
