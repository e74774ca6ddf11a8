"""The days that are left of prices: what is dropped is counted and said, much is asked about."""

import numpy as np
import pandas as pd
import pytest
from arch.data import nasdaq, sp500

from keras_wgan.data import load_prices
from keras_wgan.data.price_days import check_unpriced
from keras_wgan.data.price_judgment import judged, prices_of_all
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.questions import Question
from keras_wgan.errors import InvalidInputError

A = sp500.load()["Close"].rename("A")["2010":"2013"]
BOTH = pd.DataFrame({"A": A, "B": nasdaq.load()["Close"]["2010":"2013"]})


def read(prices, *accept):
    """Judges prices as those of a file."""
    table = prices if isinstance(prices, pd.DataFrame) else prices.to_frame()
    return judged(PriceTable(table, "p.csv", tuple(map(str, table.columns))), accept)


def without(rows, column="B"):
    """Returns prices of two assets, one of which lacks some rows."""
    table = BOTH.copy()
    table.loc[table.index[rows], column] = np.nan
    return table


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([-1], "1 of 1006 days .*B lacks 1 after its last day 2013-12-30"),
        ([5, 9], "2 of 1006 days .*B lacks 2 in between"),
        ([9, -1], "B lacks 1 in between and 1 after its last"),
    ],
)
def test_lost_days_are_counted_by_asset(rows, words):
    reading = read(without(rows))
    (sentence,) = reading.dropped
    assert pd.Series([sentence]).str.contains(words)[0]
    assert len(reading.prices) == 1006 - len(rows) and sentence in reading.describe()


@pytest.mark.parametrize("rows", [range(-100, 0), range(300, 400)])
def test_more_than_a_twentieth_lost_is_a_question(rows):
    table = without(list(rows))
    with pytest.raises(ValueError, match=r"100 of 1006 days.*--start 2010.*`--accept lost-days`"):
        read(table)
    accepted = read(table, Question.LOST_DAYS, Question.HOLES)
    assert len(accepted.prices) == 906


def test_the_missing_past_of_a_later_asset_is_masked_and_not_cut():
    reading = read(without([*range(100), 500]))
    (sentence,) = reading.dropped
    assert "1 of 1006 days" in sentence and "B lacks 1 in between" in sentence
    assert len(reading.whole) == 1005 and len(reading.prices) == 905
    assert reading.whole["B"].isna().sum() == 100 and reading.whole["A"].notna().all()
    line = reading.describe()
    assert line.startswith("p.csv: 1,005 prices from 2010-01-04 to 2013-12-31; A, B; ")
    assert "; masked before their first days: B (2010-05-27); dropped: " in line


def test_days_of_all_assets_lose_the_days_before_the_last_began():
    reading = read(without(range(100)))
    with pytest.raises(ValueError, match=r"p.csv: 100 of 1006 days.*B lacks 100 before its first"):
        prices_of_all(reading)
    prices, (sentence,) = prices_of_all(reading, [Question.LOST_DAYS])
    assert len(prices) == 906 and "100 before its first day 2010-05-27" in sentence


def test_weekends_before_a_stock_began_are_left_out_of_a_coin():
    days = pd.date_range("2010-01-01", periods=800)
    prices = np.exp(0.03 * np.random.default_rng(0).normal(size=(800, 2)).cumsum(axis=0))
    table = pd.DataFrame(prices, days, columns=["COIN", "STOCK"])
    weekend = days.day_of_week >= 5
    table.loc[weekend | (np.arange(800) < 300), "STOCK"] = np.nan
    reading = read(table, Question.LOST_DAYS)
    assert set(reading.whole.index.day_of_week) == set(range(5))
    assert len(reading.whole) == (~weekend).sum() and reading.frequency.name == "business days"
    early = int(weekend[:300].sum())
    assert reading.dropped[0] == f"{early} early days at weekends, which not all assets have"
    assert f"{weekend.sum() - early} of {800 - early} days without" in reading.dropped[1]


def test_many_days_lost_since_all_have_begun_are_asked_about_after_a_long_past():
    with pytest.raises(ValueError, match=r"45 of 1006 days.*B lacks 45 in between.*lost-days"):
        read(without([*range(900), *range(905, 950)]))


def test_a_daily_past_of_an_asset_next_to_a_monthly_one_is_cut_and_asked_about():
    table = BOTH.copy()
    ends = table.index.to_series().groupby(table.index.to_period("M")).max()
    table.loc[~table.index.isin(ends) | (table.index < "2010-07-01"), "B"] = np.nan
    with pytest.raises(ValueError, match="B lacks .* before its first day 2010-07-30"):
        read(table)
    reading = read(table, Question.LOST_DAYS)
    assert reading.frequency.name == "months" and reading.whole.notna().all(axis=None)


