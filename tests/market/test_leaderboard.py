"""Tests of the leaderboard, its tables and its plot."""

import json

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import load_prices, log_returns
from keras_wgan.data.splits import Split
from keras_wgan.market import baselines
from keras_wgan.market.leaderboard import HISTORY, Leaderboard, leaderboard, out_of_sample
from keras_wgan.market.reference import Scoring
from keras_wgan.market.rolling_origins import SCALED_HISTORY
from keras_wgan.metrics import LevelReference, family_floor
from keras_wgan.metrics.returns.facts import return_facts
from keras_wgan.metrics.returns.sampling_floor import sampling_floor
from keras_wgan.metrics.returns.scores import fact_scores
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.style import GENERATED, REAL, save_picture
from keras_wgan.report.tables.leaderboard import (
    leaderboard_markdown,
    leaderboard_table,
    leaderboard_text,
)

RETURNS = log_returns(load_prices(start="2008-01-01", end=None, source="bundled"))
SPLIT = Split("2011-12-31", "2013-12-31", "2018-12-31", gap_days=40)
PARTS = SPLIT.cut(RETURNS)
SILENT = {"progress": lambda line: None}
FLOOR = sampling_floor(RETURNS.to_numpy(), days=30, histories=4)
TEST_FLOOR = sampling_floor(PARTS.test.to_numpy(), days=30, histories=4)
MATCHED = family_floor(RETURNS.to_numpy(), days=30, histories=4)
TEST_MATCHED = family_floor(PARTS.test.to_numpy(), days=30, histories=4)


class Coin:
    """A trained model, as far as a leaderboard can tell: a name, and paths from a seed."""

    def __init__(self, name="coin", size=0.01):
        self.name = name
        self.size = size
        self.asked = []

    def sample(self, n, days, seed):
        self.asked.append((n, days, seed))
        sides = np.random.default_rng(seed).choice([-1.0, 1.0], size=(n, days))
        return sides * self.size * np.random.default_rng(seed + 100).exponential(size=(n, days))


class Remembered:
    """A baseline that keeps what it was fitted to."""

    name = "remembered"

    def fit(self, returns):
        self.history = np.asarray(returns)
        return self

    def sample(self, n, days, seed):
        starts = np.random.default_rng(seed).integers(len(self.history) - days, size=n)
        return np.stack([self.history[start : start + days] for start in starts])

    def describe(self):
        return {"days": len(self.history)}


def small(seeds, floor=FLOOR, **settings):
    floors = {"floor": floor, "matched_floor": MATCHED if floor is FLOOR else TEST_MATCHED}
    return Scoring(days=30, count=150, seeds=seeds, **floors, **settings)


@pytest.fixture(scope="module")
def in_sample():
    return leaderboard(RETURNS, [Remembered(), Coin()], small([0, 1]), **SILENT)


@pytest.fixture(scope="module")
def on_later_years():
    simulators = [Remembered(), Coin()]
    return out_of_sample(RETURNS, simulators, small([0], TEST_FLOOR), split=SPLIT, **SILENT)


def windows(returns, days=30):
    return np.lib.stride_tricks.sliding_window_view(returns.to_numpy(), days)


def board(rows, **settings):
    """A leaderboard with given rows of scores, and no more than that."""
    return Leaderboard(
        **{
            "protocol": "in sample",
            "scores": pd.DataFrame.from_dict(rows, orient="index"),
            "by_seed": {},
            "real": {"kurtosis": 10.27, "hill_left": 2.53},
            "settings": {},
            **settings,
        }
    )


@pytest.mark.slow
def test_rows_are_the_real_market_the_floor_and_the_simulators_in_their_order(in_sample):
    assert list(in_sample.scores.index) == ["real", "sampling floor", "remembered", "coin"]


def test_the_columns_begin_with_those_of_the_main_table(in_sample):
    columns = list(in_sample.scores.columns)
    # No w60: windows of 30 days have none.
    expected = ["w1", "w5", "w20", "kurtosis", "hill_left", "acf_abs", "acf_square", "leverage"]
    expected += ["var1_1d", "es1_1d", "drawdown", "volatility", "classifier", "composite"]
    expected += ["families", "families_median", "level", "copies"]
    assert columns[:18] == expected
    assert {"std", "skew", "coarse_fine", "es5_20d"} < set(columns[18:])


