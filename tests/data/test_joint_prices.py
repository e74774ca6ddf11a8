"""Tests of the prices of several assets: from a wide file, on the days that all of them have."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import load_price_table, load_prices

ALL = {"start": None, "end": None}
WIDE = """Date,AAPL,MSFT,META
2020-01-02,10,20,
2020-01-03,11,21,30
2020-01-06,12,,31
2020-01-07,13,23,32
"""


@pytest.fixture
def wide(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(WIDE)
    return path


def test_one_ticker_picks_its_column_of_a_wide_file(wide):
    assert load_prices("aapl", source=wide, **ALL).tolist() == [10.0, 11.0, 12.0, 13.0]


def test_empty_cells_of_the_one_ticker_are_left_out_with_a_warning(wide):
    with pytest.warns(UserWarning, match="1 of 4 rows .* have no price of MSFT"):
        assert load_prices("MSFT", source=wide, **ALL).tolist() == [20.0, 21.0, 23.0]


def test_a_ticker_that_names_a_column_means_it_also_next_to_a_close(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,Close,AAPL\n2020-01-02,1,10\n2020-01-03,2,11\n")
    assert load_prices("AAPL", source=path, **ALL).tolist() == [10.0, 11.0]
    assert load_prices(source=path, **ALL).tolist() == [1.0, 2.0]


def test_several_tickers_keep_the_days_that_all_have(wide):
    with pytest.warns(UserWarning, match="dropped: 1 of 3 days .*MSFT lacks 1 in between"):
        table = load_price_table(
            ["AAPL", "MSFT"], start="2020-01-03", source=wide, accept=["lost-days"]
        )
    assert list(table.columns) == ["AAPL", "MSFT"]
    assert table.to_numpy().tolist() == [[11.0, 21.0], [13.0, 23.0]]
    assert table.index.strftime("%Y-%m-%d").tolist() == ["2020-01-03", "2020-01-07"]


def test_rows_without_any_price_are_counted(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,A,B\n2020-01-02,1,2\n2020-01-03,,\n2020-01-06,3,4\n")
    with pytest.warns(UserWarning, match="1 of 3 rows .* have no price of any of A, B and were"):
        assert len(load_price_table(["A", "B"], source=path, **ALL)) == 2


def test_a_younger_asset_shortens_the_history_and_says_so(wide):
    with pytest.warns(UserWarning, match="META lacks 1 before its first day 2020-01-03"):
        table = load_price_table(["AAPL", "META"], source=wide, accept=["lost-days"], **ALL)
    assert table["META"].tolist() == [30.0, 31.0, 32.0]


def test_many_lost_days_are_a_question(wide):
    with pytest.raises(ValueError, match="1 of 4 days .*MSFT lacks 1.*`--accept lost-days`"):
        load_price_table(["AAPL", "MSFT"], source=wide, **ALL)


def test_a_column_that_is_not_there_is_answered_with_those_that_are(wide):
    with pytest.raises(ValueError, match="named TSLA .*columns are: Date, AAPL, MSFT, META"):
        load_price_table(["AAPL", "TSLA"], source=wide, **ALL)


def test_a_bad_price_is_named_by_its_line(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,A,B\n2020-01-02,1,\n2020-01-03,2,-4\n")
    with pytest.raises(ValueError, match="price in line 3 .* must be above zero"):
        load_price_table(["A", "B"], source=path, **ALL)


def test_assets_without_a_shared_day_are_refused_with_their_spans(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,A,B\n2020-01-02,1,\n2020-01-03,,2\n")
    with pytest.raises(ValueError, match="no day .* A 2020-01-02 to 2020-01-02, B 2020-01-03 to"):
        load_price_table(["A", "B"], source=path, **ALL)


@pytest.mark.parametrize("tickers", [[], ["A", "a"], ["A", " "]])
def test_each_asset_is_named_once(tickers):
    with pytest.raises(ValueError, match="`tickers` must name each asset once"):
        load_price_table(tickers, source="bundled")


def test_a_parquet_file_holds_several_assets_too(tmp_path, wide):
    table = pd.read_csv(wide, parse_dates=["Date"]).set_index("Date")
    table.to_parquet(tmp_path / "prices.parquet")
    path, accept = tmp_path / "prices.parquet", ["lost-days"]
    with pytest.warns(UserWarning, match="1 of 4 days"):
        found = load_price_table(["AAPL", "MSFT"], source=path, accept=accept, **ALL)
    assert found["MSFT"].tolist() == [20.0, 21.0, 23.0]


def test_the_two_bundled_indices_are_correlated_as_pandas_says():
    table = load_price_table(["^GSPC", "^IXIC"], source="bundled")
    assert table.shape == (4779, 2)
    alone = load_prices("^IXIC", source="bundled")
    np.testing.assert_array_equal(table["^IXIC"], alone)
    assert 0.8 < np.log(table).diff().corr().iloc[0, 1] < 0.9
