"""What orders the rows of a table of series is said, can be named, and is refused with advice."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import PriceFormat
from keras_wgan.data.series_data import load_series
from keras_wgan.data.series_files import read_series

AS_SHOWN = PriceFormat()
COUNT = 40


def rows_of(cells, *more):
    """Returns lines of cells, more of them and a series."""
    columns = [*([str(cell) for cell in each] for each in (cells, *more))]
    columns.append([str(at % 7) for at in range(len(columns[0]))])
    return [",".join(row) for row in zip(*columns, strict=True)]


def read(folder, header, lines, form=AS_SHOWN):
    """Returns the table of a file of these lines."""
    path = folder / "table.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return read_series(path, form)


GAP = [*range(20), *range(21, 41)]
MONTHS = [f"{2000 + at // 12}{at % 12 + 1:02d}" for at in range(COUNT)]


@pytest.mark.parametrize(
    ("name", "cells", "span", "longer"),
    [
        ("time", [f"{0.1 * at:.1f}" for at in range(COUNT)], "0 to 3.9", 0),
        ("timestamp", [1_700_000_000 + 60 * at for at in GAP], "1700000000 to 1700002400", 1),
        ("Time [s]", np.cumsum(np.arange(1, 41) % 3 + 1), "2 to 80", 26),
        ("date", [45292 + at for at in GAP], "45292 to 45332", 1),
        ("month", MONTHS, "2000-01-01 to 2003-04-01", 0),
        ("Unnamed: 0", GAP, "0 to 40", 1),
        ("id", GAP, "0 to 40", 1),
        ("", GAP, "0 to 40", 1),
        ("anything", range(1, 41), "1 to 40", 0),
        (
            "time",
            [f"{at // 2:02d}:{30 * (at % 2):02d}" for at in range(COUNT)],
            "00:00 to 19:30",
            0,
        ),
    ],
)
def test_a_first_column_of_a_usual_name_that_rises_orders_the_rows(
    tmp_path, name, cells, span, longer
):
    table = read(tmp_path, f"{name},heat", rows_of(cells))
    assert list(table.values) == ["heat"]
    assert (table.order.longer, table.notes) == (longer, ())
    assert f" {span}, and" in table.order.describe()


def test_a_series_that_rises_in_every_row_is_modeled_and_said(tmp_path):
    lines = rows_of(range(100, 300, 5))
    table = read(tmp_path, "height,heat", lines)
    assert list(table.values) == ["height", "heat"]
    assert table.notes == (
        "The first column 'height' rises in every row and is modeled as a series: if it only "
        "counts rows, leave it out, or add `--date-column height`.",
    )
    named = read(tmp_path, "height,heat", lines, PriceFormat(date_column="Height"))
    assert (list(named.values), named.order.last) == (["heat"], "295")


def test_that_no_column_orders_the_rows_can_be_said(tmp_path):
    table = read(tmp_path, "id,heat", rows_of(GAP), PriceFormat(date_column="none"))
    assert (list(table.values), table.order) == (["id", "heat"], None)
    assert table.notes == ("No column orders the rows, by `--date-column none`.",)


@pytest.mark.parametrize("form", [AS_SHOWN, PriceFormat(date_column="2")])
def test_dates_behind_an_index_order_the_rows(tmp_path, form):
    days = pd.date_range("2024-01-01", periods=COUNT).strftime("%Y-%m-%d")
    table = read(tmp_path, ",day,heat", rows_of(range(COUNT), days), form)
    assert (list(table.values), table.order.first) == (["heat"], "2024-01-01")
    assert table.notes == ("The first column only counts the rows, and is not modeled either.",)


def test_dates_in_a_later_column_are_named_by_the_advice_and_then_order_the_rows(tmp_path):
    days = pd.date_range("2024-01-01", periods=COUNT).strftime("%Y-%m-%d")
    lines = rows_of([at % 5 for at in range(COUNT)], days)
    with pytest.raises(ValueError, match="It is a date: .*add `--date-column 'day'`"):
        read(tmp_path, "load,day,heat", lines)
    table = read(tmp_path, "load,day,heat", lines, PriceFormat(date_column="day"))
    assert (list(table.values), table.order.last) == (["load", "heat"], "2024-02-09")


def test_dates_and_times_in_two_columns_are_read_together(tmp_path):
    stamps = pd.date_range("2024-01-01", periods=COUNT, freq="h")
    lines = rows_of(stamps.strftime("%d.%m.%Y"), stamps.strftime("%H:%M"))
    form = PriceFormat(date_format="%d.%m.%Y")
    table = read(tmp_path, "date,time,heat", lines, form)
    assert (list(table.values), table.order.longer) == (["heat"], 0)
    assert "'date and time' orders the rows, 2024-01-01 to 2024-01-02 15:00:00" in (
        table.order.describe()
    )


def test_local_times_with_offsets_increase_where_clocks_are_set_back(tmp_path):
    stamps = pd.date_range("2024-10-26 20:00", periods=COUNT, freq="h", tz="Europe/Berlin")
    table = read(tmp_path, "time,heat", rows_of([stamp.isoformat() for stamp in stamps]))
    assert (table.order.longer, table.order.first) == (0, "2024-10-26T20:00:00+02:00")
    form = PriceFormat(date_format="%Y-%m-%dT%H:%M:%S%z")
    again = read(tmp_path, "time,heat", rows_of([stamp.isoformat() for stamp in stamps]), form)
    assert again.order == table.order


def test_times_of_the_day_are_said_as_they_are_written(tmp_path):
    cells = [f"{at // 2:02d}{30 * (at % 2):02d}" for at in range(COUNT)]
    table = read(tmp_path, "time,heat", rows_of(cells), PriceFormat(date_format="%H%M"))
    assert (table.order.first, table.order.last) == ("0000", "1930")


@pytest.mark.parametrize(
    ("name", "cells", "sentence"),
    [
        ("year", [2000 + at // 12 for at in range(COUNT)], "2000 after 2000, in line 3.*year and"),
        ("time", [at // 2 for at in range(COUNT)], "0 after 0, in line 3.*each place or device"),
        ("index", [at % 20 for at in range(COUNT)], "0 after 19, in line 22.*Sort the rows"),
    ],
)
def test_a_column_that_should_order_the_rows_and_does_not_is_refused_with_advice(
    tmp_path, name, cells, sentence
):
    with pytest.raises(ValueError, match=f"{sentence}.*add `--date-column none`"):
        read(tmp_path, f"{name},heat", rows_of(cells))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            [f"{at % 24:02d}:00" for at in range(COUNT)],
            r"00:00 after 23:00.*with its date.*12:30\.$",
        ),
        ([f"2024-10-27 0{at // 2}:00" for at in range(8)], r"clocks are set back.*\+02:00\.$"),
    ],
)
def test_times_that_do_not_increase_are_refused_with_the_advice_that_fits(
    tmp_path, cells, sentence
):
    with pytest.raises(ValueError, match=sentence):
        read(tmp_path, "time,heat", rows_of(cells))


def test_months_that_begin_again_are_a_series(tmp_path):
    table = read(tmp_path, "month,heat", rows_of([at % 12 + 1 for at in range(COUNT)]))
    assert (list(table.values), table.order) == (["month", "heat"], None)


@pytest.mark.parametrize("named", ["other", "3", "0"])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path, named):
    with pytest.raises(ValueError, match=f"date_column='{named}', of 2 columns: id, heat"):
        read(tmp_path, "id,heat", rows_of(GAP), PriceFormat(date_column=named))


def test_what_orders_the_rows_and_all_notes_are_in_the_line_on_the_data(tmp_path):
    read(tmp_path, ",day,heat", rows_of(range(COUNT), pd.date_range("2024", periods=COUNT).date))
    reading = load_series(str(tmp_path / "table.csv"), 4, AS_SHOWN).reading
    assert "The column 'day' orders the rows" in reading and "only counts the rows" in reading
