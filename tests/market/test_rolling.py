"""Rolling origins: their years, their control rows, and the means and wins over them."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.errors import ExplosionError
from keras_wgan.market import OriginScores, RollingPlan, RollingScores, cut_origins
from keras_wgan.market.rolling_origins import (
    CONTROLS,
    HISTORY,
    SCALED_HISTORY,
    origin_reference,
    score_controls,
    score_simulator,
)
from keras_wgan.report import rolling_markdown, rolling_picture, rolling_table, rolling_text

DAYS = pd.bdate_range("2000-01-03", "2009-12-31")
RETURNS = pd.Series(0.01 * np.random.default_rng(0).standard_t(5, size=len(DAYS)), DAYS)
PLAN = RollingPlan(2004, 2007, every=3, fit_years=4, test_years=3, days=30, paths=150, histories=3)
ORIGINS = cut_origins(RETURNS, PLAN)
REFERENCE = origin_reference(ORIGINS[0], PLAN)


class Windows:
    """Paths that are the first real windows after an origin."""

    name = "windows"

    def sample(self, n, days, seed):
        return np.array(REFERENCE.windows[:n])


class Exploding:
    """A simulator whose volatility exceeds float64."""

    name = "exploding"

    def sample(self, n, days, seed):
        raise ExplosionError("beyond float64")


def one(mean, level=0.0):
    return OriginScores(mean, mean, level, abs(level), {"sums": mean, "tails": 2 * mean})


FOUND = RollingScores(
    {
        "PDV": {1970: one(1.0), 1974: one(2.0), 1978: one(1.5)},
        HISTORY: {1970: one(2.0), 1974: one(1.0), 1978: one(1.5)},
        "wild": {1970: one(3.0), 1974: one(3.0), 1978: one(3.0)},
    }
)


def test_thirteen_origins_lie_four_years_apart():
    assert RollingPlan().origins == tuple(range(1970, 2019, 4)) and len(RollingPlan().origins) == 13


def test_an_origin_is_fitted_to_the_years_before_it_and_tested_on_the_next_ones():
    first, second = ORIGINS
    years = [
        (part.index[0].year, part.index[-1].year)
        for each in ORIGINS
        for part in (each.fit, each.test)
    ]
    assert (first.year, second.year) == (2004, 2007)
    assert years == [(2000, 2003), (2004, 2006), (2003, 2006), (2007, 2009)]


def test_weights_are_chosen_in_the_last_fifth_of_the_fitted_years():
    origin = ORIGINS[0]
    trained = origin.fit[: origin.trained_until]
    assert len(trained) == round(0.8 * len(origin.fit))
    assert origin.selected_until == "2003-12-31"


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (RollingPlan(2004, 2004, fit_years=5, test_years=1), "each year from 1999 to 2004"),
        (RollingPlan(2008, 2008, fit_years=2, test_years=4), "Received: 0 days of 2010"),
    ],
)
def test_an_origin_without_its_years_is_refused(plan, message):
    with pytest.raises(ValueError, match=message):
        cut_origins(RETURNS, plan)


def test_returns_without_dates_or_order_are_refused():
    with pytest.raises(ValueError, match="an index of dates. Received: ndarray"):
        cut_origins(RETURNS.to_numpy(), PLAN)
    with pytest.raises(ValueError, match="in chronological order"):
        cut_origins(RETURNS[::-1], PLAN)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"last": 1969}, "`last` must be a whole number of at least 1970"),
        ({"every": 0}, "`every` must be a whole number of at least 1"),
        ({"days": 20}, "`days` must be a whole number of at least 26"),
        ({"paths": 99}, "`paths` must be a whole number of at least 100"),
        ({"fit_years": 2.5}, "`fit_years` must be a whole number"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        RollingPlan(**changes)


def test_the_scaled_history_differs_from_the_history_in_its_level_alone():
    found = score_controls(ORIGINS[0], REFERENCE, PLAN)
    assert tuple(found) == CONTROLS
    assert found[SCALED_HISTORY].level == pytest.approx(0.0, abs=1e-12)
    assert found[SCALED_HISTORY].level_ratio == pytest.approx(0.0, abs=1e-9)
    assert found[HISTORY].level != 0.0
    assert found[SCALED_HISTORY].families == found[HISTORY].families
    windows = np.lib.stride_tricks.sliding_window_view(ORIGINS[0].fit.to_numpy(), 30)
    scaled = REFERENCE.score(windows * (REFERENCE.windows.std() / windows.std()))
    assert found[SCALED_HISTORY].mean == pytest.approx(scaled.mean, rel=0.02)  # folds may round
    assert scaled.level == pytest.approx(0.0, abs=1e-12)


def test_the_test_days_themselves_score_nearly_zero_and_an_explosion_the_cap():
    plan = RollingPlan(2004, 2007, days=30, paths=len(REFERENCE.windows))
    assert score_simulator(Windows(), REFERENCE, plan).mean == pytest.approx(0.0, abs=1e-9)
    exploded = score_simulator(Exploding(), REFERENCE, plan)
    assert exploded.mean == exploded.median == 4.0 and exploded.level == np.inf


def test_means_and_standard_errors_are_over_the_origins():
    table = FOUND.table()
    assert list(table.index) == ["PDV", HISTORY, "wild"]
    assert table.loc["PDV", "mean"] == 1.5
    assert table.loc["PDV", "standard_error"] == pytest.approx(0.5 / np.sqrt(3))
    assert table.loc["PDV", "tails"] == 3.0


def test_wins_losses_and_ties_add_up_to_the_origins():
    wins = FOUND.wins()
    ties = pd.DataFrame(len(FOUND.origins) - wins - wins.T)
    assert wins.loc["PDV", HISTORY] == wins.loc[HISTORY, "PDV"] == ties.loc["PDV", HISTORY] == 1
    assert wins.loc["PDV", "wild"] == 3 and wins.loc["wild", "PDV"] == 0
    assert (np.diag(wins) == 0).all()


def test_a_difference_is_paired_by_origin():
    mean, error = FOUND.difference("PDV", HISTORY)
    assert mean == 0.0 and error == pytest.approx(1.0 / np.sqrt(3))


def test_models_with_other_origins_are_refused():
    with pytest.raises(ValueError, match="each with scores at the same origins"):
        RollingScores({"PDV": {1970: one(1.0)}, "wild": {1974: one(1.0)}})
    with pytest.raises(ValueError, match="must hold one or more models"):
        RollingScores({})


def test_tables_show_the_best_model_first_with_its_error_and_its_wins():
    assert rolling_table(FOUND).iloc[0].to_dict() == {
        "mean": "1.50 ± 0.29",
        "median": "1.50",
        "level": "0.00",
        "sums": "1.50",
        "tails": "3.00",
    }
    page = rolling_markdown(FOUND, RollingPlan())
    assert "| PDV | 1.50 ± 0.29 |" in page and "| wild | 0 | 0 | 0 |" in page
    assert "3 origins, 1970 to 1978: fitted to the 20 years before" in page
    assert "Wins of a row over a column:" in rolling_text(FOUND)


def test_the_picture_has_a_row_for_each_model_and_the_best_ones_at_each_origin():
    left, right = rolling_picture(FOUND, highlight=["wild"]).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["PDV", HISTORY, "wild"]
    lines = {line.get_label(): list(line.get_ydata()) for line in right.get_lines()}
    assert lines["PDV"] == [1.0, 2.0, 1.5] and HISTORY in lines
