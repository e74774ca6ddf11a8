"""The rows hold the facts, the scores and the risks."""

import numpy as np
import pytest

from keras_wgan.metrics import LevelReference, sampling_noise
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.metrics.returns.families import FAMILIES
from keras_wgan.metrics.returns.scores import fact_scores
from keras_wgan.report.tables.explanations import EXPLAINED
from keras_wgan.report.tables.facts import fact_rows
from keras_wgan.report.tables.families import in_families
from keras_wgan.report.tables.risks import RiskRow, risk_rows

RNG = np.random.default_rng(0)
REAL_WINDOWS = 0.01 * RNG.standard_t(4, size=(200, 60))
REAL = return_facts(REAL_WINDOWS)
GENERATED = return_facts(0.01 * RNG.normal(size=(200, 60)))
SCORES = {**fact_scores(REAL, GENERATED), "classifier": 0.2, "prediction": 0.1, "copies": 0.0}
SHOWN = [name for name in SCORES if name != "copies"]


def rows_by_label(**settings):
    return {row.label: row for row in fact_rows(REAL, GENERATED, SCORES, **settings)}


def test_every_score_but_copies_has_a_row_with_words():
    rows = fact_rows(REAL, GENERATED, SCORES)
    assert sorted(row.label for row in rows) == sorted(EXPLAINED[name][0] for name in SHOWN)
    assert all(row.meaning.endswith((".", "?")) for row in rows)
    assert set(EXPLAINED) == {*SHOWN, "level"}


def test_rows_are_in_the_order_of_the_families_and_those_without_one_come_last():
    families = [group.family for group in in_families(fact_rows(REAL, GENERATED, SCORES))]
    assert families == [*FAMILIES, ""]


def test_the_ratio_of_a_family_is_the_mean_of_its_rows_and_the_families_those_of_the_scores():
    reference = LevelReference.of(REAL_WINDOWS.ravel()[:1500], days=60, histories=2)
    found = reference.score(0.01 * RNG.normal(size=(200, 60)))
    rows = fact_rows(REAL, GENERATED, found.scores, floor=reference.floor)
    groups = {group.family: group.ratio for group in in_families(rows)}
    assert groups.pop("") == min(found.level_ratio, 4.0)
    assert groups == pytest.approx(dict(found.families), rel=1e-12)


def test_a_family_of_which_nothing_was_measured_has_no_ratio():
    (group,) = in_families(fact_rows(REAL, GENERATED, {"leverage": 0.1}))
    assert (group.family, group.ratio, group.trained) == ("leverage", None, False)


def test_a_row_holds_the_score_next_to_the_facts():
    row = rows_by_label()["Excess kurtosis, 1 day"]
    assert row.score == SCORES["kurtosis"]
    assert row.real == f"{REAL.kurtosis[1]:.2f}"
    assert row.generated == f"{GENERATED.kurtosis[1]:.2f}".replace("-", "−")  # noqa: RUF001
    assert (row.floor, row.ratio, row.trained) == (None, None, False)


def test_volatility_is_shown_for_a_year_and_a_drawdown_as_a_fall_in_percent():
    rows = rows_by_label()
    assert rows["Volatility"].real == f"{100 * np.sqrt(252) * REAL_WINDOWS.std():.1f}%"
    median = np.median(REAL.drawdowns)
    assert rows["Drawdown"].real == f"{100 * (1 - np.exp(-median)):.1f}%"


def test_a_ratio_is_the_size_of_the_score_over_its_floor():
    rows = rows_by_label(floor={"kurtosis": 2.0, "w1": 0.05, "w5": 0.0})
    assert rows["Excess kurtosis, 1 day"].ratio == min(abs(SCORES["kurtosis"]) / 2.0, 4.0)
    assert rows["Returns over 1 day"].ratio == SCORES["w1"] / 0.05
    assert rows["Returns over 5 days"].ratio is None  # nothing can be divided by a floor of 0
    assert rows["Returns over 20 days"].floor is None


def test_scores_of_the_training_loss_are_marked():
    rows = rows_by_label(trained={"w1", "leverage"})
    marked = [label for label, row in rows.items() if row.trained]
    assert marked == ["Returns over 1 day", "Leverage effect"]


def test_an_unknown_score_comes_last_under_its_own_name():
    last = fact_rows(REAL, GENERATED, {"new_score": 1.5, "w1": 0.1})[-1]
    assert (last.label, last.score, last.meaning) == ("new_score", 1.5, "")


def test_what_is_undefined_is_said_to_be():
    collapsed = return_facts(np.full((120, 60), 0.001))
    rows = {row.label: row for row in fact_rows(REAL, collapsed, {"skew": np.inf})}
    assert rows["Skew"].generated == "undefined"


def test_risks_are_those_of_the_facts():
    rows = risk_rows(REAL, GENERATED)
    assert [(row.level, row.days) for row in rows] == [
        (0.01, 1), (0.01, 5), (0.01, 20), (0.05, 1), (0.05, 5), (0.05, 20),
    ]  # fmt: skip
    assert rows[5] == RiskRow(
        level=0.05,
        days=20,
        real_var=REAL.value_at_risk(0.05, 20),
        generated_var=GENERATED.value_at_risk(0.05, 20),
        real_es=REAL.expected_shortfall(0.05, 20),
        generated_es=GENERATED.expected_shortfall(0.05, 20),
    )
    worst = np.sort(REAL_WINDOWS.ravel())
    assert rows[0].real_var == pytest.approx(np.quantile(worst, 0.01), rel=0.02)


def test_risks_over_more_days_than_a_window_has_are_left_out():
    short = return_facts(REAL_WINDOWS[:, :10], lags=5)
    assert {row.days for row in risk_rows(short, short)} == {1, 5}


def test_risks_carry_the_range_of_sampling_noise_and_say_whether_they_lie_in_it():
    noise = sampling_noise(REAL_WINDOWS.ravel(), histories=20)
    inside, *_ = risk_rows(REAL, REAL, noise=noise)
    outside, *_ = risk_rows(REAL, return_facts(3.0 * REAL_WINDOWS), noise=noise)
    assert inside.var_range == noise.value_at_risk[0.01, 1]
    assert inside.es_range == noise.expected_shortfall[0.01, 1]
    assert (inside.within_noise, outside.within_noise) == (True, False)
    assert risk_rows(REAL, REAL)[0].within_noise is None
