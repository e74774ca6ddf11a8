"""All scores together, the composite, and the scores of the real market."""

import json

import numpy as np
import pytest

from keras_wgan.metrics import (
    FactScores,
    classifier_two_sample,
    copy_rate,
    fact_scores,
    prediction_excess,
    return_facts,
    sampling_floor,
    score_ratios,
    stylized_facts,
)


@pytest.fixture(scope="module")
def returns():
    """Real S&P 500 log returns of four years, which ship inside arch."""
    from arch.data import sp500

    return np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))[2000:3000]


@pytest.fixture(scope="module")
def real(returns):
    return np.lib.stride_tricks.sliding_window_view(returns, 60)


@pytest.fixture(scope="module")
def floor(returns):
    return sampling_floor(returns, histories=5)


def shuffled(returns, count=300):
    return np.random.default_rng(0).choice(returns, size=(count, 60))


@pytest.mark.slow
def test_the_scores_are_those_of_the_single_functions(real, returns, floor):
    generated = shuffled(returns)
    found = stylized_facts(real, generated, floor=floor, seed=3)
    assert found.scores == {
        **fact_scores(return_facts(real), return_facts(generated)),
        "classifier": classifier_two_sample(real, generated, seed=3),
        "prediction": prediction_excess(real, generated),
        "copies": copy_rate(real, generated),
    }


def test_the_composite_is_the_mean_ratio_of_the_scores_that_have_a_floor(real, returns, floor):
    found = stylized_facts(real, shuffled(returns), floor=floor)
    assert found.ratios == score_ratios(found.scores, floor)
    assert set(found.scores) - set(found.ratios) == {"classifier", "prediction", "copies"}
    assert found.composite == pytest.approx(np.mean(list(found.ratios.values())), rel=1e-12)


def test_the_market_against_itself_is_perfect_and_nothing_but_copies(real, floor):
    found = stylized_facts(real, real, floor=floor)
    assert found.composite == 0.0 and found.scores["copies"] == 1.0
    assert found.scores["classifier"] <= 0.0


def test_another_draw_of_history_has_a_composite_of_about_one(returns, real, floor):
    rng = np.random.default_rng(9)
    drawn = [
        returns[(rng.integers(1000, size=(4, 1)) + np.arange(250)) % 1000].ravel()
        for _ in range(10)
    ]
    facts = return_facts(real)
    composites = [
        np.mean(list(score_ratios(fact_scores(facts, return_facts(windows)), floor).values()))
        for windows in (np.lib.stride_tricks.sliding_window_view(one, 60) for one in drawn)
    ]
    assert np.mean(composites) == pytest.approx(1.0, abs=0.35)


def test_shuffled_days_are_worse_than_another_draw_of_history(real, returns, floor):
    found = stylized_facts(real, shuffled(returns), floor=floor)
    assert found.ratios["acf_abs"] > 2.0 and found.ratios["volatility"] > 1.5
    assert found.ratios["w1"] < 0.5 and found.scores["copies"] == 0.0
    assert found.scores["classifier"] > 0.2 and found.scores["prediction"] > 0.2


@pytest.mark.slow
def test_a_missing_floor_is_worked_out_from_the_windows(real, returns):
    generated = shuffled(returns, 100)
    found = stylized_facts(real[..., np.newaxis], generated, seed=2)
    floor = sampling_floor(returns, seed=2)
    assert found.ratios == score_ratios(found.scores, floor)


def test_a_missing_floor_of_windows_that_are_no_history_is_refused(real, returns):
    with pytest.raises(ValueError, match=r"Pass floor=sampling_floor\(returns\)"):
        stylized_facts(real[::-1], shuffled(returns))


def test_a_generator_that_collapsed_has_an_infinite_composite(real, floor):
    found = stylized_facts(real, np.zeros((100, 60)), floor=floor)
    assert found.composite == float("inf")
    assert not np.isnan(list(found.scores.values())).any()


def test_one_generated_window_is_refused_with_the_reason(real, floor):
    with pytest.raises(ValueError, match="1.495.*10.27"):
        stylized_facts(real, real[:1], floor=floor)


def test_the_scores_can_be_written_as_json():
    scores = FactScores({"w1": 0.03, "copies": 0.0}, {"w1": 0.5}, 0.5)
    assert json.loads(json.dumps(scores.to_dict())) == {
        "composite": 0.5,
        "scores": {"w1": 0.03, "copies": 0.0},
        "ratios": {"w1": 0.5},
    }
