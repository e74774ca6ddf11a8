"""Tests that any content of a price file is read, or refused with one sentence."""

import bz2
import gzip
import io
import json
import lzma

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_wgan.data import file_content, load_price_table, load_prices
from keras_wgan.io import parquet as parquet_tables

from helpers.hostile import (
    EXAMPLES,
    JSON_VALUES,
    ODD_NUMBERS,
    ODD_TEXTS,
    damaged,
    works_or_says_why,
)

COLUMNS = st.sampled_from(["Date", "date", "Close", "close", "A", "B", "", "index", " ", "x" * 600])
CELLS = st.sampled_from(["2000-01-03", "2000-01-04", "10", "11.5"]) | ODD_TEXTS
LINES = st.lists(CELLS, max_size=4).map(",".join)
PRICES = pd.DataFrame({"Date": ["2000-01-03", "2000-01-04"], "Close": [10.0, 11.0]})


def read_both_ways(path):
    """Reads a file as one asset's prices and as two assets', which both may be refused."""
    names = ("`start`", "`tickers`", path.name)
    one = works_or_says_why(lambda: load_prices("A", None, None, path), *names)
    works_or_says_why(lambda: load_price_table(["A", "B"], None, None, path), *names)
    if isinstance(one, pd.Series):
        assert (one > 0).all() and one.index.is_monotonic_increasing and one.index.tz is None


@EXAMPLES
@given(st.binary(max_size=200) | st.lists(LINES, max_size=5).map("\n".join).map(str.encode))
def test_any_bytes_as_csv_are_read_or_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    read_both_ways(path)


@EXAMPLES
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.permutations(["Date", "A", "B"]))
def test_any_cells_under_a_good_header_are_read_or_refused_in_a_sentence(tmp_path, rows, header):
    path = tmp_path / "prices.csv"
    pd.DataFrame(rows, columns=header).to_csv(path, index=False)
    read_both_ways(path)


DAYS = st.datetimes()
ARRAYS = (
    st.lists(CELLS, min_size=2, max_size=2).map(arrow.array)
    | st.lists(st.floats(), min_size=2, max_size=2).map(arrow.array)
    | st.lists(DAYS, min_size=2, max_size=2).map(arrow.array)
    | st.sampled_from(
        [
            arrow.array([b"a", None]),
            arrow.array([[1], [2, 3]]),
            arrow.array([{"a": 1}, None]),
            arrow.array([True, False]),
            arrow.array([None, None]),
            arrow.array([2**63, 1], arrow.uint64()),
            arrow.array([1, 2**62], arrow.timestamp("ns", "America/New_York")),
            arrow.array([-(2**62), 2**62], arrow.timestamp("s")),
            arrow.array([1, 2], arrow.duration("s")),
            arrow.array(["1.50", "2.50"]).cast(arrow.decimal128(9, 2)),
            arrow.array(["a", "a"]).dictionary_encode(),
        ]
    )
)
NOTES = st.sampled_from(
    [
        b"{",
        b"[]",
        b"{}",
        b'{"index_columns": ["x"], "columns": []}',
        b'{"columns": 3}',
        b"\xff",
        b'{"index_columns": [{"kind": "range", "start": 0, "stop": 9, "step": 0}], "columns": []}',
    ]
)


@EXAMPLES
@given(st.lists(st.tuples(COLUMNS, ARRAYS), max_size=4), st.none() | NOTES)
def test_any_columns_of_parquet_are_read_or_refused_in_a_sentence(tmp_path, columns, notes):
    path = tmp_path / "prices.parquet"
    names, arrays = [name for name, _ in columns], [array for _, array in columns]
    table = arrow.Table.from_arrays(arrays, names=names)
    if notes is not None:
        table = table.replace_schema_metadata({b"pandas": notes})
    parquet.write_table(table, path)
    read_both_ways(path)


def parquet_bytes():
    """Returns a whole Parquet file of two prices."""
    buffer = io.BytesIO()
    PRICES.to_parquet(buffer, index=False)
    return buffer.getvalue()


@EXAMPLES
@given(damaged(parquet_bytes()))
def test_a_damaged_parquet_file_is_read_or_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "prices.parquet"
    path.write_bytes(content)
    read_both_ways(path)


