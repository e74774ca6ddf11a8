"""Prices from files, from the bundled S&P 500, and from a stand-in for yfinance."""

import logging
import sys
import types

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import load_prices

DAYS = pd.DatetimeIndex(
    ["2000-01-03", "2000-01-04", "2000-01-05", "2000-01-06"], dtype="datetime64[us]", name="date"
)
CLOSES = [1455.219970703125, 1399.4200439453125, 1402.1099853515625, 1403.449951171875]
EXPECTED = pd.Series(CLOSES, index=DAYS, name="close")
TABLE = pd.DataFrame({"Date": DAYS, "Close": CLOSES})
ALL = {"start": None, "end": None}


@pytest.fixture
def csv(tmp_path):
    def write(text):
        path = tmp_path / "prices.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def parquet(tmp_path):
    def write(table):
        path = tmp_path / "prices.parquet"
        table.to_parquet(path)
        return path

    return write


@pytest.fixture
def yahoo(monkeypatch, tmp_path):
    """A module that answers as yfinance does, and notes what it was asked."""
    module = types.ModuleType("yfinance")
    module.asked = []
    module.complaint = module.error = None
    # One ticker with two column levels, as yfinance 1 answers by default; dates are naive.
    module.answer = pd.DataFrame(
        {("Close", "^GSPC"): CLOSES, ("Volume", "^GSPC"): [1, 2, 3, 4]},
        index=DAYS.rename("Date"),
    ).rename_axis(columns=["Price", "Ticker"])

    def download(tickers, **arguments):
        module.asked.append((tickers, arguments))
        if module.complaint:
            logging.getLogger("yfinance").error(module.complaint)
        if module.error:
            raise module.error
        return module.answer

    module.download = download
    monkeypatch.setitem(sys.modules, "yfinance", module)
    monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path / "cache"))
    return module


def kept_files(tmp_path):
    return sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file())


# Files


@pytest.mark.parametrize(
    "text",
    [
        TABLE.to_csv(index=False),
        EXPECTED.to_csv(),
        EXPECTED.rename_axis(None).to_csv(),
        "\ufeff" + TABLE.to_csv(index=False),
        TABLE.rename(columns={"Date": " TIMESTAMP", "Close": "price "}).to_csv(index=False),
        TABLE.rename(columns={"Close": "Adj Close"}).assign(Close=1.0).to_csv(index=False),
        TABLE.rename(columns={"Close": "Adj Close"}).assign(Open=1.0).to_csv(index=False),
        TABLE.assign(Date=DAYS.tz_localize("America/New_York")).to_csv(index=False),
        TABLE.to_csv(index=False) + "\n\n",
    ],
    ids=["plain", "index", "nameless", "mark", "names", "both", "adjusted", "zone", "blank lines"],
)
def test_a_csv_gives_exactly_the_closes_it_holds(csv, text):
    pd.testing.assert_series_equal(load_prices(source=csv(text), **ALL), EXPECTED)


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        EXPECTED.to_frame(),
        EXPECTED.rename_axis(None).to_frame(),
        TABLE.assign(Date=DAYS.date),
        TABLE.assign(Date=DAYS.tz_localize("Asia/Tokyo")),
        TABLE.assign(Date=DAYS.astype(str), Close=np.array(CLOSES, np.float32)),
    ],
    ids=["plain", "index", "nameless", "dates", "zone", "text"],
)
def test_a_parquet_file_gives_exactly_the_closes_it_holds(parquet, table):
    pd.testing.assert_series_equal(load_prices(source=parquet(table), **ALL), EXPECTED)


def test_every_digit_of_a_price_survives(csv):
    prices = np.random.default_rng(0).lognormal(5.0, 3.0, size=500)
    table = pd.DataFrame({"Date": pd.date_range("2001-01-01", periods=500), "Close": prices})
    np.testing.assert_array_equal(
        load_prices(source=csv(table.to_csv(index=False)), **ALL).to_numpy(), prices
    )


def test_start_and_end_are_both_included(csv):
    path = csv(TABLE.to_csv(index=False))
    closes = load_prices(start="2000-01-04", end="2000-01-05", source=path)
    pd.testing.assert_series_equal(closes, EXPECTED.iloc[1:3])


