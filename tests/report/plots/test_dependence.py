"""The picture and the table of the dependence between assets."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.metrics import asset_dependence
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.tables.dependence import LABELS, dependence_table

DAYS = 0.01 * np.random.default_rng(0).normal(size=(600, 4))
HISTORY = pd.DataFrame(DAYS, columns=["A", "B", "C", "D"])
GENERATED = 0.01 * np.random.default_rng(1).normal(size=(20, 60, 4))


@pytest.mark.parametrize(("assets", "clouds"), [(2, 1), (3, 3), (4, 3)])
def test_up_to_three_pairs_have_two_clouds_each(assets, clouds):
    figure = dependence_picture(HISTORY.iloc[:, :assets], GENERATED[..., :assets])
    assert len(figure.axes) == 1 + 2 * clouds
    assert [axes.get_title(loc="left") for axes in figure.axes[1:3]] == ["Real", "Generated"]


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