def test_an_early_week_on_another_day_is_kept():
    table = BOTH[BOTH.index.day_of_week == 4].copy()
    days = table.index.to_list()
    days[3] -= pd.Timedelta(days=1)  # a Thursday before a holiday
    table.index = pd.DatetimeIndex(days)
    table.iloc[:40, 1] = np.nan
    reading = read(table, Question.HOLES)
    assert reading.dropped == () and len(reading.whole) == len(table)


@pytest.mark.parametrize("prices", [A, BOTH])
def test_weekends_and_holidays_that_were_filled_forward_are_dropped_with_their_number(prices):
    filled = prices.asfreq("D").ffill()
    reading = read(filled)
    still = int((A.diff() == 0.0).sum()) if prices is A else 0
    assert len(reading.prices) == len(A) - still
    assert reading.frequency.name == "business days"
    weekends = int((filled.index.day_of_week >= 5).sum())
    assert f"dropped: {weekends} weekend days that were filled forward" in reading.describe()


def test_holidays_filled_forward_among_business_days_are_dropped():
    reading = read(A.asfreq("B").ffill())
    assert len(reading.prices) == len(A) and "weekdays that were filled" in reading.dropped[0]


def test_a_market_of_every_day_keeps_its_weekends():
    days = pd.date_range("2015-01-01", periods=600)
    prices = np.exp(0.03 * np.random.default_rng(0).normal(size=600).cumsum())
    reading = read(pd.Series(prices, days, name="BTC"))
    assert len(reading.prices) == 600 and reading.frequency.periods_per_year == 365


def twice(value):
    """Returns prices with a second stamp on one day."""
    second = pd.Series([value], [A.index[5] + pd.Timedelta(hours=16)], name="A")
    return pd.concat([A, second]).sort_index()


def test_the_same_price_twice_on_a_day_is_dropped_with_a_count():
    reading = read(twice(A.iloc[5]))
    assert len(reading.prices) == len(A)
    assert reading.dropped == ("1 second time stamps of a day with the same price",)


def test_two_prices_on_one_day_are_refused_with_both():
    with pytest.raises(ValueError, match=r"two prices on 2010-01-11, 1146.97998 and 1200\."):
        read(twice(1200.0))


def test_two_assets_in_one_column_are_called_so():
    other = (A * 2).set_axis(A.index + pd.Timedelta(hours=12))[:300]
    with pytest.raises(ValueError, match=r"on 299 more days.*two assets in one column"):
        read(pd.concat([A, other]).sort_index())


def test_a_reading_is_described_in_one_line():
    line = read(A).describe()
    assert line == (
        "p.csv: 1,006 prices from 2010-01-04 to 2013-12-31; A; business days, 252 a year; adjusted "
        "or not is unknown; largest move -6.7% on 2011-08-08; dropped: nothing."
    )


def blank(rows):
    """Returns the lines of a file of 400 business days whose prices are missing in these rows."""
    days = pd.bdate_range("2020-01-01", periods=400)
    cells = [f"{100 + row % 7}" for row in range(len(days))]
    for row in rows:
        cells[row] = "."
    return "\n".join(
        ["Date,Close", *(f"{d:%Y-%m-%d},{c}" for d, c in zip(days, cells, strict=True))]
    )


@pytest.mark.parametrize(("rows", "asked"), [(range(5, 400, 25), False), (range(5, 400, 12), True)])
def test_a_single_asset_that_loses_more_than_5_percent_of_its_rows_is_asked_about(
    tmp_path, rows, asked
):
    path = tmp_path / "fred.csv"
    path.write_text(blank(rows))
    if asked:
        with pytest.raises(InvalidInputError, match="33 of 400 rows .* lost-days"):
            load_prices(start=None, end=None, source=str(path))
    accept = ("lost-days",) if asked else ()
    with pytest.warns(UserWarning, match=f"{len(rows)} of 400 rows .* were left out"):
        read = load_prices(start=None, end=None, source=str(path), accept=accept)
    assert len(read) == 400 - len(rows)


def test_rows_before_the_first_price_and_on_days_without_trading_are_not_missed():
    days = pd.date_range("2020-01-01", periods=60)
    priced = days[20:][days[20:].day_of_week < 5]
    check_unpriced(days.difference(priced), priced, ())
