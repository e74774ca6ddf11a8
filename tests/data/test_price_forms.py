"""Files of prices in the forms of many vendors and spreadsheets, one small file each."""

import bz2
import gzip
import io
import json
import lzma
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from keras_wgan.data import PriceFormat, load_price_table, load_prices
from keras_wgan.data.price_files import name_of_file, read_price_file
from keras_wgan.data.price_period import Period

ALL = {"start": None, "end": None}
DAYS = pd.DatetimeIndex(
    ["2018-01-19", "2018-01-22", "2018-01-23", "2018-01-24"], dtype="datetime64[us]", name="date"
)
CLOSES = [2810.30, 2832.97, 2839.13, 2837.54]
PAIRS = list(zip(DAYS, CLOSES, strict=True))
YFINANCE = """Price,Close,High,Low,Open,Volume
Ticker,AAPL,AAPL,AAPL,AAPL,AAPL
Date,,,,,
2018-01-19,2810.30,9,1,2,100
2018-01-22,2832.97,9,1,2,100
2018-01-23,2839.13,9,1,2,100
2018-01-24,2837.54,9,1,2,100
"""
INVESTING = """\ufeff"Date","Price","Open","High","Low","Vol.","Change %"
"01/24/2018","2,837.54","2,845.42","2,852.97","2,824.81","1.2M","-0.06%"
"01/23/2018","2,839.13","2,835.05","2,842.24","2,830.59","1.2M","0.22%"
"01/22/2018","2,832.97","2,809.16","2,833.03","2,808.12","","0.81%"
"01/19/2018","2,810.30","2,802.60","2,810.33","2,798.08","","0.44%"
"""
NASDAQ = """Date,Close/Last,Volume,Open,High,Low
01/24/2018,$2837.54,100,$1.00,$9.00,$0.50
01/23/2018,$2839.13,100,$1.00,$9.00,$0.50
01/22/2018,$2832.97,100,$1.00,$9.00,$0.50
01/19/2018,$2810.30,100,$1.00,$9.00,$0.50
"""
METATRADER = (
    "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
    "2018.01.19\t1\t9\t0.5\t2810.30\t5\t0\t1\n2018.01.22\t1\t9\t0.5\t2832.97\t5\t0\t1\n"
    "2018.01.23\t1\t9\t0.5\t2839.13\t5\t0\t1\n2018.01.24\t1\t9\t0.5\t2837.54\t5\t0\t1\n"
)
GERMAN = """Datum;Eröffnung;Hoch;Tief;Schlusskurs;Stücke
24.01.2018;2.845,42;2.852,97;2.824,81;2.837,54;1.200
23.01.2018;2.835,05;2.842,24;2.830,59;2.839,13;1.200
22.01.2018;2.809,16;2.833,03;2.808,12;2.832,97;1.200
19.01.2018;2.802,60;2.810,33;2.798,08;2.810,30;1.200
"""
POLISH = """Data;Otwarcie;Najwyższy;Najniższy;Zamknięcie;Wolumen
2018-01-19;1;9;0,5;2810,30;100
2018-01-22;1;9;0,5;2832,97;100
2018-01-23;1;9;0,5;2839,13;100
2018-01-24;1;9;0,5;2837,54;100
"""
STOOQ = """<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
AAPL.US,D,20180119,000000,1,9,0.5,2810.30,100,0
AAPL.US,D,20180122,000000,1,9,0.5,2832.97,100,0
AAPL.US,D,20180123,000000,1,9,0.5,2839.13,100,0
AAPL.US,D,20180124,000000,1,9,0.5,2837.54,100,0
"""
BLOOMBERG = """Security,SPX Index,,
Start Date,1/19/2018,,
End Date,1/24/2018,,
Period,D,,

Date,PX_LAST,PX_VOLUME,PX_OPEN
1/19/2018,2810.30,#N/A N/A,1
1/22/2018,2832.97,#N/A N/A,1
1/23/2018,2839.13,5,1
1/24/2018,2837.54,5,1
"""
COINGECKO = """snapped_at,price,market_cap,total_volume
2018-01-19 00:00:00 UTC,2810.30,1.5e12,2.5
2018-01-22 00:00:00 UTC,2832.97,1.5e12,2.5
2018-01-23 00:00:00 UTC,2839.13,1.5e12,2.5
2018-01-24 00:00:00 UTC,2837.54,1.5e12,2.5
"""
ALPHA_VANTAGE = """timestamp,open,high,low,close,adjusted_close,volume,dividend_amount
2018-01-24,1,9,0.5,9.0,2837.54,100,0.0
2018-01-23,1,9,0.5,9.0,2839.13,100,0.0
2018-01-22,1,9,0.5,9.0,2832.97,100,0.0
2018-01-19,1,9,0.5,9.0,2810.30,100,0.0
"""
ECB = """KEY,FREQ,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE,OBS_STATUS
EXR.D.USD,D,USD,EUR,2018-01-24,2837.54,A
EXR.D.USD,D,USD,EUR,2018-01-23,2839.13,A
EXR.D.USD,D,USD,EUR,2018-01-22,2832.97,A
EXR.D.USD,D,USD,EUR,2018-01-19,2810.30,A
"""
QUANDL = """Date,Open,High,Low,Last,Change,Settle,Volume,Previous Day Open Interest
2018-01-19,1,9,0.5,7.0,,2810.30,100,5
2018-01-22,1,9,0.5,7.0,,2832.97,100,5
2018-01-23,1,9,0.5,7.0,,2839.13,100,5
2018-01-24,1,9,0.5,7.0,,2837.54,100,5
"""
CRYPTO_DATA = """https://www.CryptoDataDownload.com
unix,date,symbol,open,high,low,close,Volume BTC,Volume USD
1516752000,2018-01-24 00:00:00,BTC/USD,1,9,0.5,2837.54,3.5,4.5
1516665600,2018-01-23 00:00:00,BTC/USD,1,9,0.5,2839.13,3.5,4.5
1516579200,2018-01-22 00:00:00,BTC/USD,1,9,0.5,2832.97,3.5,4.5
1516320000,2018-01-19 00:00:00,BTC/USD,1,9,0.5,2810.30,3.5,4.5
"""
EURONEXT = """Historical Data
From 2018-01-19 to 2018-01-24
FR0003500008
Date;Open;High;Low;Last;Close;Number of Shares
19/01/2018;1;9;0.5;7;2810.30;100
22/01/2018;1;9;0.5;7;2832.97;100
23/01/2018;1;9;0.5;7;2839.13;100
24/01/2018;1;9;0.5;7;2837.54;100
"""