def test_a_price_late_on_the_last_day_is_included(csv):
    path = csv("Datetime,Close\n2000-01-03T16:00:00-05:00,1.0\n2000-01-04T16:00:00-05:00,2.0\n")
    closes = load_prices(end="2000-01-04", source=path)
    assert closes.index[-1] == pd.Timestamp("2000-01-04 16:00")
    np.testing.assert_array_equal(closes, [1.0, 2.0])


def test_dates_may_be_given_as_dates(csv):
    path = csv(TABLE.to_csv(index=False))
    closes = load_prices(start=DAYS[1].date(), end=DAYS[2], source=path)
    pd.testing.assert_series_equal(closes, EXPECTED.iloc[1:3])


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2000-01-05,abc", r"line 4 of .*prices\.csv is not a number: 'abc'"),
        ('2000-01-05,"1,40.2"', r"line 4 of .*prices\.csv is not a number: '1,40.2'"),
        ("2000-01-05,0", r"line 4 of .*prices\.csv must be above zero.*Received: 0"),
        ("2000-01-05,-3.5", r"line 4 of .*prices\.csv must be above zero.*Received: -3\.5"),
        ("2000-01-05,inf", r"line 4 of .*prices\.csv must be above zero and finite.*inf"),
        ("soon,3", r"date in line 4 of .*prices\.csv cannot be read: 'soon'"),
        ("2000-02-30,3", "date in line 4 .*cannot be read: '2000-02-30'"),
        ("05/01/2000,3", "date in line 4 .*cannot be read: '05/01/2000'"),
        (",3", "date in line 4 .*cannot be read: ''"),
        ("2000-01-04,3", r"2000-01-04 in line 4 of .*prices\.csv is repeated"),
        ("1999-12-31,3", r"1999-12-31 in line 4 of .*prices\.csv is before the one above"),
        ("2000-01-05,3,4", r"prices\.csv is not a table.*line 4"),
    ],
)
def test_a_bad_row_is_named_by_its_line(csv, row, sentence):
    path = csv(f"Date,Close\n2000-01-03,1\n2000-01-04,2\n{row}\n2000-01-06,4\n")
    with pytest.raises(ValueError, match=sentence) as caught:
        load_prices(source=path)
    assert "\n" not in str(caught.value)


def test_blank_lines_count_as_lines(csv):
    path = csv("Date,Close\n2000-01-03,1\n\n\n2000-01-04,-2\n")
    with pytest.raises(ValueError, match="line 5 of"):
        load_prices(source=path)


def test_rows_with_a_thousands_comma_are_not_cut(csv):
    path = csv("Date,Close\n2000-01-03,1,455.2\n2000-01-04,1,399.4\n")
    with pytest.raises(ValueError, match="as many fields in each line"):
        load_prices(source=path)


@pytest.mark.parametrize("row", ["2000-01-05,", "2000-01-05,NaN", "2000-01-05", "2000-01-05,#N/A"])
def test_a_row_without_a_price_is_left_out_with_a_warning(csv, row):
    path = csv(f"Date,Close\n2000-01-03,1\n2000-01-04,2\n{row}\n2000-01-06,4\n")
    with pytest.warns(UserWarning, match="1 of 4 rows .* have no price of prices and were left"):
        assert load_prices(source=path).tolist() == [1.0, 2.0, 4.0]


def test_a_bad_row_of_a_parquet_file_is_named(parquet):
    path = parquet(TABLE.assign(Close=[1.0, -1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match=r"row 2 of .*prices\.parquet must be above zero"):
        load_prices(source=path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("Date,Close\n", "holds no rows"),
        ("Date,Open,Volume\n2000-01-03,1,2\n", "price column.*columns are: Date, Open, Volume"),
        ("What,Close\nfirst,1\n", "date column.*columns are: What, Close"),
        ("Date^Close\n2000-01-03^1\n", r"columns are: Date\^Close"),
    ],
)
def test_a_file_without_such_a_table_is_refused(csv, text, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        load_prices(source=csv(text))
    assert "prices.csv" in str(caught.value)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.95])
