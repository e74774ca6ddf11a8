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


@pytest.mark.parametrize(("times", "grade"), [(2.5, "good"), (8.5, "fair"), (9.5, "bad")])
def test_the_grade_is_that_of_the_worst_score(times, grade):
    assert series_verdict(scored(times), ["heat", "load"], NONE).grade == grade


def test_all_scores_the_worst_column_their_mean_and_copies_are_in_the_sentences():
    assert series_verdict(scored(11.0), ["heat", "load"], NONE).sentences == (
        "These windows can be told apart from real ones: Step correlation 6.0 times that of other "
        "real rows.",
        "Far off, compared with other real rows: Step correlation 6.0 times.",
        "Right, compared with other real rows: Values 1.0 times.",
        "Furthest off: step correlation of load, 11.0 times.",
        "The mean of all scores is 3.5 times its floor.",
        "0.0% of the windows are near copies of training windows; of real ones 5.0% come as near "
        "to others.",
    )


def test_windows_that_repeat_the_data_more_than_it_repeats_itself_are_bad():
    copied = series_verdict(scored(1.0), ["heat", "load"], CopyShares(0.12, 0.05))
    assert copied.grade == "bad"
    assert copied.sentences[0].startswith("These windows repeat the data: 12.0% of the windows")
    assert series_verdict(scored(1.0), ["heat", "load"], CopyShares(0.11, 0.05)).grade == "good"


def test_each_score_has_its_meaning():
    labels = [(score.label, bool(score.meaning)) for score in series_scores(scored(1.0))]
    assert labels == [("Values", True), ("Step correlation", True)]