def test_scores_are_means_over_the_seeds_of_what_the_metrics_say(in_sample):
    real = return_facts(windows(RETURNS))
    each = [fact_scores(real, return_facts(Coin().sample(150, 30, seed))) for seed in (0, 1)]
    for name in ("w1", "kurtosis", "leverage", "es1_1d"):
        expected = np.mean([scores[name] for scores in each])
        assert in_sample.scores.loc["coin", name] == pytest.approx(expected, rel=1e-9)
        assert in_sample.by_seed["coin"][1][name] == pytest.approx(each[1][name], rel=1e-9)


def test_the_real_row_is_zero_and_the_floor_row_is_the_floor(in_sample):
    real, floor = in_sample.scores.loc["real"], in_sample.scores.loc["sampling floor"]
    assert real["w1"] == real["kurtosis"] == real["drawdown"] == 0.0
    assert np.isnan(real["composite"]) and np.isnan(real["copies"])
    assert floor["w5"] == FLOOR["w5"] and floor["composite"] == 1.0


def test_the_composite_of_a_copier_is_better_than_that_of_a_coin_and_its_copies_show(in_sample):
    scores = in_sample.scores
    assert scores.loc["remembered", "composite"] < scores.loc["coin", "composite"]
    assert scores.loc["remembered", "copies"] > 0.5
    assert scores.loc["coin", "copies"] == 0.0


@pytest.mark.slow
def test_a_trained_model_is_asked_for_its_paths_once_a_seed_and_never_fitted():
    coin = Coin()
    leaderboard(RETURNS, [coin], small([4, 7]), **SILENT)
    assert coin.asked == [(150, 30, 4), (150, 30, 7)]


@pytest.mark.slow
def test_baselines_are_fitted_to_all_days_in_sample_and_to_the_early_ones_out_of_sample():
    inside, outside = Remembered(), Remembered()
    leaderboard(RETURNS, [inside], small([0]), **SILENT)
    np.testing.assert_array_equal(inside.history, RETURNS)
    out_of_sample(RETURNS, [outside], small([0], TEST_FLOOR), split=SPLIT, **SILENT)
    np.testing.assert_array_equal(outside.history, RETURNS[:"2011-12-31"])


@pytest.mark.slow
def test_out_of_sample_scores_are_against_the_test_years_alone(on_later_years):
    real = return_facts(windows(PARTS.test))
    expected = fact_scores(real, return_facts(Coin().sample(150, 30, 0)))
    assert on_later_years.scores.loc["coin", "w5"] == pytest.approx(expected["w5"], rel=1e-9)
    assert on_later_years.real["kurtosis"] == pytest.approx(real.kurtosis[1], rel=1e-12)


def test_the_training_history_is_a_row_of_its_own_without_copies(on_later_years):
    itself = on_later_years.scores.loc[HISTORY]
    expected = fact_scores(return_facts(windows(PARTS.test)), return_facts(windows(PARTS.fit)))
    assert itself["w20"] == pytest.approx(expected["w20"], rel=1e-9)
    assert np.isnan(itself["copies"])


def test_the_history_scaled_to_the_test_differs_from_it_in_what_the_level_moves(on_later_years):
    itself, scaled = on_later_years.scores.loc[HISTORY], on_later_years.scores.loc[SCALED_HISTORY]
    assert scaled["std"] == pytest.approx(0.0, abs=1e-9) != itself["std"]
    assert scaled["level"] == pytest.approx(0.0, abs=1e-9) != itself["level"]
    assert scaled["families"] == pytest.approx(itself["families"], rel=0.01)  # folds may round
    assert scaled["composite"] != pytest.approx(itself["composite"], rel=1e-3)
    assert np.isnan(scaled["copies"])


def test_the_families_are_those_of_the_reference_after_matching_the_level(in_sample):
    reference = LevelReference(windows(RETURNS), return_facts(windows(RETURNS)), MATCHED)
    each = [reference.score(Coin().sample(150, 30, seed), seed=seed) for seed in (0, 1)]
    row = in_sample.scores.loc["coin"]
    assert row["families"] == pytest.approx(np.mean([one.mean for one in each]))
    assert row["families_median"] == pytest.approx(np.mean([one.median for one in each]))
    assert row["level"] == pytest.approx(row["std"])
    floor = in_sample.scores.loc["sampling floor"]
    assert floor["families"] == 1.0 and floor["level"] == MATCHED["level"]


