"""The picture and the table of the dependence between assets."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.metrics import asset_dependence
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.style import NARROW_WIDTH, narrow
from keras_wgan.report.tables.dependence import LABELS, dependence_summary, dependence_table

DAYS = 0.01 * np.random.default_rng(0).normal(size=(600, 4))
HISTORY = pd.DataFrame(DAYS, columns=["A", "B", "C", "D"])
GENERATED = 0.01 * np.random.default_rng(1).normal(size=(20, 60, 4))


@pytest.mark.parametrize(("assets", "clouds"), [(2, 1), (3, 3), (4, 3)])
def test_up_to_three_pairs_have_two_clouds_each(assets, clouds):
    figure = dependence_picture(HISTORY.iloc[:, :assets], GENERATED[..., :assets])
    assert len(figure.axes) == 1 + 2 * clouds
    assert [axes.get_title(loc="left") for axes in figure.axes[1:3]] == ["Real", "Generated"]


def test_the_pairs_shown_are_the_strongest_the_middle_and_the_weakest():
    common = np.random.default_rng(2).normal(size=(600, 1))
    linked = DAYS + 0.01 * common * [2.0, 1.5, 1.0, 0.0]
    history = pd.DataFrame(linked, columns=["A", "B", "C", "D"])
    labels = [
        axes.get_xlabel()[0] + axes.get_ylabel()[0]
        for axes in dependence_picture(history, GENERATED).axes[1::2]
    ]
    assert labels[0] == "AB" and "D" in labels[2] and "D" not in labels[0]


def test_on_a_phone_one_pair_stands_below_the_marks():
    with narrow():
        figure = dependence_picture(HISTORY, GENERATED)
    assert len(figure.axes) == 3 and figure.get_figwidth() == NARROW_WIDTH
    tops = [axes.get_subplotspec().rowspan.start for axes in figure.axes]
    assert tops == [0, 1, 2]


def test_many_pairs_are_summed_up_by_their_mean_and_the_worst():
    real, made = asset_dependence(GENERATED), asset_dependence(GENERATED)
    assert len(dependence_summary(real, made, list("ABCD"))) == 6 * 4
    wide = 0.01 * np.random.default_rng(3).normal(size=(20, 60, 5))
    real, made = asset_dependence(wide), asset_dependence(wide)
    made.daily[1, 4] += 0.3
    table = dependence_summary(real, made, list("ABCDE"))
    assert len(table) == 2 * 4
    mean = table.loc[("Mean of 10 pairs", LABELS["daily"])]
    assert mean["Generated"] - mean["Real"] == pytest.approx(0.03)
    assert ("Largest gap: B, E", LABELS["daily"]) in table.index


def test_marks_stand_at_the_links_of_each_side():
    figure = dependence_picture(HISTORY.iloc[:, :2], GENERATED[..., :2])
    points = [tuple(marks.get_offsets()[0]) for marks in figure.axes[0].collections]
    windows = np.lib.stride_tricks.sliding_window_view(DAYS[:, :2], 60, axis=0)
    real = asset_dependence(np.moveaxis(windows, -1, 1))
    made = asset_dependence(GENERATED[..., :2])
    expected = [(getattr(real, name)[0, 1], getattr(made, name)[0, 1]) for name in LABELS]
    np.testing.assert_allclose(points, expected, rtol=1e-9)


def test_the_table_has_a_row_for_each_pair_and_link():
    links = asset_dependence(GENERATED)
    table = dependence_table(links, links, list("ABCD"))
    assert len(table) == 6 * 4
    assert table.loc[("B, D", "Correlation of a day's returns"), "Real"] == links.daily[1, 3]
