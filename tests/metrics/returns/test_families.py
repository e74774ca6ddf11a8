"""Scores after the level is matched, in families that count once."""

import numpy as np
import pytest

from keras_wgan.metrics import (
    FAMILIES,
    FamilyScores,
    LevelReference,
    classifier_two_sample,
    fact_scores,
    family_floor,
    matched_scores,
    return_facts,
)

RNG = np.random.default_rng(0)
RETURNS = 0.01 * RNG.standard_t(5, size=900) * np.repeat(RNG.uniform(0.5, 2.0, size=30), 30)
REFERENCE = LevelReference.of(RETURNS, days=60, histories=4)
OTHER = 0.02 * RNG.standard_t(4, size=(300, 60))


def test_a_history_scaled_is_itself_but_for_the_level():
    found = REFERENCE.score(1.4 * REFERENCE.windows)
    assert found.level == pytest.approx(0.4, rel=1e-12)
    assert found.level_ratio == pytest.approx(0.4 / REFERENCE.floor["level"])
    # Rounding can move a day that is the value at risk itself out of an expected shortfall.
    assert found.families.pop("VaR and ES") == pytest.approx(0.0, abs=0.01)
    assert found.families == pytest.approx(dict.fromkeys(found.families, 0.0), abs=1e-9)


def test_a_history_drawn_again_has_ratios_near_one():
    again = RETURNS.reshape(18, 50)[np.random.default_rng(5).integers(18, size=18)].ravel()
    windows = np.lib.stride_tricks.sliding_window_view(again, 60)
    families = dict(REFERENCE.score(windows).families)
    del families["classifier"]  # these windows overlap
    assert 0.3 < np.mean(list(families.values())) < 2.5


def test_scores_are_those_of_windows_divided_by_their_standard_deviation():
    real, other = REFERENCE.windows, OTHER
    expected = fact_scores(return_facts(real / real.std()), return_facts(other / other.std()))
    found = matched_scores(return_facts(real), return_facts(other))
    assert found.pop("level") == pytest.approx(other.std() / real.std() - 1.0)
    assert expected.keys() - found.keys() == {"std"}
    for name, value in found.items():
        # Rounding can move a day that is the value at risk itself out of an expected shortfall.
        tolerance = 0.01 if name.startswith("es") else 1e-9
        assert value == pytest.approx(expected[name], abs=tolerance), name


def test_the_scores_do_not_depend_on_the_level_of_the_paths():
    once, thrice = REFERENCE.score(OTHER), REFERENCE.score(3.0 * OTHER)
    assert thrice.families == pytest.approx(once.families, rel=1e-6, abs=1e-9)
    assert thrice.level == pytest.approx(3.0 * (1.0 + once.level) - 1.0)


def test_each_score_with_a_floor_belongs_to_one_family():
    names = [name for members in FAMILIES.values() for name in members]
    assert len(set(names)) == len(names)
    assert set(names) | {"level"} == set(REFERENCE.floor)


def test_a_family_counts_once_however_many_scores_it_has():
    floor = {"w1": 1.0, "w5": 1.0, "w20": 1.0, "w60": 1.0}
    found = FamilyScores.of({"w1": 1.0, "w5": 2.0, "w20": -3.0, "w60": 1.0}, floor)
    assert found.families == {"daily distribution": 1.0, "sums": 2.0}
    assert (found.mean, found.median) == (1.5, 1.5)


def test_a_ratio_is_capped():
    found = FamilyScores.of({"kurtosis": 1e9, "hill_left": 2.0}, {"kurtosis": 1, "hill_left": 1})
    assert found.ratios == {"kurtosis": 4.0, "hill_left": 2.0}
    looser = FamilyScores.of({"kurtosis": np.inf}, {"kurtosis": 1.0}, cap=10.0)
    assert looser.mean == 10.0


def test_paths_that_exploded_have_the_cap_in_every_family():
    assert set(REFERENCE.exploded().families.values()) == {4.0}
    assert REFERENCE.exploded().mean == REFERENCE.exploded().median == 4.0


def test_the_classifier_sees_each_side_in_its_own_units_and_nothing_below_chance():
    real, other = REFERENCE.windows, OTHER
    expected = classifier_two_sample(real / real.std(), other / other.std(), seed=3)
    assert REFERENCE.score(OTHER, seed=3).scores["classifier"] == max(expected, 0.0)
    assert REFERENCE.score(REFERENCE.windows).scores["classifier"] == 0.0


def test_the_floor_of_the_classifier_is_that_of_a_coin():
    # 15 windows, each right with probability 1/2, are one of two balanced sides.
    rng = np.random.default_rng(0)
    errors = np.abs(rng.binomial(15, 0.5, size=200_000) / 15 - 0.5) / 2
    assert family_floor(RETURNS, histories=1)["classifier"] == pytest.approx(
        errors.mean(), rel=0.03
    )


def test_scores_of_no_family_and_a_cap_that_is_none_are_refused():
    with pytest.raises(ValueError, match="`scores` must hold a score of a family: w1, skew"):
        FamilyScores.of({"level": 0.1}, {"level": 0.1})
    with pytest.raises(ValueError, match="`cap` must be a finite number above 0"):
        FamilyScores.of({"w1": 0.1}, {"w1": 0.1}, cap=0.0)
