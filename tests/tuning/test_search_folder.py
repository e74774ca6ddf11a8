"""The folder of a search: its definition, also when edited, and its results."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.tuning.hypermodel import MARKET, NARROW
from keras_wgan.tuning.search_folder import Search, SearchFolder
from keras_wgan.tuning.trials import TrialResult, best_first, trials_text

from helpers.hostile import EXAMPLES, JSON_VALUES, works_or_says_why

EXPERIMENT = ExperimentSpec(recipes.get("sp500"), Source("prices.csv", "A"), 3, "2015-12-31")
SEARCH = Search(EXPERIMENT, MARKET, 20)
RESULT = TrialResult(0, 0.5, "done", 3.0, {"learning_rate": 1e-3, "critic_steps": 1})


@pytest.mark.parametrize("search", [SEARCH, replace(SEARCH, space=NARROW)])
def test_a_search_is_read_as_it_was_written(tmp_path, search):
    folder = SearchFolder(tmp_path / "s")
    folder.claim(search)
    assert folder.read() == search


def test_a_longer_search_is_the_same_search(tmp_path):
    folder = SearchFolder(tmp_path / "s")
    folder.claim(SEARCH)
    folder.claim(replace(SEARCH, trials=40))
    assert folder.read().trials == 40


@EXAMPLES
@given(
    place=st.sampled_from([(name,) for name in SEARCH.to_config()] + [("space", "gp_weight")]),
    value=JSON_VALUES,
)
def test_an_edited_search_is_taken_or_refused_by_name(tmp_path, place, value):
    folder = SearchFolder(tmp_path)
    config = json.loads(json.dumps(SEARCH.to_config()))
    entries = config
    for name in place[:-1]:
        entries = entries[name]
    entries[place[-1]] = value
    folder.config_path.write_text(json.dumps(config))
    works_or_says_why(folder.read, "search.json")


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("trials", 0, "`trials` must be a whole number of at least 1"),
        (
            "space",
            {**MARKET.to_config(), "gp_weight": ["a", "b"]},
            "space.gp_weight must be two numbers",
        ),
        ("space", {"gp_weight": [1.0, 2.0]}, "`space.learning_rate` is missing"),
        ("space", {"depth": [1, 2]}, "space may hold beta_1, critic_learning_rate, critic_steps"),
        ("recipe", "celeba", "`recipe` must be one of"),
        ("seed", -1, "`seed` must be a whole number"),
    ],
)
def test_an_entry_of_another_kind_is_named(tmp_path, place, value, sentence):
    folder = SearchFolder(tmp_path)
    folder.config_path.write_text(json.dumps({**SEARCH.to_config(), place: value}))
    with pytest.raises(ValueError, match=rf"search.json .*{sentence}"):
        folder.read()


def test_the_best_trial_is_listed_first_and_failures_last():
    trials = [
        replace(RESULT, trial=0, score=float("nan"), status="diverged"),
        replace(RESULT, trial=1, score=0.5),
        replace(RESULT, trial=2, score=0.25),
    ]
    assert [result.trial for result in best_first(trials)] == [2, 1, 0]


def test_a_long_table_is_cut_and_says_so():
    trials = [replace(RESULT, trial=k, score=k / 10) for k in range(25)]
    lines = trials_text(trials).splitlines()
    assert lines[0].split() == ["trial", "score", "status", "seconds"]  # all else is the same
    assert lines[-1] == "... and 5 more."
    assert len(lines) == 22