def test_a_board_is_ranked_by_its_families_where_it_has_them():
    rows = {
        "wild": {"composite": 9.0, "families": 0.8},
        "calm": {"composite": 0.5, "families": 1.2},
    }
    names, _ = drawn(leaderboard_picture(board(rows)))
    assert names == ["wild", "calm"]
    assert "level matched" in leaderboard_picture(board(rows)).axes[0].get_xlabel()


def test_copies_out_of_sample_are_those_of_the_years_it_was_fitted_to(on_later_years):
    # Its paths occur in the fitted years and in none of the test years.
    assert on_later_years.scores.loc["remembered", "copies"] > 0.5


def test_settings_say_which_days_were_used_for_what(in_sample, on_later_years):
    assert in_sample.settings["scored_on"] == {
        "days": len(RETURNS),
        "first": "2008-01-03",
        "last": "2018-12-31",
    }
    assert in_sample.settings["seeds"] == [0, 1] and in_sample.settings["count"] == 150
    assert on_later_years.settings["fitted_to"]["last"] == "2011-12-30"
    assert on_later_years.settings["scored_on"]["first"] == f"{PARTS.test.index[0]:%Y-%m-%d}"
    assert on_later_years.settings["split"]["gap_days"] == 40
    assert on_later_years.fits == {"remembered": {"days": len(PARTS.fit)}}


def test_a_leaderboard_becomes_strict_json(in_sample, on_later_years):
    for one in (in_sample, on_later_years):
        form = one.to_dict()
        assert json.loads(json.dumps(form, allow_nan=False)) == form
    assert in_sample.to_dict()["scores"]["real"]["copies"] is None
    form = board({"wild": {"w1": np.inf, "w5": -np.inf}}).to_dict()
    assert form["scores"] == {"wild": {"w1": "inf", "w5": "-inf"}}


@pytest.mark.slow
def test_there_is_a_line_of_progress_for_the_floor_and_for_each_simulator(monkeypatch):
    floors = FLOOR, MATCHED
    monkeypatch.setattr("keras_wgan.market.reference.sampling_floors", lambda history, days: floors)
    lines = []
    asked = Scoring(days=30, count=100, seeds=[0])
    leaderboard(RETURNS, [Coin("a"), Coin("b")], asked, progress=lines.append)
    assert lines[0].startswith("sampling floor: comparing")
    assert [line.split(":")[0] for line in lines[1:]] == ["a", "b"]
    assert all("composite" in line and line.endswith(" s") for line in lines[1:])


@pytest.mark.parametrize(
    ("simulators", "message"),
    [
        ([], "`simulators` must be one or more"),
        ([Coin(), Coin()], "names \\['coin', 'coin'\\]"),
        ([Coin("real")], "a name of its own that is none of 'real', 'sampling floor', 'training"),
    ],
)
def test_simulators_without_names_of_their_own_are_refused(simulators, message):
    with pytest.raises(ValueError, match=message):
        leaderboard(RETURNS, simulators, small([0]), **SILENT)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"seeds": []}, "`seeds` must hold at least one seed"),
        ({"days": 1e9}, "`days` must be a whole number"),
        ({"days": 10**9}, "`days` must be a whole number of at least 1 and at most"),
        ({"trained_on": ["w2"]}, "`trained_on` must hold names of scores: w1, .*\\['w2'\\]"),
    ],
)
def test_a_scoring_that_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        floors = {"floor": FLOOR, "matched_floor": MATCHED}
        asked = Scoring(**{"days": 30, "count": 150, "seeds": [0], **floors, **settings})
        leaderboard(RETURNS, [Coin()], asked, **SILENT)


def test_nothing_is_selected_where_the_selection_ends_with_the_fit():
    day = pd.bdate_range("2020-01-01", periods=100)
    returns = pd.Series(np.arange(100.0), index=day)
    fit, last = str(day[29].date()), str(day[89].date())
    parts = Split(fit, fit, last, 10).cut(returns)
    assert parts.choose.empty and parts.test.tolist() == list(range(40, 90))


