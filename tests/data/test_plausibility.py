"""Prices that look wrong are asked about, and genuine markets are not."""

import numpy as np
import pandas as pd
import pytest
from arch.data import sp500, vix, wti
from skfolio.datasets import load_sp500_dataset

from keras_wgan.data.price_judgment import judged
from keras_wgan.data.price_table import PriceTable
from keras_wgan.data.questions import Question, accepted

TODAY = pd.Timestamp("2019-06-01")
REAL = sp500.load()["Close"].rename("A")["2008":]
DAYS = REAL.index


def read(prices, *accept):
    """Judges prices as those of a file."""
    table = prices if isinstance(prices, pd.DataFrame) else prices.to_frame()
    names = tuple(map(str, table.columns))
    return judged(PriceTable(table, "prices.csv", names), accepted(accept), TODAY)


def changed(rows, factor):
    """Returns real prices with some rows multiplied."""
    prices = REAL.copy()
    prices.iloc[rows] *= factor
    return prices


def dated(prices, row, date):
    """Returns prices with another date in one row."""
    dates = list(prices.index)
    dates[row] = pd.Timestamp(date)
    return prices.set_axis(pd.DatetimeIndex(dates))


FOREIGN = 3.0 * np.exp(0.01 * np.random.default_rng(0).normal(size=len(REAL) - 1000).cumsum())
WRONG = {
    "split 4:1": (changed(slice(1000, None), 0.25), "jumps", "which looks like a 4:1 split"),
    "split 3:2": (changed(slice(1000, None), 2 / 3), "jumps", "a 3:2 split"),
    "reverse split": (changed(slice(1000, None), 10 / 2), "jumps", "a 1:5 reverse split"),
    "close times 10": (changed(500, 10), "jumps", "a slip, since it is reversed"),
    "close plus a quarter": (changed(1200, 1.25), "jumps", "a slip, since it is reversed"),
    "last close times 10": (changed(-1, 10), "jumps", "a change of unit by 10"),
    "three days in pence": (changed(slice(500, 503), 100), "jumps", "a slip"),
    "pence to pounds": (changed(slice(1000, None), 0.01), "jumps", "by 100, such as pence"),
    "two assets": (
        pd.concat([REAL[:1000], pd.Series(FOREIGN, DAYS[1000:])]).rename("A"),
        "jumps",
        "another asset",
    ),
    "500 days missing": (REAL.drop(DAYS[800:1300]), "holes", "no price for 731 days"),
    "every second day": (REAL[::2], "holes", "Only .* of the .* trading days"),
    "a date in 2123": (dated(REAL, -1, "2123-01-01"), "future", "of the future"),
    "the same price for weeks": (
        REAL.where(~REAL.index.isin(DAYS[300:330])).ffill(),
        "stale",
        "same price .* 31 times in a row",
    ),
    "weekly prices filled": (
        REAL.resample("W-FRI").last().asfreq("B").ffill()["2008-02":],
        "stale",
        "of the trading day before on 80%",
    ),
    "a block twice": (
        pd.concat([REAL[:500], REAL[400:500].set_axis(DAYS[500:600]), REAL[600:]]),
        "duplicates",
        "the same moves",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_finding_is_asked_about_and_can_be_accepted(name):
    prices, kind, words = WRONG[name]
    with pytest.raises(ValueError, match=f"{words}.*`--accept {kind}`, in Python `accept="):
        read(prices)
    every_other = set(Question) - {kind}
    with pytest.raises(ValueError, match=words):
        read(prices, *every_other)
    assert len(read(prices, *Question).prices) == len(prices)


def test_the_question_shows_day_move_and_size():
    with pytest.raises(ValueError) as error:
        read(changed(slice(1000, None), 0.25))
    day, move = f"{DAYS[1000]:%Y-%m-%d}", np.log(REAL.iloc[1000] / REAL.iloc[999] / 4)
    assert f"on {day}, a log return of {move:.3f} and " in str(error.value)


def test_several_findings_are_counted():
    prices = changed([500, 900, 1300], 10)
    with pytest.raises(ValueError, match=r"\(and 2 more moves\)"):
        read(prices)


def _bitcoin():
    """Returns prices of every day with Bitcoin's volatility, tails and worst day, -37%."""
    rng = np.random.default_rng(1)
    volatility = 0.03 * np.exp(0.5 * np.convolve(rng.normal(size=3000), np.ones(30) / 5, "same"))
    returns = volatility * rng.standard_t(4, size=3000)
    returns[1000:1030] *= 2.0
    returns[1000] = -0.46
    days = pd.date_range("2011-01-01", periods=3000)
    return pd.Series(100.0 * np.exp(0.2 * returns.cumsum()), days, name="BTC")


def _crash(day_of_crash):
    """Returns real prices with the fall of 1987-10-19 and the two weeks after it."""
    after = [-0.2290, 0.0519, 0.0871, -0.0400, -0.0001, -0.0864, 0.0239, 0.0000, 0.0481, 0.0283]
    returns = np.log(REAL).diff().to_numpy(copy=True)
    returns[day_of_crash : day_of_crash + 10] = after
    returns[day_of_crash + 10 : day_of_crash + 40] *= 3.0
    return pd.Series(np.exp(np.nancumsum(returns)), DAYS, name="A")


GENUINE = {
    "the S&P 500": sp500.load()["Close"],
    "a crash as in 1987": _crash(1500),
    "VIX": vix.load().iloc[:, 0].dropna(),
    "WTI": wti.load().iloc[:, 0].dropna(),
    "every day": _bitcoin(),
    "weeks": REAL.resample("W-FRI").last(),
    "months": REAL.resample(pd.offsets.BMonthEnd()).last(),
}


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_market_is_not_asked_about(name):
    assert len(read(GENUINE[name]).prices) == len(GENUINE[name])


def test_twenty_stocks_with_their_worst_days_are_not_asked_about():
    stocks = load_sp500_dataset()
    reading = judged(PriceTable(stocks, "stocks", tuple(stocks.columns)))
    assert len(reading.prices) == 8313 and reading.dropped == ()


def test_an_unknown_kind_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="`accept` must be of jumps, holes, stale"):
        accepted(["jump"])
    assert accepted("jumps, holes") == (Question.JUMPS, Question.HOLES)