def lines(header, separator=",", dates="%Y-%m-%d", price="{:.2f}".format):
    """Returns a file of dates and closes, written in the given forms."""
    rows = [f"{day.strftime(dates)}{separator}{price(close)}" for day, close in PAIRS]
    return "\n".join([header, *rows]) + "\n"


def counted(unit):
    """Returns a writer of dates as numbers since 1970."""
    return "\n".join(
        ["time,close"]
        + [
            f"{int((day - pd.Timestamp(0)) / pd.Timedelta(1, unit))},{close}"
            for day, close in PAIRS
        ]
    )


FORMS = {
    "yfinance": YFINANCE,
    "yfinance flattened": lines("Date,Close_AAPL"),
    "yfinance flattened with others": "Date,Close_AAPL,High_AAPL,Volume_AAPL\n"
    + "".join(f"{day:%Y-%m-%d},{close},1,2\n" for day, close in PAIRS),
    "names of pandas": lines("Date,\"('Close', 'AAPL')\""),
    "investing": INVESTING,
    "investing with words": lines(
        '"Date","Price"', dates='"%b %d, %Y"', price=lambda close: f'"{close:,.2f}"'
    ),
    "nasdaq": NASDAQ,
    "fred": lines("observation_date,SP500"),
    "fred of old": lines("DATE,SP500"),
    "alpha vantage": ALPHA_VANTAGE,
    "alpha vantage with numbers": lines("timestamp,4. close"),
    "ecb": ECB,
    "ecb portal": lines("DATE,US dollar/Euro (EXR.D.USD.EUR.SP00.A)"),
    "coingecko": COINGECKO,
    "seconds": counted("s"),
    "milliseconds": counted("ms"),
    "metatrader": METATRADER,
    "bloomberg": BLOOMBERG,
    "german": GERMAN,
    "polish": POLISH,
    "stooq bulk": STOOQ,
    "quandl": QUANDL,
    "crypto data": CRYPTO_DATA,
    "euronext": EURONEXT,
    "tiingo": "date,close,adjClose,divCash\n"
    + "".join(f"{day:%Y-%m-%d}T00:00:00.000Z,7,{close},0\n" for day, close in PAIRS),
    "eod": lines("Date,Adjusted_close"),
    "r": lines('"","AAPL.Adjusted"', dates='"%Y-%m-%d"'),
    "r without the index": lines("AAPL.Adjusted", separator=" ", dates='"%Y-%m-%d"'),
    "refinitiv": lines("Exchange Date,Close", dates="%d-%b-%Y"),
    "datastream": "Name,S&P 500\nCode,S&PCOMP\n" + lines("", dates="%d/%m/%Y").lstrip("\n"),
    "crsp": lines("PERMNO,date,PRC", dates="14593,%Y%m%d"),
    "kraken": "".join(f"{int(day.timestamp())},1,9999,0.5,{close},5,3\n" for day, close in PAIRS),
    "two columns without a header": lines("").lstrip("\n"),
    "histdata": "".join(f"{day:%Y%m%d} 000000;1;9999;0.5;{close};0\n" for day, close in PAIRS),
    "units below the header": lines("Date,Close\nYYYY-MM-DD,USD"),
    "tabs": lines("Date\tClose", "\t"),
    "pipes": lines("Date|Close", "|"),
    "white space": lines("Date Close", "   "),
    "semicolons with a point": lines("Date;Close", ";"),
    "hint for excel": "sep=;\n" + lines("Date;Close", ";"),
    "swiss": lines("Datum;Kurs", ";", "%d.%m.%Y", lambda close: f"{close:,.2f}".replace(",", "'")),
    "french": lines(
        "Date;Clôture",
        ";",
        "%d/%m/%Y",
        lambda close: f"{close:,.2f}".replace(",", "\u202f").replace(".", ","),
    ),
    "indian": "Date,Close Price\n" + lines("", dates="%d-%b-%y").lstrip("\n"),
    "currency codes": lines("Date,Close", price=lambda close: f"USD {close:.2f}"),
    "currency after": lines("Datum;Kurs", ";", price=lambda close: f"{close:.2f} €"),
    "excel numbers": lines("Date,Close", dates="")
    .replace("\n,", "\n43119,", 1)
    .replace("\n,", "\n43122,", 1)
    .replace("\n,", "\n43123,", 1)
    .replace("\n,", "\n43124,", 1),
    "google finance": lines("Date,Close", dates="%m/%d/%Y 16:00:00"),
    "a half of the day": lines("Date,Close", dates="%m/%d/%Y 4:00 PM"),
    "time in a column": lines("Date,Time,Close", dates="%Y.%m.%d,16:00"),
    "weekdays": lines("Date;Close", ";", "%a, %d %b %Y"),
    "german months": lines("Datum;Kurs", ";", "%d. Januar %Y"),
    "japanese": lines("日付,終値", dates="%Y年%m月%d日"),
    "commas at the ends": lines("Date,Close,", price="{:.2f},".format),
    "commas at the ends of rows": lines("Date,Close", price="{:.2f},".format),
    "preamble and footer": "S&P 500\nAll prices, in USD, at the close\n\n"
    + lines("Date,Close")
    + "\n\nSource: an exchange, of course, and others\n",
    "footer in a field": lines("Date,Close") + "Total,1\n",
    "offsets": lines("Date,Close", dates="%Y-%m-%d 00:00:00-05:00"),
    "settlement": lines("Trade Date,Settlement Price"),
    "carriage returns": lines("Date,Close").replace("\n", "\r\n"),
    "old mac": lines("Date,Close").replace("\n", "\r"),
    "quotes": lines('"Date", "Close"', '", "', '"%Y-%m-%d', '{:.2f}"'.format),
    "null words": lines("Date,Close,Volume", price="{:.2f},null".format),
    "count of rows": "".join(
        [",Date,Close\n"]
        + [f"{row},{day:%Y-%m-%d},{close}\n" for row, (day, close) in enumerate(PAIRS)]
    ),
    "barchart": "Time,Open,Latest\n"
    + "".join(f"{day:%m/%d/%Y},1,{close:.2f}\n" for day, close in reversed(PAIRS))
    + '"Downloaded from Barchart.com as of 01-24-2018 04:00pm CST"\n',
    "norgate": "Date,Close,Turnover,Unadjusted Close\n"
    + "".join(f"{day:%Y%m%d},{close:.2f},5,9000\n" for day, close in PAIRS),
    "ishares": 'A Fund\n"Fund Holdings as of","Jan 24, 2018"\n\nAs Of,NAV per Share,Ex-Dividends\n'
    + "".join(f'"{day:%b %d, %Y}","{close:.2f}","--"\n' for day, close in reversed(PAIRS)),
    "bundesbank": ";BBEX3.D.USD;BBEX3.D.USD_FLAGS\n;Kurs des Dollars;\nEinheit;USD;\n"
    + "Stand vom;24.01.2018 16:00;\n"
    + "".join(f"{day:%Y-%m-%d};{close:.2f};\n" for day, close in PAIRS).replace(".", ",")
    + "Kommentar: Quelle EZB;;\n",
    "bank of england": lines("Date,XUDLUSS", dates="%d %b %y"),
    "databento": lines("ts_event,rtype,close", dates="%Y-%m-%dT00:00:00.000000000Z,35"),
    "polygon": "ticker,volume,close,high,window_start\n"
    + "".join(
        f"AAPL,100,{close:.2f},9999,{int(day.timestamp())}000000000\n" for day, close in PAIRS
    ),
    "sas": lines("DATE,SPX", dates="%d%b%Y"),
    "amibroker": lines("Ticker,Date/Time,Close", dates="SPX,%m/%d/%Y"),
    "russian": '"\u0414\u0430\u0442\u0430","\u0426\u0435\u043d\u0430"\n'
    + lines(
        "", dates='"%d.%m.%Y"', price=lambda close: f'"{close:.2f}"'.replace(".", ",")
    ).lstrip(),
    "chinese": lines("日期,收盘价(元)"),
    "two lines of a name": lines('Date,"Close\n(USD)"'),
    "msci": "Index Level\n\nDate,WORLD Standard (Large+Mid Cap)\n"
    + lines("", dates='"%b %d, %Y"', price=lambda close: f'"{close:,.3f}"').lstrip("\n")
    + "\nCopyright MSCI, all rights reserved, and more\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_this_form_is_read_without_options(tmp_path, form):
    path = tmp_path / "prices.csv"
    path.write_text(FORMS[form], encoding="utf-8", newline="")
    closes = load_prices(source=path, **ALL)
    np.testing.assert_allclose(closes, CLOSES, rtol=0, atol=1e-9)
    assert list(closes.index.normalize()) == list(DAYS)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("prices.csv.gz", gzip.compress),
        ("prices.csv.bz2", bz2.compress),
        ("prices.csv.xz", lzma.compress),
        ("prices.txt", bytes),
        ("prices.tsv", bytes),
        ("prices.data", bytes),
        ("prices.csv", lambda content: content.decode().encode("utf-16")),
        ("prices.csv", lambda content: content.decode().encode("utf-16-le")),
        ("prices.csv", lambda content: content.decode().encode("utf-8-sig")),
    ],
)
def test_packed_and_encoded_files_are_read_and_called_by_their_name(tmp_path, name, pack):
    path = tmp_path / name
    path.write_bytes(pack(FORMS["tiingo"].encode()))
    table = read_price_file(path, None, Period(None, None), PriceFormat())
    np.testing.assert_allclose(table.prices[name_of_file(path)], CLOSES, rtol=0, atol=1e-9)
    assert table.adjusted is True and table.columns == ("adjClose",)


