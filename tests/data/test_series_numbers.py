"""Numbers of series are read in one style, and those far from all others are said."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data.series_numbers import far_values, read_numbers_of


def where(row):
    """Returns a place."""
    return f"line {row + 2}"


def read(cells, decimal=","):
    """Returns the numbers of a column of these cells."""
    return read_numbers_of(pd.Series(cells, name="load"), decimal, where).tolist()


def test_points_before_groups_of_three_separate_thousands_next_to_a_decimal_comma():
    assert read(["1.125,5", "-12.000", "7", ",5", "1e3"]) == [1125.5, -12000.0, 7.0, 0.5, 1000.0]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["1,5", "0.5"], "the text '0.5' in line 3.*point is the decimal mark"),
        (["1,5", "1.12"], "the text '1.12' in line 3.*point is the decimal mark"),
        (["7", "1.125"], "'1.125' in line 3 of the column 'load', but no cell .* a decimal comma"),
        (["1.125,5", "1126"], "'1.125,5' in line 2 .* but '1126' in line 3 has none"),
    ],
)
def test_points_that_may_be_decimal_are_refused_under_a_decimal_comma(cells, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(cells)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("1_000", "the text '1_000' in line 3. Leave"),
        ("1,5", "the text '1,5' in line 3. If the comma is the decimal mark, add `--decimal ,`"),
        ("12:30", "It is a time of the day: write it with its date"),
        ("2024-01-31", "It is a date: .*add `--date-column 'load'`"),
        ("-inf", "the infinite number -inf in line 3"),
    ],
)
def test_a_cell_that_is_no_number_is_refused_with_the_advice_that_fits(cell, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(["1", cell], None)


def test_numbers_of_a_sheet_have_no_decimal_mark():
    assert read(pd.Series([0.5, 1, "2,5"], dtype=object)) == [0.5, 1.0, 2.5]


@pytest.mark.parametrize(("value", "row"), [(-999.0, 30), (1e6, 7)])
def test_a_value_far_from_all_others_is_said_with_its_place(value, row):
    values = 20.0 + np.random.default_rng(0).normal(size=1000)
    assert far_values("heat", values, where) is None
    values[row] = value
    sentence = far_values("heat", values, where)
    assert f"The column 'heat' is {value:.6g} in line {row + 2}, more than 20 times" in sentence


def test_how_many_values_are_as_far_is_said():
    values = 20.0 + np.random.default_rng(0).normal(size=1000)
    values[[5, 50, 60]] = -999.0, -999.0, 900.0
    assert "is -999 in line 7, and 2 more such values, more" in far_values("heat", values, where)


def test_a_column_that_is_mostly_zero_is_measured_by_its_rare_values():
    rain = np.zeros(1000)
    rain[::50] = np.linspace(1.0, 5.0, 20)
    assert far_values("rain", rain, where) is None
    rain[3] = -999.0
    assert "is -999 in line 5" in far_values("rain", rain, where)
