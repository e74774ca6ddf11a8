"""The benchmark of masked pasts measures what it says, from cases that differ as it says."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def masked_pasts(benchmark):
    return benchmark("masked_pasts")


def test_cases_hide_or_cut_the_past_of_the_later_stocks(masked_pasts):
    prices = masked_pasts.stock_prices()
    whole, masked, cut = masked_pasts.cases(prices).values()
    assert whole.notna().all(axis=None) and len(cut) == len(prices["2000":])
    assert masked[masked_pasts.OLD].notna().all(axis=None)
    hidden = masked[masked_pasts.LATER].isna()
    assert hidden[:"1999"].all(axis=None) and not hidden["2000":].any(axis=None)


def test_paths_of_twice_the_volatility_are_measured_as_such(masked_pasts):
    names = [*masked_pasts.OLD, *masked_pasts.LATER]
    random = np.random.default_rng(0)
    returns = pd.DataFrame(0.01 * random.normal(size=(3000, 6)), columns=names)
    paths = 0.01 * random.normal(size=(500, 60, 6)) * [2, 2, 2, 1, 1, 1]
    paths[..., 5] = paths[..., 4]  # a correlation of one between two of three later pairs
    floors = {name: {"w1": 0.01} for name in names}
    found = masked_pasts.measured(returns, paths, floors)
    assert found["volatility, old"] == pytest.approx(1.0, abs=0.05)
    assert found["volatility, later"] == pytest.approx(0.0, abs=0.05)
    assert found["correlations, old pairs"] == pytest.approx(0.0, abs=0.05)
    assert found["later pairs"] == pytest.approx(np.sqrt(1 / 3), abs=0.05)
    assert found["composite, old"] > 5 * found["composite, later"]