def excel_bytes():
    """Returns a whole Excel file of two prices."""
    buffer = io.BytesIO()
    PRICES.to_excel(buffer, index=False)
    return buffer.getvalue()


@EXAMPLES
@given(damaged(excel_bytes()))
def test_a_damaged_excel_file_is_read_or_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "prices.xlsx"
    path.write_bytes(content)
    read_both_ways(path)


@EXAMPLES
@given(JSON_VALUES)
def test_any_json_is_read_or_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(content))
    read_both_ways(path)


@EXAMPLES
@given(st.lists(st.lists(CELLS, max_size=4), max_size=6), st.sampled_from([",", ";", "\t", " "]))
def test_any_rows_with_any_separator_are_read_or_refused_in_a_sentence(tmp_path, rows, separator):
    path = tmp_path / "prices.txt"
    path.write_text("\n".join(separator.join(row) for row in rows))
    read_both_ways(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch, pack):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(pack(b"0" * 10**6))
    monkeypatch.setattr(file_content, "MAX_BYTES", 10**5)
    with pytest.raises(ValueError, match=r"bomb\.csv\.gz takes 100,001 bytes, and at most 100,000"):
        load_prices(source=path)


@EXAMPLES
@given(ODD_TEXTS | st.text(max_size=12), ODD_TEXTS | st.none())
def test_any_day_is_understood_or_refused_by_name(start, end):
    works_or_says_why(lambda: load_prices(start=start, end=end, source="bundled"), "start", "end")


@EXAMPLES
@given(ODD_TEXTS | st.text(max_size=12) | ODD_NUMBERS.map(str))
def test_any_source_that_is_no_file_is_refused_by_name(source):
    sentence = works_or_says_why(lambda: load_prices(source=source), "`source`", "null byte")
    assert isinstance(sentence, str)


def test_a_csv_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(file_content.MAX_BYTES + 1)  # takes no room on the disk
    with pytest.raises(ValueError, match=r"huge\.csv takes 268,435,457 bytes, and at most"):
        load_prices(source=path)


def test_a_csv_file_of_too_many_columns_is_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("Date,Close" + "," * 1_000_000 + "\n2000-01-03,1\n")
    with pytest.raises(ValueError, match=r"wide\.csv has 1,000,002 fields in its header"):
        load_prices(source=path)


@pytest.mark.parametrize("cell", ["x" * 10**6, "9" * 10**6, '"' + "x\n" * 10**6 + '"'])
@pytest.mark.parametrize("line", ["{},1", "2000-01-03,{}"])
def test_one_enormous_cell_is_refused_in_a_short_sentence(tmp_path, cell, line):
    path = tmp_path / "prices.csv"
    path.write_text("Date,Close\n" + line.format(cell) + "\n")
    assert "line 2" in works_or_says_why(lambda: load_prices(source=path), "prices.csv")


def test_a_parquet_file_whose_text_is_damaged_is_refused_by_its_name(tmp_path):
    path = tmp_path / "prices.parquet"
    days = arrow.table({"Date": ["2000-01-03", "2000-01-04"], "Close": [1.0, 2.0]})
    parquet.write_table(days, path, compression="none", use_dictionary=False)
    path.write_bytes(path.read_bytes().replace(b"2000-01-04", b"20\xff0-01-04"))
    with pytest.raises(ValueError, match=r"prices\.parquet is not a whole Parquet file"):
        load_prices("A", None, None, path)


def test_a_parquet_file_that_unpacks_to_too_many_rows_is_refused_by_its_footer(
    tmp_path, monkeypatch
):
    path = tmp_path / "bomb.parquet"
    rows = 3_000_000
    days = arrow.DictionaryArray.from_arrays(np.zeros(rows, np.int8), ["2000-01-03"])
    parquet.write_table(arrow.table({"Date": days}), path)
    assert path.stat().st_size < rows // 100
    monkeypatch.setattr(parquet_tables, "MAX_CELLS", rows - 1)
    with pytest.raises(ValueError, match=r"bomb\.parquet would take 3,000,000 cells"):
        load_prices(source=path)