def test_a_zip_file_of_one_file_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "prices.zip", "w") as archive:
        archive.writestr("a.csv", FORMS["fred"])
    np.testing.assert_array_equal(load_prices(source=tmp_path / "prices.zip", **ALL), CLOSES)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1250"])
def test_a_file_of_a_western_or_polish_windows_is_read_with_a_note(tmp_path, encoding):
    path = tmp_path / "prices.csv"
    path.write_bytes((GERMAN if encoding != "cp1250" else POLISH).encode(encoding))
    table = read_price_file(path, None, Period(None, None), PriceFormat())
    np.testing.assert_allclose(table.prices["prices"], CLOSES, rtol=0, atol=1e-9)
    assert "Windows-1252" in table.notes[0]


def excel(path, sheets):
    """Writes lists of rows as the sheets of an Excel file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ROWS = [[day.to_pydatetime(), close] for day, close in PAIRS]


@pytest.mark.parametrize(
    "rows",
    [
        [["Date", "Close"], *ROWS],
        [["S&P 500"], [None], ["Date", "Close"], *ROWS, [None], ["Source: an exchange"]],
        [
            ["Datum", "Kurs"],
            *[[f"{day:%d.%m.%Y}", f"{close:.2f}".replace(".", ",")] for day, close in ROWS],
        ],
        [["Date", "Close"], *[[day.strftime("%Y%m%d"), close] for day, close in ROWS]],
        [["Date", "Close"], *[[int(day.strftime("%Y%m%d")), close] for day, close in ROWS]],
        [["Date", "Close"], [43119, 2810.3], [43122, 2832.97], [43123, 2839.13], [43124, 2837.54]],
        [[None, "Close", "Open"], [None, "AAPL", "AAPL"], *[[*row, 1.0] for row in ROWS]],
    ],
    ids=["plain", "preamble", "german", "text", "numbers", "days of excel", "two rows"],
)
def test_an_excel_file_is_read(tmp_path, rows):
    closes = load_prices(source=excel(tmp_path / "prices.xlsx", {"Sheet1": rows}), **ALL)
    np.testing.assert_allclose(closes, CLOSES, rtol=0, atol=1e-9)
    assert list(closes.index) == list(DAYS)


def test_the_sheet_with_prices_is_found_or_named(tmp_path):
    table, read_me = [["Date", "Close"], *ROWS], [["Read this"], ["first"]]
    path = excel(tmp_path / "one.xlsx", {"About": read_me, "Prices": table})
    assert load_prices(source=path, **ALL).tolist() == CLOSES
    path = excel(tmp_path / "two.xlsx", {"A": table, "B": [["Date", "Close"], [DAYS[0], 1.0]]})
    with pytest.raises(ValueError, match=r"two\.xlsx has prices in several sheets: A, B.*--sheet"):
        load_prices(source=path, **ALL)
    for sheet in ("B", "b", "2"):
        assert load_prices(source=path, price_format=PriceFormat(sheet=sheet), **ALL).tolist() == [
            1.0
        ]
    with pytest.raises(ValueError, match="no sheet 'C'. Its sheets are: A, B"):
        load_prices(source=path, price_format=PriceFormat(sheet="C"), **ALL)


def test_excel_without_openpyxl_names_the_cure(tmp_path, monkeypatch):
    path = excel(tmp_path / "prices.xlsx", {"A": [["Date", "Close"], *ROWS]})
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ImportError, match=r"pip install 'keras-wgan\[excel\]'"):
        load_prices(source=path, **ALL)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.95])
def test_a_truncated_excel_file_is_called_so(tmp_path, part):
    path = excel(tmp_path / "prices.xlsx", {"A": [["Date", "Close"], *ROWS]})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(ValueError, match=r"prices\.xlsx is not a whole Excel file"):
        load_prices(source=path, **ALL)


def test_a_truncated_compressed_file_is_called_so(tmp_path):
    path = tmp_path / "prices.csv.gz"
    path.write_bytes(gzip.compress(FORMS["fred"].encode())[:-9])
    with pytest.raises(ValueError, match=r"prices\.csv\.gz is not a whole compressed file"):
        load_prices(source=path, **ALL)


def seconds(day):
    """Returns the time that Unix counts."""
    return int(day.timestamp())


@pytest.mark.parametrize(
    "content",
    [
        [{"date": f"{day:%Y-%m-%d}", "close": close, "volume": 1} for day, close in PAIRS],
        {
            "status": "ok",
            "results": [
                {"t": seconds(day) * 1000, "o": 1, "h": 9, "l": 1, "c": close}
                for day, close in PAIRS
            ],
        },
        {
            "prices": [[seconds(day) * 1000, close] for day, close in PAIRS],
            "total_volumes": [[0, 1]] * 9,
        },
        {"chart": {"date": [f"{day:%Y-%m-%d}" for day in DAYS], "close": CLOSES}},
        {
            "Meta Data": {"1": "a"},
            "Time Series (Daily)": {
                f"{day:%Y-%m-%d}": {"1. open": "1", "4. close": str(close)}
                for day, close in reversed(PAIRS)
            },
        },
        {
            "observations": [
                {"realtime_start": "x", "date": f"{day:%Y-%m-%d}", "value": str(close)}
                for day, close in PAIRS
            ]
        },
    ],
    ids=["records", "letters", "coingecko", "columns", "alpha vantage", "fred"],
)
def test_an_answer_in_json_is_read(tmp_path, content):
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(content))
    closes = load_prices(source=path, **ALL)
    np.testing.assert_allclose(closes, CLOSES, rtol=0, atol=1e-9)
    assert list(closes.index) == list(DAYS)


@pytest.mark.parametrize("text", ["", "{", "3", "[1, 2]", "[" * 10**5, '{"a": {"b": []}}'])
def test_json_without_a_table_is_refused(tmp_path, text):
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"prices\.json "):
        load_prices(source=path, **ALL)


# Several assets

LONG = "date,ticker,price\n" + "".join(
    f"{day:%Y-%m-%d},{name},{close * factor}\n"
    for name, factor in (("AAPL", 1.0), ("MSFT", 2.0))
    for day, close in PAIRS
)
TWO = pd.DataFrame(
    {
        ("Close", "AAPL"): CLOSES,
        ("Close", "MSFT"): np.multiply(CLOSES, 2.0),
        ("Volume", "AAPL"): 1,
        ("Volume", "MSFT"): 2,
    },
    index=DAYS.rename("Date"),
).rename_axis(columns=["Price", "Ticker"])


def two_assets(path, form):
    """Writes two assets in a form."""
    flat = TWO.set_axis([f"{field}_{name}" for field, name in TWO.columns], axis=1)
    wide = TWO["Close"]
    {
        "long": lambda: path.write_text(LONG),
        "interleaved": lambda: path.write_text(
            LONG.splitlines()[0] + "\n" + "\n".join(sorted(LONG.splitlines()[1:], reverse=True))
        ),
        "two rows": lambda: TWO.to_csv(path),
        "by ticker": lambda: TWO.swaplevel(axis=1).sort_index(axis=1).to_csv(path),
        "flattened": lambda: flat.to_csv(path),
        "reversed names": lambda: flat.rename(
            columns=lambda name: ".".join(name.split("_")[::-1])
        ).to_csv(path),
        "wide": lambda: wide.to_csv(path),
        "excel": lambda: TWO.to_excel(path.with_suffix(".xlsx")),
        "parquet": lambda: TWO.to_parquet(path.with_suffix(".parquet")),
        "flat parquet": lambda: flat.to_parquet(path.with_suffix(".parquet")),
        "long parquet": lambda: pd.read_csv(io.StringIO(LONG)).to_parquet(
            path.with_suffix(".parquet")
        ),
    }[form]()
    return next(path.parent.iterdir())


@pytest.mark.parametrize(
    "form",
    [
        "long",
        "interleaved",
        "two rows",
        "by ticker",
        "flattened",
        "reversed names",
        "wide",
        "excel",
        "parquet",
        "flat parquet",
        "long parquet",
    ],
)
def test_two_assets_are_read_by_their_names_in_every_form(tmp_path, form):
    path = two_assets(tmp_path / "prices.csv", form)
    table = load_price_table(["MSFT", "AAPL"], source=path, **ALL)
    np.testing.assert_allclose(table["AAPL"], CLOSES, rtol=0, atol=1e-9)
    np.testing.assert_allclose(table["MSFT"], np.multiply(CLOSES, 2.0), rtol=0, atol=1e-9)
    assert list(table.index) == list(DAYS)
    assert load_prices("msft", source=path, **ALL).iloc[0] == pytest.approx(5620.60, abs=1e-9)
    with pytest.raises(ValueError, match="AAPL.*MSFT|MSFT.*AAPL"):
        load_prices(source=path, **ALL)
    with pytest.raises(ValueError, match="TSLA"):
        load_prices("TSLA", source=path, **ALL)


def test_the_only_asset_of_a_file_is_not_read_as_another(tmp_path):
    path = tmp_path / "aapl_us.txt"
    path.write_text(STOOQ)
    np.testing.assert_allclose(load_prices("AAPL", source=path, **ALL), CLOSES, atol=1e-9)
    with pytest.raises(ValueError, match="no asset TSLA. It holds: AAPL.US"):
        load_prices("TSLA", source=path, **ALL)


# Which column

ADJUSTED = ["Adj Close", "Adj. Close", "adjClose", "adjusted_close", "Adj_Close", "Adjusted Close"]


@pytest.mark.parametrize("name", [*ADJUSTED, "Adj Close**", "5. adjusted close", "closeadj"])
def test_an_adjusted_column_is_preferred_and_the_choice_is_said(tmp_path, name):
    path = tmp_path / "prices.csv"
    path.write_text(f"Date,Close,{name}\n2018-01-19,400,100\n2018-01-22,101,101\n")
    table = read_price_file(path, None, Period(None, None), PriceFormat())
    assert table.prices["prices"].tolist() == [100.0, 101.0]
    assert (table.columns, table.adjusted) == ((name,), True)
    table = read_price_file(path, None, Period(None, None), PriceFormat(price_column="close"))
    assert table.prices["prices"].tolist() == [400.0, 101.0]
    assert (table.columns, table.adjusted) == (("Close",), False)


def test_tickers_of_one_letter_are_no_prices_or_dates(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,T,C,V\n2018-01-19,1,2,3\n2018-01-22,4,5,6\n")
    with pytest.raises(ValueError, match="T, C, V"):
        load_prices(source=path, **ALL)
    assert load_prices("T", source=path, **ALL).tolist() == [1.0, 4.0]


# Options


@pytest.mark.parametrize(
    ("text", "options", "closes"),
    [
        ("Date,Close\n01/02/2018,1\n02/02/2018,2\n", {"date_format": "%d/%m/%Y"}, [1.0, 2.0]),
        ("Date;Close\n2018-01-19;1.234\n2018-01-22;1.235\n", {"decimal": ","}, [1234.0, 1235.0]),
        ("Date;Close\n2018-01-19;1.234\n2018-01-22;1.235\n", {"decimal": "."}, [1.234, 1.235]),
        ("Date^Close\n2018-01-19^1\n2018-01-22^2\n", {"separator": "^"}, [1.0, 2.0]),
        ("Date\tClose\n2018-01-19\t1\n2018-01-22\t2\n", {"separator": "tab"}, [1.0, 2.0]),
        (
            "Day,When,A,B\n1,2018-01-19,1,3\n2,2018-01-22,2,4\n",
            {"date_column": "when", "price_column": "B"},
            [3.0, 4.0],
        ),
        (
            "Day,When,A,B\n1,2018-01-19,1,3\n2,2018-01-22,2,4\n",
            {"date_column": "2", "price_column": "4"},
            [3.0, 4.0],
        ),
    ],
)
def test_options_decide_what_a_file_leaves_open(tmp_path, text, options, closes):
    path = tmp_path / "prices.csv"
    path.write_text(text)
    price_format = PriceFormat(**options)
    assert load_prices(source=path, price_format=price_format, **ALL).tolist() == closes
    assert PriceFormat.from_config(price_format.to_config()) == price_format


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Date,Close\n01/02/2018,1\n02/02/2018,2\n",
            r"'01/02/2018' in line 2.*`--date-format %d/%m/%Y` or `--date-format %m/%d/%Y`",
        ),
        ("Date,Close\n20-01-03,1\n20-01-06,2\n", "--date-format %d-%m-%y.*--date-format %y-%m-%d"),
        ("Date;Close\n2018-01-19;1.234\n2018-01-22;1.235\n", "`--decimal .` or `--decimal ,`"),
        ('Date,Close\n2018-01-19,"1,234"\n2018-01-22,"1,235"\n', "'1,234' in line 2.*--decimal"),
        ("Date,Close,\n2018-01-19,2510,89\n2018-01-22,2511,05\n", "line 2 .*'2510,89', or two"),
        ("Date,Close\n2018-01-19,2510,89\n2018-01-22,2511,05\n", "line 2 has 3 fields instead of"),
        ("Date,Close,Volume\n2018-01-19,2510,89\n2018-01-22,2511,05\n", "line 2 .*'2510,89'"),
        (",Close\n1000,2510.8\n1001,2511.1\n1002,2512\n", "must have a date column"),
        ("Date,Close,Close\n2018-01-19,1,2\n", "2 columns could be it: Close, Close"),
        ("Date,Close\n2018-01-19,$1\n2018-01-22,€2\n", "line 3 .* in another unit"),
        ("Date,Close\n2018-01-19,1%\n2018-01-22,2\n", "line 3 .* in another unit"),
        (
            "Date,Close\n2020-04-17,18.27\n2020-04-20,-37.63\n",
            "line 3 .* above zero.*`--start` and `--end`, take another series, or give `--returns`",
        ),
        (
            "Date,Close\n2018-01-19,1\n2018-01-22,2\nDate,Close\n2018-01-19,1\n2018-01-22,2\n",
            "line 4 .*cannot be read: 'Date'",
        ),
        (
            "Date,Close\n2018-01-24,1\n2018-01-23,2\n2018-01-25,3\n2018-01-22,4\n",
            "2018-01-25 in line 4 .* is after the one above it",
        ),
        ("Date,Close,Ticker\n2018-01-19,1,A\n2018-01-19,2,A\n", "2018-01-19 in line 3 .*repeated"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_option_to_give(tmp_path, text, sentence):
    path = tmp_path / "prices.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=sentence):
        load_prices(source=path, **ALL)


def test_a_column_named_by_the_user_is_labeled_by_the_ticker(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("observation_date,SP500\n2018-01-19,1\n2018-01-22,2\n")
    with pytest.raises(ValueError, match=r"named \^GSPC.*SP500.*--price-column"):
        load_price_table(["^GSPC"], source=path, **ALL)
    price_format = PriceFormat(price_column="sp500")
    table = load_price_table(["^GSPC"], source=path, price_format=price_format, **ALL)
    assert table["^GSPC"].tolist() == [1.0, 2.0]


def test_a_date_of_another_form_than_the_given_one_is_named(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("Date,Close\n2018-01-19,1\n2018-01-22,2\n")
    with pytest.raises(ValueError, match=r"'2018-01-19'. `--date-format %d.%m.%Y` is not its form"):
        load_prices(source=path, price_format=PriceFormat(date_format="%d.%m.%Y"), **ALL)


def test_days_with_a_negative_price_can_be_left_out(tmp_path):
    path = tmp_path / "oil.csv"
    path.write_text("Date,Close\n2020-04-16,19.87\n2020-04-17,18.27\n2020-04-20,-37.63\n")
    assert load_prices(source=path, start=None, end="2020-04-17").tolist() == [19.87, 18.27]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"decimal": ";"}, "`decimal` must be one of . ,. Received: decimal=';'"),
        ({"returns": "gross"}, "`returns` must be one of simple log percent"),
        ({"date_format": "dd.mm.yyyy"}, "`date_format` must name the parts .* %d.%m.%Y"),
        ({"sheet": ""}, "`sheet` must not be empty"),
        ({"separator": 3}, "`separator` must be a text"),
    ],
)
def test_a_format_that_cannot_be_is_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        PriceFormat(**options)


# Returns

KENNETH_FRENCH = """This file was created by using the 201801 database.

