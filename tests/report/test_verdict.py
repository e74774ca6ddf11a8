"""The verdict on generated returns looks at every score, the drift and the copies."""

import dataclasses

import numpy as np
import pytest

from keras_wgan.metrics import FamilyScores, windows_after_like_days
from keras_wgan.metrics.returns.families import FAMILIES
from keras_wgan.report import Drift, returns_verdict
from keras_wgan.report.verdict import IN_A_SENTENCE

FLOOR = dict.fromkeys(["level", *(name for names in FAMILIES.values() for name in names)], 1.0)
NO_DRIFT = Drift(0.06, 0.06, 0.03)


def scored(size=0.5, **scores):
    return FamilyScores.of({**dict.fromkeys(FLOOR, size), **scores}, FLOOR)


def test_scores_within_their_floors_are_good_and_all_parts_are_listed_as_right():
    found = returns_verdict(scored(), NO_DRIFT, copies=0.0)
    assert found.grade == "good"
    assert found.sentences[0].startswith("Every family of scores is as close to history")
    assert all(family in found.sentences[1] for family in [*FAMILIES, "level", "drift"])
    assert len(found.sentences) == 2


def test_the_part_nearest_to_chance_is_named_with_its_size():
    found = returns_verdict(scored(coarse_fine=-2.1), NO_DRIFT, copies=0.0)
    assert found.grade == "good"
    assert "time asymmetry comes closest to it, 2.1 times" in found.sentences[0]
    assert found.sentences[1] == "Within chance: time asymmetry 2.1."


def test_a_score_that_its_family_averages_away_is_named():
    found = returns_verdict(scored(kurtosis60=-3.9, es5_5d=2.6), NO_DRIFT, copies=0.0)
    assert found.grade == "good"
    assert found.sentences[-1] == (
        f"Single scores off by more than chance, of the {len(FLOOR) - 1} in families that are not: "
        "kurtosis60 3.9, es5_5d 2.6."
    )


def test_scores_that_are_together_above_their_floors_are_fair():
    assert returns_verdict(scored(size=1.5), NO_DRIFT, copies=0.0).grade == "fair"


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_alone_makes_a_verdict_bad(family):
    found = returns_verdict(scored(**dict.fromkeys(FAMILIES[family], 3.25)), NO_DRIFT, copies=0.0)
    assert found.grade == "bad"
    assert f": {IN_A_SENTENCE.get(family, family)} is 3.2 times as far off" in found.sentences[0]
    assert found.sentences[1] == f"Off by more than chance: {family} 3.2."


def test_a_level_that_is_off_says_by_how_much():
    scores = FamilyScores.of({"w1": 0.5, "level": -0.3}, {"w1": 1.0, "level": 0.1})
    found = returns_verdict(scores, NO_DRIFT, copies=0.0)
    assert found.grade == "bad"
    assert "Volatility is 70% of the real one." in found.sentences


def test_a_drift_that_is_off_says_both_drifts():
    found = returns_verdict(scored(), Drift(0.06, 0.33, 0.03), copies=0.0)
    assert found.grade == "bad"
    assert "drift is at least 4 times as far off" in found.sentences[0]
    assert "Prices drift by +33.0% a year, the real ones by +6.0%." in found.sentences


def test_copies_of_history_are_bad_however_close_their_scores():
    found = returns_verdict(scored(size=0.0), NO_DRIFT, copies=1.0)
    assert found.grade == "bad"
    assert found.sentences[0] == (
        "These scenarios repeat history: 100% of them are near copies of real windows."
    )


def test_a_collapsed_generator_is_bad_in_every_part():
    found = returns_verdict(scored(size=np.inf), Drift(0.06, np.nan, 0.03), copies=0.0)
    assert found.grade == "bad" and "chance: " in found.sentences[1]
    assert set(FAMILIES) == {name for name in FAMILIES if name in found.sentences[1]}


def test_the_drift_of_shifted_history_is_the_shift():
    history = 0.01 * np.random.default_rng(0).normal(size=500)
    drift = Drift.of(history, history - 0.001, periods_per_year=250)
    assert drift.generated - drift.real == pytest.approx(-0.25)
    assert drift.ratio == pytest.approx(0.25 / drift.floor)
    assert dataclasses.replace(drift, generated=drift.real).ratio == 0.0


def test_the_drift_from_today_is_a_part_of_its_own_and_says_both_drifts():
    today = Drift(0.05, 0.55, 0.08)
    found = returns_verdict(scored(), NO_DRIFT, copies=0.0, today=today)
    assert found.grade == "bad"
    assert "drift from today is at least 4 times as far off" in found.sentences[0]
    assert (
        "From today's state prices drift by +55.0% a year, after like days of history by +5.0%."
        in found.sentences
    )
    assert returns_verdict(scored(), NO_DRIFT, 0.0, today=Drift(0.05, 0.1, 0.08)).grade == "good"


def test_paths_that_are_the_windows_after_like_days_have_no_drift_of_their_own():
    history = 0.01 * np.random.default_rng(1).normal(size=1500)
    like = windows_after_like_days(history, days=60)
    drift = Drift.after_like_days(history, like, periods_per_year=252)
    assert drift.ratio == 0.0
    shifted = Drift.after_like_days(history, like + 0.002, periods_per_year=252)
    assert shifted.generated - shifted.real == pytest.approx(0.504)
    # Windows side by side: the error of a mean of independent days, but for chance.
    days_alike = len(like)
    expected = np.sqrt(2 / np.pi) * 252 * 0.01 / np.sqrt(days_alike)
    assert shifted.floor == pytest.approx(expected, rel=0.4)
