"""Tests of the leaderboard of several assets, its table and its picture."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Split
from keras_wgan.market import Leaderboard, Scoring, leaderboard, out_of_sample
from keras_wgan.market.baselines import IIDBootstrap, StationaryBootstrap
from keras_wgan.market.leaderboard import HISTORY
from keras_wgan.metrics import joint_floor
from keras_wgan.report import leaderboard_picture, leaderboard_table, leaderboard_text

RNG = np.random.default_rng(0)
COMMON = RNG.standard_t(5, size=(900, 1))
RETURNS = pd.DataFrame(
    0.01 * (COMMON + RNG.standard_t(5, size=(900, 3))),
    index=pd.bdate_range("2015-01-01", periods=900),
    columns=["A", "B", "C"],
)
FLOOR = joint_floor(RETURNS, histories=3)
SCORING = Scoring(days=30, count=200, seeds=[0, 1], floor=FLOOR, trained_on=("correlation",))
SILENT = {"progress": lambda line: None}


class Independent:
    """Assets with the margins of the history and no dependence at all."""

    name = "independent"

    def sample(self, n, days, seed):
        rng = np.random.default_rng(seed)
        columns = [rng.choice(RETURNS[name], size=(n, days)) for name in RETURNS]
        return np.stack(columns, axis=-1)


class Exploding:
    """A model whose paths exceed the range of numbers."""

    name = "exploding"

    def sample(self, n, days, seed):
        return np.full((n, days, 3), np.inf)


@pytest.fixture(scope="module")
def board():
    simulators = [IIDBootstrap(), StationaryBootstrap(150), Independent(), Exploding()]
    return leaderboard(RETURNS, simulators, SCORING, **SILENT)


def test_the_real_row_is_zero_and_the_floor_is_one(board):
    assert board.scores.loc["real", ["correlation", "portfolio_risk"]].eq(0.0).all()
    assert board.scores.loc["sampling floor", "composite"] == 1.0
    assert board.scores.loc["sampling floor", "joint_worst"] == FLOOR["joint_worst"]


def test_independent_assets_miss_the_dependence_that_resampled_days_have(board):
    scores = board.scores
    assert scores.loc["independent", "correlation"] == pytest.approx(0.5, abs=0.06)
    assert scores.loc["iid bootstrap", "correlation"] < 0.03
    assert scores.loc["independent", "composite"] > 3 * scores.loc["iid bootstrap", "composite"]


def test_long_blocks_copy_and_exploding_paths_score_infinity(board):
    assert board.scores.loc["block bootstrap 150", "copies"] > 0.5
    assert board.scores.loc["independent", "copies"] == 0.0
    assert board.scores.loc["exploding", "composite"] == np.inf


def test_the_board_is_read_as_it_was_written_and_drawn(board):
    again = Leaderboard.from_dict(board.to_dict())
    table = leaderboard_table(again)
    assert "corr*" in table and table.loc["sampling floor", "kurt"].startswith("±")
    text = leaderboard_text(again)
    assert "random portfolios" in text and max(map(len, text.splitlines())) <= 80
    labels = [label.get_text() for label in leaderboard_picture(again).axes[0].get_yticklabels()]
    assert labels[-1] == "exploding" and "independent" in labels


def test_out_of_sample_has_rows_for_the_training_history():
    split = Split("2016-06-30", "2016-12-31", "2018-06-30", gap_days=30)
    board = out_of_sample(RETURNS, [Independent()], SCORING, split=split, **SILENT)
    assert board.scores.index[2] == HISTORY
    assert board.scores.loc[HISTORY, "correlation"] < 0.1
    assert board.settings["fitted_to"]["last"] <= "2016-06-30"