def test_a_truncated_parquet_file_is_called_so(parquet, part):
    path = parquet(TABLE)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(ValueError, match=r"prices\.parquet is not a whole Parquet file"):
        load_prices(source=path)


def test_a_csv_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(b"Date,Close\n\x00\x01\x02")
    with pytest.raises(ValueError, match=r"prices\.csv is not a text file"):
        load_prices(source=path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.csv"):
        load_prices(source=tmp_path / "nothing.csv")


@pytest.mark.parametrize("source", ["prices.doc", "yaho"])
def test_another_kind_of_source_is_refused(source):
    with pytest.raises(ValueError, match=f'"yahoo", "bundled".*source=.{source}'):
        load_prices(source=source)


def test_parquet_without_pyarrow_names_the_cure(parquet, monkeypatch):
    path = parquet(TABLE)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install 'keras-wgan\[parquet\]'"):
        load_prices(source=path)


# Arguments


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"start": "first"}, "`start` must be a day.*start='first'"),
        ({"end": "2000-13-01"}, "`end` must be a day.*2000-13-01"),
        ({"start": "2001-01-01", "end": "2000-01-01"}, "`start` must not lie after `end`"),
        ({"start": "2010-01-01"}, "2000-01-03 to 2000-01-06.*start=2010-01-01, end=None"),
        ({"start": None, "end": "1999-01-01"}, "start=None, end=1999-01-01"),
    ],
)
def test_dates_that_select_nothing_are_refused(csv, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        load_prices(source=csv(TABLE.to_csv(index=False)), **arguments)


# Bundled


def test_the_bundled_closes_are_those_of_the_sp500():
    closes = load_prices(start="2000-01-03", end="2000-01-06", source="bundled")
    pd.testing.assert_series_equal(closes, EXPECTED, rtol=1e-8)


def test_the_bundled_closes_span_1999_to_2018():
    closes = load_prices(source="bundled", **ALL)
    assert len(closes) == 5031
    assert list(closes.index[[0, -1]]) == [pd.Timestamp("1999-01-04"), pd.Timestamp("2018-12-31")]
    assert load_prices(source="bundled").index[-1] == pd.Timestamp("2018-12-31")


def test_the_bundled_closes_are_of_one_ticker():
    with pytest.raises(ValueError, match=r"\^GSPC.*ticker='AAPL'"):
        load_prices("AAPL", source="bundled")


def test_the_bundled_closes_end_in_2018():
    with pytest.raises(ValueError, match="1999-01-04 to 2018-12-31"):
        load_prices(start="2020-01-01", source="bundled")


def test_bundled_without_arch_names_the_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "arch.data", None)
    with pytest.raises(ImportError, match="pip install arch"):
        load_prices(source="bundled")


# Yahoo Finance


def test_yahoo_closes_are_those_of_the_answer(yahoo):
    pd.testing.assert_series_equal(load_prices(), EXPECTED)


def test_yahoo_answers_with_one_level_of_columns_are_read_too(yahoo):
    yahoo.answer = yahoo.answer.droplevel("Ticker", axis=1)
    pd.testing.assert_series_equal(load_prices(), EXPECTED)


def test_yahoo_is_asked_for_one_day_more_because_it_leaves_the_end_out(yahoo):
    load_prices("^GSPC", "2000-01-01", "2023-12-31")
    [(ticker, arguments)] = yahoo.asked
    assert ticker == "^GSPC"
    assert (arguments["start"], arguments["end"]) == ("2000-01-01", "2024-01-01")
    assert (arguments["period"], arguments["auto_adjust"]) == (None, True)


def test_yahoo_is_asked_for_all_there_is_without_a_start(yahoo):
    load_prices(**ALL)
    [(_, arguments)] = yahoo.asked
    assert (arguments["start"], arguments["period"]) == (None, "max")


@pytest.mark.parametrize("arguments", [{}, ALL])
def test_yahoo_is_asked_up_to_yesterday_without_an_end(yahoo, arguments):
    load_prices(**arguments)
    [(_, asked)] = yahoo.asked  # which leaves the end out
    assert asked["end"] == f"{pd.Timestamp.now('UTC'):%Y-%m-%d}"


