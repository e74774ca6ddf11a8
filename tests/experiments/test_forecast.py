"""Forecasts from the last day of prices, by several forecasters."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source
from keras_wgan.experiments import ForecastRequest, forecast, forecasting, today_forecasters
from keras_wgan.market import Portfolio, RiskSettings
from keras_wgan.market.baselines import get

SETTINGS = RiskSettings(horizons=(1, 5), levels=(0.05,))


@pytest.fixture
def prices(tmp_path):
    """Writes two years of two independent assets, with volatilities of 1% and 2% a day."""
    rng = np.random.default_rng(0)
    returns = rng.normal(scale=[0.01, 0.02], size=(600, 2))
    days = pd.bdate_range("2020-01-01", periods=601, name="date")
    growth = np.exp(np.vstack([np.zeros(2), returns.cumsum(axis=0)]))
    path = tmp_path / "prices.csv"
    pd.DataFrame(100 * growth, days, ["A", "B"]).to_csv(path)
    return path


def one(prices, names, **options):
    return ForecastRequest(Source(str(prices), "A"), names, settings=SETTINGS, **options)


def test_the_risk_of_one_asset_is_that_of_its_paths_after_the_last_day(prices):
    found = forecast(one(prices, ("historical-volatility-20",), count=20_000))
    returns = np.log(pd.read_csv(prices)["A"]).diff().dropna()
    std = get("historical volatility 20").fit(returns).volatility_after(returns)
    row = found.risk.table().set_index(["days", "measure", "level"]).loc[(1, "VaR", 0.05)]
    exact = np.expm1(returns.mean() - 1.645 * std)
    assert row["value"] == pytest.approx(exact, abs=3.0 * row["error"])


def test_the_spread_is_that_of_the_forecasters(prices):
    names = ("historical-volatility-20", "garch-n")
    found = forecast(one(prices, names, count=1000))
    assert list(found.risk.outcomes) == ["historical volatility 20", "GARCH-n"]
    row = found.risk.table().set_index(["days", "measure", "level"]).loc[(5, "VaR", 0.05)]
    each = [
        found.risk.distribution(5, model=name).quantile(0.05).value for name in found.risk.outcomes
    ]
    assert row["spread"] == pytest.approx(np.std(each, ddof=1))
    assert (
        len(found.lines) == 3
        and "historical volatility 20: fitted to 600 returns" in found.lines[1]
    )


def test_several_assets_are_forecast_jointly_with_the_portfolio_s_weights(prices):
    source = Source(str(prices), "A,B")
    portfolio = Portfolio({"A": 1.0, "B": -0.5})
    request = ForecastRequest(source, ("joint-fhs-gjr",), portfolio, 2000, settings=SETTINGS)
    found = forecast(request)
    days = found.risk.distribution(1)
    # Two independent parts of 1% a day each.
    assert -days.quantile(0.05).value == pytest.approx(1.645 * np.sqrt(2) * 0.01, rel=0.12)


def test_a_path_is_the_same_whatever_the_number_of_paths(prices, monkeypatch):
    for module in (forecasting, today_forecasters):
        monkeypatch.setattr(module, "CHUNK", 60)
    few, many = (
        forecast(one(prices, ("garch-n",), count=count)).risk.outcomes["GARCH-n"].returns
        for count in (230, 300)
    )
    np.testing.assert_array_equal(few, many[:230])


def test_the_file_holds_the_paths_of_the_first_forecaster(prices, tmp_path):
    path = tmp_path / "paths.csv"
    found = forecast(one(prices, ("garch-n", "garch-t"), count=200), scenarios=path)
    table = pd.read_csv(path)
    assert len(table) == 200 * 5 and table["asset"].unique().tolist() == ["A"]
    last = pd.read_csv(prices)["A"].iloc[-1]
    ends = table[table["day"] == 5]["price"].to_numpy() / last - 1.0
    np.testing.assert_allclose(ends, found.risk.outcomes["GARCH-n"].returns[:, 1], rtol=1e-5)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ("iid-normal",),
            "must have a state, which the last days set. Received: iid normal. Those",
        ),
        (("joint-fhs-gjr",), "A forecaster of one asset must be a baseline (historical-simulation"),
        (("garch-n", "GARCH-n"), "Name each forecaster once. Received: GARCH-n, GARCH-n"),
        (("preset:mnist",), "must make returns of as many assets as the prices hold, A. Received"),
    ],
)
def test_what_cannot_forecast_is_refused(prices, names, said):
    with pytest.raises(ValueError) as refusal:
        forecast(one(prices, names, count=1000))
    assert said in str(refusal.value)


def test_a_taken_file_is_refused_before_anything_is_fitted(prices):
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        forecast(one(prices, ()), scenarios=prices)


@pytest.mark.slow
def test_a_preset_forecasts_next_to_a_baseline():
    source = Source("bundled", start="2010-01-01")
    names = ("preset:sp500", "fhs-multiscale")
    found = forecast(ForecastRequest(source, names, count=1000, settings=SETTINGS))
    assert list(found.risk.outcomes) == ["preset-sp500", "FHS-multiscale"]
    spread = [found.risk.distribution(5, model=name).quantile(0.5) for name in found.risk.outcomes]
    assert all(abs(each.value) < 0.02 for each in spread)
