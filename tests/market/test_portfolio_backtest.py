"""A portfolio as one series, and simulators of its assets as its forecasters."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.market import BacktestSettings, BacktestSpan, backtest, baselines
from keras_wgan.market.backtesting.portfolio import (
    ContinuedPortfolio,
    PortfolioPaths,
    portfolio_returns,
)
from keras_wgan.market.risk.portfolio import Portfolio

DAYS = pd.bdate_range("2015-01-01", periods=900)
RETURNS = pd.DataFrame(
    np.random.default_rng(0).normal(scale=0.01, size=(900, 2)), DAYS, columns=["A", "B"]
)
WEIGHTS = {"A": 0.7, "B": -0.2}


class LastDay:
    """Says that all days will be like the last one; without a past, that nothing will move."""

    def sample(self, n, days, seed):
        return np.zeros((n, days, 2))

    def sample_after_each(self, returns, starts, n, days, seeds):
        for start in starts:
            yield np.broadcast_to(returns[start - 1], (n, days, 2))


def test_the_returns_of_a_portfolio_are_those_of_its_weights_every_day():
    found = portfolio_returns(RETURNS, Portfolio(WEIGHTS))
    simple = 0.7 * np.expm1(RETURNS["A"]) - 0.2 * np.expm1(RETURNS["B"])
    np.testing.assert_allclose(np.expm1(found), simple, rtol=1e-12)
    assert found.index.equals(DAYS)


def test_a_simulator_of_the_assets_sees_their_returns_up_to_each_start():
    series = portfolio_returns(RETURNS, Portfolio(WEIGHTS)).to_numpy()
    forecaster = ContinuedPortfolio(
        "last day", LastDay(), np.array([0.7, -0.2]), RETURNS.to_numpy()
    )
    paths = list(forecaster.sample_after_each(series[:500], [100, 400], 3, 5, [0, 1]))
    for start, found in zip([100, 400], paths, strict=True):
        np.testing.assert_allclose(found, np.full((3, 5), series[start - 1]), rtol=1e-12)
    assert (PortfolioPaths("still", LastDay(), np.ones(2)).sample(2, 3, 0) == 0.0).all()


def test_a_portfolio_is_backtested_next_to_historical_simulation_and_fhs():
    series = portfolio_returns(RETURNS, Portfolio(WEIGHTS))
    forecaster = ContinuedPortfolio("last", LastDay(), np.array([0.7, -0.2]), RETURNS.to_numpy())
    settings = BacktestSettings(every=10, paths=100, horizons=(1, 5), risk_days=(5,))
    found = backtest(
        series,
        [baselines.get("historical simulation 500"), baselines.get("iid normal"), forecaster],
        BacktestSpan("2016-12-30", "2017-06-01"),
        settings,
        progress=lambda _: None,
    )
    table = found.calibration_table().set_index(["forecaster", "days"])
    assert table.loc[("historical simulation 500", 1), "var_5%_kupiec_p"] > 0.01
    assert table.loc[("last", 1), "var_5%_hits"] > 10  # half of the days are worse than the last


@pytest.mark.parametrize(
    ("portfolio", "message"),
    [
        (Portfolio(WEIGHTS, "never"), "the same portfolio on every day"),
        (Portfolio({"C": 1.0}), "which are A, B. Received: C"),
        (Portfolio({"A": -15.0}), "loses everything on 2015-01-02"),
    ],
)
def test_a_portfolio_that_has_no_series_is_refused(portfolio, message):
    returns = RETURNS.copy()
    returns.iloc[1] = 0.1
    with pytest.raises(ValueError, match=message):
        portfolio_returns(returns, portfolio)
