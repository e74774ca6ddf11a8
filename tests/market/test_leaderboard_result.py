"""Tests of the form of a leaderboard in JSON."""

import json

import numpy as np
import pandas as pd

from keras_wgan.io.json import strict_json
from keras_wgan.market.leaderboard import Leaderboard

BOARD = Leaderboard(
    protocol="out of sample",
    scores=pd.DataFrame(
        {"w1": [0.0, 1.0 / 3.0, np.inf], "copies": [np.nan, 0.25, 0.0], "gap": [0.0, -np.inf, 2.0]},
        index=["real", "walk", "boom"],  # not in the order of the alphabet
    ),
    by_seed={"boom": [{"w1": np.inf, "copies": 0.0}, {"w1": 7.5, "copies": np.nan}]},
    real={"kurtosis": 10.25, "hill_left": np.nan},
    settings={"days": 60, "seeds": [0, 1], "scored_on": {"first": "2016-01-04"}},
    fits={"GARCH-t": {"nu": np.inf, "converged": 1.0}},
    trained_on=("w1", "w5"),
)


def test_a_leaderboard_comes_back_from_strict_json_with_its_nan_and_its_infinities():
    read = json.loads(strict_json(BOARD.to_dict()), parse_constant=lambda constant: 1 / 0)
    back = Leaderboard.from_dict(read)
    pd.testing.assert_frame_equal(back.scores, BOARD.scores, check_exact=True)
    np.testing.assert_equal(back.by_seed, BOARD.by_seed)
    np.testing.assert_equal(back.real, BOARD.real)
    assert (back.protocol, back.settings) == (BOARD.protocol, BOARD.settings)
    assert (back.fits, back.trained_on) == (BOARD.fits, BOARD.trained_on)


def test_what_has_no_meaning_is_null_and_an_infinity_a_word():
    form = BOARD.to_dict()
    assert form["scores"]["real"] == {"w1": 0.0, "copies": None, "gap": 0.0}
    assert form["scores"]["walk"]["gap"] == "-inf"
    assert form["by_seed"]["boom"][0]["w1"] == "inf"
    assert form["fits"] == {"GARCH-t": {"nu": "inf", "converged": 1.0}}


def test_writing_what_was_read_gives_the_same_bytes():
    once = strict_json(BOARD.to_dict())
    assert strict_json(Leaderboard.from_dict(json.loads(once)).to_dict()) == once