def test_a_test_begins_after_the_gap_or_on_its_own_first_day_whichever_is_later():
    day = pd.bdate_range("2020-01-01", periods=100)
    returns = pd.Series(np.arange(100.0), index=day)
    fit, last = str(day[29].date()), str(day[89].date())
    for first, expected in ((35, 40), (50, 50)):
        split = Split(fit, fit, last, 10, test_from=str(day[first].date()))
        assert split.cut(returns).test.tolist() == list(range(expected, 90))
    with pytest.raises(ValueError, match="must follow each other"):
        Split(fit, fit, last, 10, test_from=str(day[20].date()))


def test_a_split_leaves_a_gap_after_each_border():
    day = pd.bdate_range("2020-01-01", periods=100)
    returns = pd.Series(np.arange(100.0), index=day)
    parts = Split(str(day[29].date()), str(day[59].date()), str(day[89].date()), 10).cut(returns)
    assert parts.fit.tolist() == list(range(30))
    assert parts.choose.tolist() == list(range(40, 60))
    assert parts.test.tolist() == list(range(70, 90))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2011", "2010-12-31", "2023-12-31"), "must follow each other"),
        (("soon", "2015-12-31", "2023-12-31"), "`fit_until` must be a day such as"),
        (("2011-12-31", "2015-12-31", "2023-12-31", -1), "`gap_days` must be a whole number"),
    ],
)
def test_a_split_with_unusable_borders_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Split(*arguments)


def test_a_history_that_a_split_cannot_cut_is_refused():
    with pytest.raises(ValueError, match="must have days to test"):
        SPLIT.cut(RETURNS[:"2013-12-31"])
    with pytest.raises(ValueError, match="must be a pandas Series or DataFrame with an index"):
        SPLIT.cut(RETURNS.to_numpy())
    with pytest.raises(ValueError, match="must be in chronological order"):
        SPLIT.cut(RETURNS[::-1])


CELLS = {
    "a distance": ("w1", 0.0364, ".036"),
    "nothing": ("w1", 0.0, "0"),
    "next to nothing": ("w1", -0.0002, "0"),
    "nearly one": ("w1", 0.99951, "1.00"),
    "an error above": ("var1_1d", 0.18, "+.180"),
    "an error below": ("es1_1d", -0.364, "-.364"),
    "the kurtosis itself": ("kurtosis", 3.73, "14.0"),
    "a wild kurtosis": ("kurtosis", 5151.0, "5161"),
    "an explosion": ("w1", 3.2e6, "3e6"),
    "one without end": ("w1", np.inf, "inf"),
    "no meaning": ("classifier", np.nan, "-"),
    "copies": ("copies", 0.1512, "15.1%"),
}


@pytest.mark.parametrize(("score", "value", "text"), CELLS.values(), ids=CELLS)
def test_a_cell_says_its_score_in_five_characters(score, value, text):
    assert leaderboard_table(board({"one": {score: value}})).loc["one"].tolist() == [text]


def test_kurtosis_is_shown_itself_and_at_the_floor_as_a_distance():
    table = leaderboard_table(
        board({"real": {"kurtosis": 0.0}, "sampling floor": {"kurtosis": 2.04}})
    )
    assert table["kurt"].tolist() == ["10.3", "±2.04"]


def test_scores_of_a_training_loss_are_marked_and_explained():
    marked = board({"one": {"w1": 0.1, "w5": 0.2}}, trained_on=("w5",))
    assert list(leaderboard_table(marked).columns) == ["W1", "W5*"]
    assert "* is also part of the training loss" in leaderboard_text(marked)
    assert "| W5\\* |" in leaderboard_markdown(marked)


def test_a_fit_that_did_not_converge_is_named_below_the_table():
    one = board({"GARCH-t": {"w1": 0.1}}, fits={"GARCH-t": {"converged": 0.0}})
    assert leaderboard_text(one).endswith("The fit did not converge: GARCH-t.")


