"""Tables of series: what is read of a file, what orders its rows, and what is refused where."""

import gzip

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import PriceFormat
from keras_wgan.data.series_data import WAVES, load_series
from keras_wgan.data.series_files import read_series
from keras_wgan.data.waves import make_waves
from keras_wgan.errors import InputNotFoundError

ROWS = range(40)
AS_SHOWN = PriceFormat()


def table_in(folder, lines, name="sensors.csv"):
    """Returns the path of a file of these lines."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def two_columns(row):
    """Returns a row of two columns, of which neither counts up."""
    return f"{row % 7},{row**2 % 5}"


def damaged(row, cells):
    """Returns a header and rows, one of which is replaced."""
    lines = ["heat,load", *map(two_columns, ROWS)]
    lines[row] = cells
    return lines


def test_columns_of_numbers_are_read_under_their_names(tmp_path):
    table = read_series(table_in(tmp_path, ["heat,load", *map(two_columns, ROWS)]), AS_SHOWN)
    assert list(table.values.columns) == ["heat", "load"] and table.order is None
    np.testing.assert_array_equal(table.values["load"], [row**2 % 5 for row in ROWS])


@pytest.mark.parametrize(
    ("name", "cells", "span"),
    [
        ("time", [f"2024-01-01 {row // 2:02d}:{30 * (row % 2):02d}" for row in ROWS], "19:30:00"),
        ("date", [f"2024{row // 28 + 1:02d}{row % 28 + 1:02d}" for row in ROWS], "2024-02-12"),
        ("", [str(row) for row in ROWS], "0 to 39"),
        ("seconds", [str(1_700_000_000 + 60 * row) for row in ROWS], "1700002340"),
    ],
)
def test_a_first_column_of_dates_or_numbers_orders_the_rows_and_is_said(
    tmp_path, name, cells, span
):
    lines = [f"{name},heat", *(f"{cell},{row % 7}" for cell, row in zip(cells, ROWS, strict=True))]
    data = load_series(str(table_in(tmp_path, lines)), 4, AS_SHOWN)
    assert data.facts.columns == ("heat",)
    assert span in data.reading and "orders the rows" in data.reading


def test_longer_steps_between_dates_are_said(tmp_path):
    days = pd.bdate_range("2024-01-01", periods=40)
    path = tmp_path / "load.csv"
    pd.DataFrame({"day": days, "load": np.arange(40) % 7}).to_csv(path, index=False)
    assert "though 7 of the 39 steps" in load_series(str(path), 4, AS_SHOWN).reading


def test_decimal_commas_and_a_form_of_dates_can_be_named(tmp_path):
    lines = [
        "Tag;Last",
        *(f"{row % 12 + 1:02d}.{row // 12 + 1:02d}.2024;{row % 7},5" for row in ROWS),
    ]
    path = table_in(tmp_path, lines)
    table = read_series(path, PriceFormat(decimal=",", date_format="%d.%m.%Y"))
    assert table.values["Last"].tolist() == [row % 7 + 0.5 for row in ROWS]


def test_a_parquet_file_holds_the_same_table(tmp_path):
    pytest.importorskip("pyarrow")
    written = make_waves()
    written.to_parquet(tmp_path / "waves.parquet")
    table = read_series(tmp_path / "waves.parquet", AS_SHOWN)
    pd.testing.assert_frame_equal(table.values, written)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (damaged(5, "warm,1"), r"'heat' .* the text 'warm' in line 6 of .*sensors\.csv\. Leave"),
        (damaged(5, "1,inf"), r"'load' .* the infinite number inf in line 6 of .*sensors\.csv"),
        (damaged(5, "1,"), r"'load' .* a missing value in line 6 of .*sensors\.csv\. Fill"),
        (damaged(5, ""), r"'heat' .* a missing value in line 6 of"),
        (damaged(5, "1,2,3"), "as many fields in each line.*line 6, saw 3"),
        (["heat,load", *(f"{row % 7},3" for row in ROWS)], "'load' is 3 in every row"),
        (list(map(two_columns, ROWS)), "must begin with the names of its columns. Received: 0, 0"),
        (["heat,heat", *map(two_columns, ROWS)], "a name of its own. Received: 'heat' twice"),
        (["heat,", *map(two_columns, ROWS)], "must have a name. Received: none above column 2"),
        (["heat,load"], "has names of columns, but no rows"),
        (["day", *(f"2024-01-{row % 28 + 1:02d}" for row in range(28))], "no column of numbers"),
        (
            ["day,load", *(f"2024-01-{row % 28 + 1:02d},{row % 3}" for row in ROWS)],
            "'day' must increase .* 2024-01-01 after 2024-01-28, in line 30 of",
        ),
        (
            ["row,load", *(f"{row % 30},{row % 3}" for row in ROWS)],
            "'row' must increase .* 0 after 29, in line 32 of",
        ),
        (
            ["day,load", "2024-01-01,1", "soon,2", *(f"2024-01-{at},3" for at in range(10, 20))],
            r"'day' must hold a date in each row. Received: 'soon' in line 3 of .*sensors\.csv",
        ),
        (
            ["day,load", *(f"0{row}/0{row + 1}/2024,{row % 2}" for row in range(1, 6))],
            "'day' may be meant as %d/%m/%Y or %m/%d/%Y",
        ),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_with_its_place(tmp_path, lines, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_series(table_in(tmp_path, lines), AS_SHOWN)


def same_table(path, form=AS_SHOWN):
    """Checks that a file holds the two columns."""
    table = read_series(path, form)
    assert list(table.values.columns) == ["heat", "load"]
    np.testing.assert_array_equal(table.values["load"], [row**2 % 5 for row in ROWS])


def test_packed_text_and_text_in_columns_of_white_space_hold_the_same_table(tmp_path):
    lines = ["heat,load", *map(two_columns, ROWS)]
    (tmp_path / "sensors.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    same_table(tmp_path / "sensors.csv.gz")
    same_table(table_in(tmp_path, [f"  {line.replace(',', '   ')}" for line in lines], "a.txt"))
    same_table(table_in(tmp_path, lines, "b.csv"), PriceFormat(separator="comma"))
    same_table(table_in(tmp_path, ["sep=,", *lines], "c.csv"))


def test_a_sheet_of_an_excel_file_holds_the_same_table_below_its_dates(tmp_path):
    pytest.importorskip("openpyxl")
    table = pd.DataFrame({"heat": [row % 7 for row in ROWS], "load": [row**2 % 5 for row in ROWS]})
    table.index = pd.date_range("2024-01-01", periods=len(ROWS), freq="h", name="time")
    with pd.ExcelWriter(tmp_path / "sensors.xlsx") as book:
        pd.DataFrame({"a": ["notes"]}).to_excel(book, sheet_name="about")
        table.to_excel(book, sheet_name="data")
    same_table(tmp_path / "sensors.xlsx")
    with pytest.raises(ValueError, match="has no sheet 'other'.*about, data"):
        read_series(tmp_path / "sensors.xlsx", PriceFormat(sheet="other"))


def test_a_name_in_quotes_may_be_broken_and_lines_count_from_the_top_of_the_file(tmp_path):
    lines = ['"heat', 'in C",load', *map(two_columns, ROWS)]
    assert list(read_series(table_in(tmp_path, lines), AS_SHOWN).values) == ["heat in C", "load"]
    lines[4] = "warm,1"
    with pytest.raises(ValueError, match="the text 'warm' in line 5 of"):
        read_series(table_in(tmp_path, lines), AS_SHOWN)


@pytest.mark.parametrize("first", ["2024-01-01,0.25,0.5", "0.25,0.5,nan", "01.02.2024;0,25;0,5"])
def test_a_table_without_names_is_refused_and_loses_no_row(tmp_path, first):
    with pytest.raises(ValueError, match=r"must begin with the names of its columns. Received"):
        read_series(table_in(tmp_path, [first, *[first] * 40]), AS_SHOWN)


def test_numbers_can_be_names_next_to_a_name(tmp_path):
    lines = ["time,0.05,0.95", *(f"{row},{two_columns(row)}" for row in ROWS)]
    assert list(read_series(table_in(tmp_path, lines), AS_SHOWN).values) == ["0.05", "0.95"]


@pytest.mark.parametrize("name", ["window", "row"])
def test_a_series_with_the_name_of_a_place_in_generated_files_is_refused(tmp_path, name):
    lines = [f"heat,{name}", *map(two_columns, ROWS)]
    with pytest.raises(ValueError, match=f"may be called window or row.*Received: '{name}'"):
        read_series(table_in(tmp_path, lines), AS_SHOWN)


def test_sources_of_prices_are_refused_by_their_name():
    with pytest.raises(ValueError, match="'yahoo' is offered for returns only"):
        load_series("yahoo", 4, AS_SHOWN)


def test_too_few_rows_are_refused_by_their_number(tmp_path):
    path = table_in(tmp_path, ["heat,load", *map(two_columns, ROWS)])
    with pytest.raises(ValueError, match="windows of 6 rows need at least 48 rows.*Received: 40"):
        load_series(str(path), 6, AS_SHOWN)


def test_a_file_of_another_kind_or_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"read from \.csv, .* Received: data=.*prices\.xls\."):
        read_series(table_in(tmp_path, ["a"], "prices.xls"), AS_SHOWN)
    with pytest.raises(InputNotFoundError, match="There is no file of series"):
        read_series(tmp_path / "none.csv", AS_SHOWN)


def test_the_waves_are_always_the_same_and_fill_the_range_of_each_column():
    data = load_series(WAVES, 24, AS_SHOWN)
    assert data.facts.checksum == load_series(WAVES, 12, AS_SHOWN).facts.checksum
    assert data.samples.shape == (2977, 24, 5) and data.samples.dtype == np.float32
    np.testing.assert_array_equal(data.rows.min(axis=0), -np.ones(5))
    np.testing.assert_array_equal(data.rows.max(axis=0), np.ones(5))
    assert "made data" in data.reading


def test_windows_are_the_rows_that_follow_each_other_in_the_units_of_the_data():
    data = load_series(WAVES, 24, AS_SHOWN)
    np.testing.assert_array_equal(data.samples[100], data.rows[100:124])
    np.testing.assert_allclose(data.values, make_waves().to_numpy(), atol=1e-6)
