"""Tests of the benchmark on many series."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.market import Leaderboard


@pytest.fixture
def markets(benchmark):
    return benchmark("markets")


def _board(trained: float, copies: float = 0.0) -> Leaderboard:
    names = ["block bootstrap 150", "EGARCH-skewt", "FHS-PDV", "trained"]
    scores = pd.DataFrame(
        {"families": [0.2, 1.9, 1.7, trained], "composite": [0.2, 1.0, 1.4, trained]},
        index=names,
    ).assign(copies=[0.7, 0.0, 0.0, copies])
    span = {"fitted_to": {"days": 500, "first": "2000-01-03", "last": "2001-12-31"}}
    return Leaderboard("in sample", scores, {name: [{}] for name in names}, {}, span)


def test_a_series_is_won_against_the_nearest_baseline_that_does_not_copy(markets):
    assert markets.Winner.of(_board(1.5), "families") == markets.Winner(1.5, "FHS-PDV", 1.7)
    assert markets.Winner.of(_board(1.5), "families").won
    assert not markets.Winner.of(_board(1.5), "composite").won


def test_a_training_that_copies_history_wins_nothing(markets):
    assert not markets.Winner.of(_board(0.1, copies=0.5), "families").won


def test_the_table_counts_the_series_that_are_won(markets):
    asked = markets.arguments([])
    found = markets.table({"A": _board(1.5), "B": _board(0.9), "C": _board(2.0)}, asked)
    assert found.notes[0] == "By families the training is nearest in 2 of 3 series."
    assert found.notes[1] == "By composite the training is nearest in 1 of 3 series."
    assert found.rows[0]["fitted to"] == "2000-2001"


def test_the_test_is_the_last_four_years_a_window_after_the_fit(markets):
    days = pd.bdate_range("2000-01-03", "2010-12-31")
    returns = pd.Series(np.arange(float(len(days))), index=days)
    parts = markets.last_years(returns).cut(returns)
    assert parts.test.index[0] == pd.Timestamp("2007-01-01")
    assert int(parts.test.iloc[0] - parts.fit.iloc[-1]) == markets.GAP + 1
    assert parts.choose.empty


def test_the_series_are_those_of_arch_and_of_skfolio(markets):
    names = markets.series_names()
    assert len(names) == 24 and names[:4] == ["SP500", "NASDAQ", "WTI", "VIX"]
    assert (markets.prices_of("VIX") > 0).all() and markets.prices_of("KO").notna().all()
