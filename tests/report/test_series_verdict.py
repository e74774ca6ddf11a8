"""The verdict on series names the worst score, the worst column and copies."""

import pytest

from keras_wgan.metrics import CopyShares, SeriesScore
from keras_wgan.report import series_scores, series_verdict

NONE = CopyShares(0.0, 0.05)


def scored(times):
    """Returns two scores, the second of which is so many times its floor in the second column."""
    return [
        SeriesScore("values", (0.1, 0.1), (0.1, 0.1)),
        SeriesScore("step correlation", (0.02, 0.02 * times), (0.02, 0.02)),
    ]


@pytest.mark.parametrize(("times", "grade"), [(2.9, "good"), (8.9, "fair"), (9.1, "bad")])
def test_the_grade_is_that_of_the_mean_ratio_of_the_worst_score(times, grade):
    assert series_verdict(scored(times), ["heat", "load"], NONE).grade == grade


def test_all_scores_the_worst_column_their_mean_and_copies_are_in_the_sentences():
    assert series_verdict(scored(11.0), ["heat", "load"], NONE).sentences == (
        "These windows can be told apart from real ones: Step correlation 6.0 times that of other "
        "real rows.",
        "Far off, compared with other real rows: Step correlation 6.0 times.",
        "Right, compared with other real rows: Values 1.0 times.",
        "Single columns that are far off: step correlation of load (11.0 times).",
        "The mean of all scores is 3.5 times their floors.",
        "0.0% of the windows are near copies of training windows; of real ones 5.0% come as near "
        "to others.",
    )


def test_a_score_is_fair_at_best_while_one_of_many_columns_is_far_off():
    names = [f"sensor {number}" for number in range(20)]
    scores = [SeriesScore("values", (*[0.1] * 19, 0.62), (0.1,) * 20)]
    (values,) = series_scores(scores, names)
    assert (values.ratio, values.grade) == (pytest.approx(1.26), "fair")
    found = series_verdict(scores, names, NONE)
    assert found.grade == "fair"
    assert found.sentences[0].endswith(
        "Values 1.3 times that of other real rows, 6.2 for sensor 19."
    )
    assert "Single columns that are far off: values of sensor 19 (6.2 times)." in found.sentences


def test_of_many_columns_that_are_far_off_the_furthest_are_named():
    scores = [SeriesScore("steps", tuple(map(float, range(6, 14))), (1.0,) * 8)]
    sentence = series_verdict(scores, list("abcdefgh"), NONE).sentences[2]
    assert sentence == (
        "Single columns that are far off: steps of h (13.0 times), steps of g (12.0 times), steps "
        "of f (11.0 times), steps of e (10.0 times), steps of d (9.0 times), and 3 more."
    )


def test_windows_that_repeat_the_data_more_than_it_repeats_itself_are_bad():
    copied = series_verdict(scored(1.0), ["heat", "load"], CopyShares(0.12, 0.05))
    assert copied.grade == "bad"
    assert copied.sentences[0].startswith("These windows repeat the data: 12.0% of the windows")
    assert series_verdict(scored(1.0), ["heat", "load"], CopyShares(0.11, 0.05)).grade == "good"


def test_each_score_has_its_meaning():
    labels = [
        (score.label, bool(score.meaning)) for score in series_scores(scored(1.0), ["heat", "load"])
    ]
    assert labels == [("Values", True), ("Step correlation", True)]
