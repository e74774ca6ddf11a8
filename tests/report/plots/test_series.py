"""Pictures of series show both sides of each column, and say which columns are left out."""

import numpy as np
import pytest

from keras_wgan.report import series_autocorrelations, series_distributions, series_picture

RNG = np.random.default_rng(0)
NAMES = [f"sensor {number}" for number in range(14)]


def windows(columns, count=20):
    """Returns real and generated windows of 6 rows."""
    return RNG.normal(size=(2, count, 6, columns))


def test_a_panel_has_evenly_spaced_real_windows_next_to_the_first_generated_ones():
    real, made = windows(2, count=23)
    axes = series_picture(real, made, NAMES[:2]).axes[1]
    lines = [line for line in axes.lines if len(line.get_ydata()) == 6]
    assert len(lines) == 24
    np.testing.assert_array_equal(lines[1].get_ydata(), real[2, :, 1])
    np.testing.assert_array_equal(lines[12].get_ydata(), made[0, :, 1])
    assert lines[12].get_xdata()[0] > lines[11].get_xdata()[-1]


@pytest.mark.parametrize("columns", [1, 2, 4, 5, 12])
def test_each_column_has_a_panel_under_its_name(columns):
    for draw in (series_picture, series_distributions, series_autocorrelations):
        figure = draw(*windows(columns), NAMES[:columns])
        titles = [axes.get_title(loc="left") for axes in figure.axes]
        assert titles == NAMES[:columns]
        assert figure._suptitle is None


def test_of_more_than_twelve_columns_the_first_are_drawn_and_the_picture_says_so():
    figure = series_picture(*windows(14), NAMES, title="Epoch 3")
    assert len(figure.axes) == 12
    assert figure._suptitle.get_text() == "Epoch 3, The first 12 of 14 columns"


def test_shares_of_a_distribution_sum_to_one_also_beyond_the_real_range():
    real, made = windows(1)
    figure = series_distributions(real, 100.0 * made, NAMES[:1])
    for patch in figure.axes[0].patches:
        assert patch.get_data().values.sum() == pytest.approx(1.0)


def test_large_numbers_are_written_with_a_letter():
    figure = series_picture(*(4e7 * windows(1)), NAMES[:1])
    figure.draw_without_rendering()
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "50M" in labels and all(label.endswith("M") for label in labels if label != "0")


def test_numbers_that_differ_little_are_written_from_a_common_one():
    figure = series_picture(*(1e12 + windows(1)), NAMES[:1])
    figure.draw_without_rendering()
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert axes.get_ylabel() == "from 1,000,000,000,000"
    assert len(set(labels)) == len(labels) > 2 and "+2" in labels


def test_whole_numbers_fall_into_bins_of_as_many_each():
    real = RNG.integers(0, 8, size=(50, 6, 1)).astype(float)
    edges = series_distributions(real, real, NAMES[:1]).axes[0].patches[0].get_data().edges
    np.testing.assert_array_equal(edges % 1.0, 0.5)
    np.testing.assert_array_equal(np.diff(edges), 1.0)
    real = RNG.integers(0, 200, size=(500, 6, 1)).astype(float)
    edges = series_distributions(real, real, NAMES[:1]).axes[0].patches[0].get_data().edges
    assert set(np.diff(edges)) == {5.0} and edges[0] < 0.0 and edges[-1] > 199.0


@pytest.mark.parametrize("draw", [series_picture, series_distributions, series_autocorrelations])
def test_a_name_with_signs_of_dollars_is_written_as_it_is(draw):
    figure = draw(*windows(1), ["$ of a $100_note"])
    figure.draw_without_rendering()
    assert figure.axes[0].get_title(loc="left") == "$ of a $100_note"


def test_long_names_that_begin_alike_have_titles_that_differ():
    names = [f"plant 7, turbine hall, temperature of bearing {at}" for at in (1, 2)]
    first, second = series_picture(*windows(2), names).axes
    assert first.get_title(loc="left") != second.get_title(loc="left")


def test_windows_that_do_not_fit_the_names_are_refused():
    with pytest.raises(ValueError, match=r"generated.shape=\(20, 6, 2\), 3 names"):
        series_picture(*windows(2), NAMES[:3])
