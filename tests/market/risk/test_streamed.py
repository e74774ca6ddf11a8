"""Contributions and worst scenarios of a risk whose scenarios are not kept."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.market import Portfolio, RiskAccumulator, RiskSettings, StreamedRisk, Stress
from keras_wgan.market.risk.engine import portfolio_risk

TICKERS = ("A", "B", "C")
PORTFOLIO = Portfolio({"A": 0.5, "B": 0.8, "C": -0.4})
SETTINGS = RiskSettings(horizons=(1, 5), levels=(0.01, 0.05))
MIX = np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.3, 0.3, 0.9]])
PATHS = 0.01 * np.random.default_rng(0).standard_t(4, size=(20_000, 5, 3)) @ MIX.T


def _streamed(chunks, first=0, settings=SETTINGS):
    risk = StreamedRisk(RiskAccumulator(TICKERS, PORTFOLIO, settings, Stress()))
    risk.add(chunks, first)
    return risk


def test_contributions_are_those_of_held_scenarios():
    held = portfolio_risk(PATHS, TICKERS, PORTFOLIO, SETTINGS)
    streamed = _streamed(np.array_split(PATHS, 30)).contributions()
    for name, bound in (("component_es", 2e-3), ("component_var", 1e-2)):
        limits = bound * streamed.groupby(["days", "level"])[name].transform(
            lambda parts: abs(parts.sum())
        )
        gaps = (streamed[name] - held.contributions()[name]).abs()
        assert (gaps < limits).all(), name
    errors = (each["component_es_error"] for each in (streamed, held.contributions()))
    pd.testing.assert_series_equal(*errors, rtol=0.02)
    table = held.table().set_index(["measure", "days", "level"])["value"]
    for (days, level), parts in streamed.groupby(["days", "level"]):
        assert parts["component_es"].sum() == pytest.approx(table["ES", days, level], rel=1e-3)
        assert parts["component_var"].sum() == pytest.approx(table["VaR", days, level], rel=1.1e-3)


def test_normal_assets_contribute_what_eulers_principle_says():
    covariance = np.array([[4.0, 1.0, 0.0], [1.0, 1.0, 0.2], [0.0, 0.2, 2.0]]) * 1e-6
    draws = np.random.default_rng(1).multivariate_normal(np.zeros(3), covariance, 100_000)
    settings = RiskSettings(horizons=(1,), levels=(0.05,))
    found = _streamed([np.log1p(draws)[:, None]], settings=settings).contributions()
    weights = np.array([0.5, 0.8, -0.4])
    exact = weights * (covariance @ weights) / (weights @ covariance @ weights)
    np.testing.assert_allclose(found["es_share"], exact, atol=0.02)


def test_shards_name_the_worst_scenarios_by_their_numbers_in_any_order():
    whole = _streamed([PATHS])
    parts = [_streamed([PATHS[first : first + 5000]], first) for first in (15_000, 0, 10_000, 5000)]
    for part in parts[1:]:
        parts[0].merge(part)
    for table in ("contributions", "worst", "table"):
        one, other = (getattr(risk, table)() for risk in (parts[0], whole))
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    worst = whole.worst(3)
    returns = np.expm1(PATHS[:, 0]) @ [0.5, 0.8, -0.4]
    assert worst[worst["days"] == 1]["scenario"].tolist() == np.argsort(returns)[:3].tolist()
    sums = worst[list(TICKERS)].sum(axis=1)
    np.testing.assert_allclose(sums, worst["return"], rtol=1e-9)


def test_a_tail_that_reaches_into_gains_is_split_too():
    up = np.abs(PATHS[:2000]) + 1e-4
    held = portfolio_risk(up, TICKERS, Portfolio({"A": 1.0}), SETTINGS)
    risk = StreamedRisk(RiskAccumulator(TICKERS, Portfolio({"A": 1.0}), SETTINGS, Stress()))
    risk.add([up])
    one, other = (each.contributions()["component_es"] for each in (risk, held))
    np.testing.assert_allclose(one, other, rtol=6e-3, atol=1e-12)


def test_profits_whose_sums_would_not_be_exact_are_refused():
    wild = np.full((10, 5, 3), 3.0)  # a growth of e^15
    with pytest.raises(OverflowError, match="over 40,000 times its value"):
        _streamed([wild])