,Mkt-RF,SMB,HML,RF
20180119,    0.50,    0.31,   -0.10,   0.006
20180122,   -0.25,   -0.11,    0.20,   0.006
20180123,  -99.99,    0.01,    0.02,   0.006
20180124,    1.00,    0.02,    0.03,   0.006

Copyright 2018, and others
"""


def test_factors_in_percent_become_levels_whose_log_returns_are_theirs(tmp_path):
    path = tmp_path / "factors.csv"
    path.write_text(KENNETH_FRENCH)
    table = read_price_file(
        path, ("Mkt-RF", "SMB"), Period(None, None), PriceFormat(returns="percent")
    )
    levels = table.prices["SMB"]
    assert levels.iloc[0] == 100.0 and levels.index[0] == pd.Timestamp("2018-01-18")
    np.testing.assert_allclose(
        np.diff(np.log(levels)), np.log1p([0.0031, -0.0011, 0.0001, 0.0002]), atol=1e-12
    )
    market = table.prices["Mkt-RF"]
    assert market.isna().tolist() == [False, False, False, True, False]
    np.testing.assert_allclose(
        np.diff(np.log(market.dropna())), np.log1p([0.005, -0.0025, 0.01]), atol=1e-12
    )


@pytest.mark.parametrize("kind", ["simple", "log", "percent"])
def test_a_period_of_returns_begins_with_its_first_return(tmp_path, kind):
    path = tmp_path / "fund.csv"
    path.write_text("Date,Return\n2018-01-19,0.5\n2018-01-22,-0.25\n2018-01-23,0.125\n")
    levels = load_prices(
        source=path, start="2018-01-22", end=None, price_format=PriceFormat(returns=kind)
    )
    returns = np.array([-0.25, 0.125])
    expected = {"simple": np.log1p(returns), "log": returns, "percent": np.log1p(returns / 100)}
    np.testing.assert_allclose(np.diff(np.log(levels)), expected[kind], atol=1e-12)


def test_prices_are_not_taken_for_returns(tmp_path):
    path = tmp_path / "fund.csv"
    path.write_text("Date,Return\n2018-01-19,-1.5\n2018-01-22,0.3\n")
    with pytest.raises(ValueError, match="above -100%.*-1.5 on 2018-01-19.*--returns percent"):
        load_prices(source=path, price_format=PriceFormat(returns="simple"), **ALL)


@pytest.mark.parametrize("kind", ["simple", "log", "percent"])
def test_values_that_are_all_gains_are_no_returns(tmp_path, kind):
    path = tmp_path / "fund.csv"
    path.write_text("Date,Return\n2018-01-19,95.5\n2018-01-22,96\n2018-01-23,1000\n")
    with pytest.raises(ValueError, match=f"every {kind} return of .* is a gain.*95.5 to 1000.*"):
        load_prices(source=path, price_format=PriceFormat(returns=kind), **ALL)
    path.write_text("Date,Return\n2018-01-19,0.0001\n2018-01-22,0.0002\n2018-01-23,0.0003\n")
    cash = load_prices(source=path, price_format=PriceFormat(returns=kind), **ALL)
    assert (np.diff(cash) > 0).all()  # interest never is a loss


def test_returns_in_wrong_kind_of_file_are_named(tmp_path):
    path = tmp_path / "fund.csv"
    path.write_text("Date,Price\n2018-01-19,0.5\n2018-01-22,-0.3\n")
    with pytest.raises(ValueError, match="line 3 .*--returns"):
        load_prices(source=path, **ALL)


@pytest.mark.parametrize(
    ("file", "name"),
    [("a.csv", "a"), ("BRK.B.csv", "BRK.B"), ("a.csv.gz", "a"), ("a.b", "a.b"), (".csv", ".csv")],
)
def test_a_file_is_called_without_the_suffixes_of_its_format(file, name):
    assert name_of_file(Path(file)) == name


# Damage

IN_PRICES = [
    "",
    "abc",
    "{}x",
    "x{}",
    "-{}",
    "({})",
    "0",
    "inf",
    "1e999",
    "--",
    "#REF!",
    "{}%",
    "1 2",
]
IN_DATES = ["", "abc", "{}x", "2018-13-45", "31.31.2018", "99/99/2018", "0", "NaT", "20180230"]
WRITTEN = ["{:.2f}", "{:,.2f}", "{}", "{:,.3f}"]


def with_one_cell(text, row, damage):
    """Returns a file with the price of a row damaged; None if it is written in another way."""
    for written in WRITTEN:
        for marks in (",.", ".,", "'.", "\u202f,"):
            cell = written.format(CLOSES[row]).translate(str.maketrans(",.", marks))
            if cell in text:
                return text.replace(cell, damage.format(cell))
    return None


def with_one_date(text, row, damage):
    """Returns a file with the date of a row damaged; None if it is written in another way."""
    for dates in ("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%Y.%m.%d", "%Y%m%d", "%d/%m/%Y", "%d-%b-%Y"):
        cell = DAYS[row].strftime(dates)
        if text.count(cell) == 1:
            return text.replace(cell, damage.format(cell))
    return None


@pytest.mark.parametrize("form", FORMS)
def test_one_damaged_cell_is_noted_or_refused_in_every_form(tmp_path, form):
    path, period = tmp_path / "prices.csv", Period(None, None)
    path.write_text(FORMS[form], encoding="utf-8", newline="")
    whole = read_price_file(path, None, period, PriceFormat())
    tried = 0
    changes = [(with_one_cell, each) for each in IN_PRICES]
    changes += [(with_one_date, each) for each in IN_DATES]
    for number in range(len(form) % 3, len(changes), 3):  # all of them over three forms
        change, damage = changes[number]
        text = change(FORMS[form], number % 4, damage)
        if text is None:
            continue
        tried += 1
        path.write_text(text, encoding="utf-8", newline="")
        try:
            found = read_price_file(path, None, period, PriceFormat())
        except ValueError as error:
            assert "prices.csv" in str(error)
            continue
        told = (found.notes, found.lost) != (whole.notes, whole.lost)
        assert told or found.prices.equals(whole.prices), (damage, found.prices)
    assert tried > 1