def test_the_text_fits_a_terminal_of_80_columns(in_sample, on_later_years):
    from keras_wgan.market.reference import FIRST_SCORES

    widest = {name: -0.123 for name in FIRST_SCORES} | {"copies": 0.999}
    full = board({"a name that is too long for its column": widest}, trained_on=FIRST_SCORES)
    for one in (in_sample, on_later_years, full):
        assert max(len(line) for line in leaderboard_text(one).splitlines()) <= 80
    assert "a name that is too long…" in leaderboard_text(full)


def test_simulators_stand_best_first_after_the_real_market_with_the_deciding_columns_first():
    scores = {"w1": 0.1, "copies": 0.0, "composite": 1.0, "families": 1.0}
    table = leaderboard_table(
        board({
            "real": scores,
            "sampling floor": scores,
            "worse": {**scores, "families": 2.5},
            "better": {**scores, "families": 1.5},
            "exploded": {**scores, "families": np.inf},
        })
    )  # fmt: skip
    assert table.index.tolist() == ["real", "sampling floor", "better", "worse", "exploded"]
    assert table.columns.tolist() == ["fam", "copy", "comp", "W1"]


def test_the_text_says_which_days_and_seeds_stand_behind_it(on_later_years):
    text = leaderboard_text(on_later_years)
    assert text.startswith("Out of sample.\nFitted to 2008-01-03 to 2011-12-30, selected on 2012-")
    assert "Windows of 30 days, 150 paths for each simulator and seed, none left out" in text


def test_markdown_has_a_cell_for_every_heading(in_sample):
    lines = [line for line in leaderboard_markdown(in_sample).splitlines() if line[:1] == "|"]
    assert len(lines) == 2 + 4
    widths = {line.replace("\\|", "").count("|") for line in lines}
    assert widths == {len(leaderboard_table(in_sample).columns) + 2}


def drawn(figure):
    """Returns the names from top to bottom, and the dot of each."""
    axes = figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    return names, {names[int(dot.get_ydata()[0])]: dot for dot in dots}


def test_the_picture_shows_the_best_on_top_and_the_run_in_its_color(tmp_path):
    one = board(
        {
            "real": {"composite": np.nan, "copies": np.nan},
            "sampling floor": {"composite": 1.0, "copies": np.nan},
            "GARCH-t": {"composite": 2.5, "copies": 0.0},
            "run": {"composite": 0.7, "copies": 0.002},
            "copier": {"composite": 0.9, "copies": 0.15},
            "exploded": {"composite": np.inf, "copies": 0.0},
        },
        by_seed={"GARCH-t": [{"composite": 2.0}, {"composite": 3.0}]},
    )
    figure = leaderboard_picture(one, highlight=["run"])
    names, dots = drawn(figure)
    assert names == ["run", "copier", "GARCH-t", "exploded"]
    assert {name: dot.get_xdata()[0] for name, dot in dots.items()} == {
        "run": 0.7,
        "copier": 0.9,
        "GARCH-t": 2.5,
    }
    assert dots["run"].get_markerfacecolor() == GENERATED
    assert dots["GARCH-t"].get_markerfacecolor() == REAL
    assert dots["copier"].get_markerfacecolor() == "white"
    texts = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "0.90, copies 15%" in texts and "beyond the scale" in texts
    path = save_picture(figure, tmp_path / "board.png")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("worst", "scale"), [(1.9, "linear"), (2.1, "log")])
def test_the_scale_is_logarithmic_where_the_worst_is_over_four_times_the_best(worst, scale):
    one = board({"best": {"composite": 0.5}, "worst": {"composite": worst}})
    assert leaderboard_picture(one).figure.axes[0].get_xscale() == scale


def test_a_picture_without_a_finite_composite_or_of_an_unknown_row_is_refused():
    with pytest.raises(ValueError, match="a finite score above zero"):
        leaderboard_picture(board({"one": {"composite": np.inf}}))
    with pytest.raises(ValueError, match="`highlight` must hold names of rows: one"):
        leaderboard_picture(board({"one": {"composite": 1.0}}), highlight=["two"])


@pytest.mark.slow
def test_every_baseline_can_enter():
    simulators = [baselines.get(name) for name in ("iid normal", "FHS-EGARCH")]
    found = leaderboard(RETURNS, simulators, small([0]), **SILENT)
    assert found.fits["FHS-EGARCH"]["converged"] == 1.0
    assert np.isfinite(found.scores.loc["FHS-EGARCH", "composite"])