def test_a_second_call_reads_the_cache_and_gets_the_same(yahoo):
    first = load_prices()
    yahoo.answer = None
    pd.testing.assert_series_equal(load_prices(), first)
    assert len(yahoo.asked) == 1


@pytest.mark.parametrize(
    "other", [{"ticker": "AAPL"}, {"start": "2000-01-02"}, {"end": "2001-12-31"}]
)
def test_the_cache_tells_tickers_and_dates_apart(yahoo, other):
    load_prices()
    load_prices(**other)
    assert len(yahoo.asked) == 2


def test_an_answer_that_will_grow_is_not_kept(yahoo, tmp_path):
    load_prices(end="2999-12-31")
    assert kept_files(tmp_path) == []


@pytest.mark.parametrize("damage", ["cut", "emptied", "changed", "bytes"])
def test_a_damaged_cache_file_is_downloaded_again(yahoo, tmp_path, damage):
    expected = load_prices()
    [path] = kept_files(tmp_path)
    content = path.read_bytes()
    path.write_bytes(
        {
            "cut": content[: content.index(b"1402.1")],
            "emptied": b"",
            "changed": content.replace(b"1402", b"1502"),
            "bytes": b"\xff" + content,
        }[damage]
    )
    pd.testing.assert_series_equal(load_prices(), expected)
    assert len(yahoo.asked) == 2
    assert path.read_bytes() == content


def test_the_cache_is_never_half_written(yahoo, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.warns(UserWarning, match="could not be cached.*disk full"):
        closes = load_prices()
    pd.testing.assert_series_equal(closes, EXPECTED)
    assert kept_files(tmp_path) == []


@pytest.mark.parametrize("answer", [None, pd.DataFrame({"Close": []}, index=DAYS[:0])])
def test_an_empty_answer_is_an_error_and_not_kept(yahoo, tmp_path, answer):
    yahoo.answer = answer
    yahoo.complaint = "['NOPE']: possibly delisted; no price data found"
    with pytest.raises(ValueError, match=r"no prices.*ticker='NOPE'.*bundled.*delisted"):
        load_prices("NOPE")
    assert kept_files(tmp_path) == []


def test_without_a_network_the_offline_sources_are_named(yahoo):
    yahoo.answer = yahoo.answer.iloc[:0]
    yahoo.complaint = "['^GSPC']: DNSError('Could not resolve host')"
    with pytest.raises(ConnectionError, match=r'source="bundled".*path.*resolve host'):
        load_prices()


def test_an_error_of_the_download_names_the_offline_sources(yahoo):
    yahoo.error = RuntimeError("Too Many Requests")
    with pytest.raises(ConnectionError, match=r"Too Many Requests.*source=\"bundled\""):
        load_prices()


def test_a_bad_price_from_yahoo_is_named_by_its_date(yahoo, tmp_path):
    yahoo.answer.iloc[2, 0] = 0.0
    with pytest.raises(ValueError, match=r"2000-01-05 of Yahoo Finance's answer for '\^GSPC'"):
        load_prices()
    assert kept_files(tmp_path) == []


def test_an_answer_without_closes_lists_its_columns(yahoo):
    yahoo.answer = yahoo.answer[["Volume"]]
    with pytest.raises(ValueError, match=r"no column Close.*Volume"):
        load_prices()


@pytest.mark.parametrize("ticker", ["", "AAPL MSFT", "AAPL,MSFT"])
def test_yahoo_is_asked_for_one_ticker(yahoo, ticker):
    with pytest.raises(ValueError, match="one symbol"):
        load_prices(ticker)


def test_a_ticker_cannot_leave_the_cache_folder(yahoo, tmp_path):
    load_prices("../../up")
    [path] = kept_files(tmp_path)
    assert path.parent == tmp_path / "cache" / "yahoo"


def test_yahoo_without_yfinance_names_the_cure(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "yfinance", None)
    monkeypatch.setenv("KERAS_WGAN_CACHE", str(tmp_path))
    with pytest.raises(ImportError, match="pip install yfinance"):
        load_prices()
