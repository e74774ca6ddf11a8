"""Tests of the benchmark on later years of stocks."""

import pandas as pd
import pytest

from keras_wgan.market import Leaderboard
from keras_wgan.market.baselines import JOINT_BASELINES
from keras_wgan.market.joint_reference import JOINT_SCORES


@pytest.fixture
def rolling(benchmark):
    return benchmark("stocks_rolling")


def _board(rolling, trained):
    names = [rolling.FLOOR, rolling.HISTORY, rolling.SCALED_HISTORY, *JOINT_BASELINES, "trained"]
    scores = pd.DataFrame(2.0, names, [*JOINT_SCORES, "composite", "copies"])
    scores.loc["trained", "composite"] = trained
    scores.loc["trained", "first_eigenvalue"] = trained - 2.0
    return Leaderboard("out of sample", scores, {}, {}, {})


def test_the_fit_is_of_the_twenty_years_before_and_the_test_of_four_years(rolling):
    returns = rolling.stock_returns()["1994":"2017"]
    parts = rolling.split_at(2014).cut(returns)
    assert (parts.fit.index[0].year, parts.fit.index[-1].year) == (1994, 2013)
    assert (parts.test.index[0].year, parts.test.index[-1].year) == (2014, 2017)


def test_the_table_averages_over_origins_without_signs_and_counts_wins(rolling):
    boards = {2010: _board(rolling, 1.5), 2014: _board(rolling, 2.5)}
    found = {row[""]: row for row in rolling.table(boards, rolling.arguments([])).rows}
    own = found["trained"]
    assert (own["2010"], own["2014"], own["mean"]) == (1.5, 2.5, 2.0)
    assert own["first_eigenvalue"] == pytest.approx(0.5)  # -0.5 and 0.5
    assert found["DCC-GJR-t"]["trained is nearer at"] == "1 of 2"
    assert own["trained is nearer at"] == found[rolling.FLOOR]["trained is nearer at"] == ""
