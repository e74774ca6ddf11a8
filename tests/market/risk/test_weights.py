"""Weights as users write them."""

import pytest

from keras_wgan.market.risk.portfolio import Portfolio
from keras_wgan.market.risk.weights import read_portfolio

TICKERS = ("SPY", "TLT", "EURUSD=X")


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("equal", dict.fromkeys(TICKERS, 1 / 3)),
        ("SPY=0.6, TLT=-.4", {"SPY": 0.6, "TLT": -0.4}),
        ("spy=60%,tlt=40%", {"SPY": 0.6, "TLT": 0.4}),
        ("EURUSD=X=1", {"EURUSD=X": 1.0}),
    ],
)
def test_a_list_of_weights_is_read(text, weights):
    assert dict(read_portfolio(text, TICKERS).weights) == pytest.approx(weights)


@pytest.mark.parametrize(
    "content",
    [
        "SPY,0.6\nTLT,0.4\n",
        "ticker,weight\nSPY,0.6\nTLT,0.4\n",
        "\ufeffName;Gewicht\r\nSPY;0,6\r\nTLT;0,4\r\n",
        "Asset\tWeight\nTLT\t40%\n\nSPY\t60%\n",
        "SPY,TLT\n0.6,0.4\n",
    ],
)
def test_a_file_of_weights_is_read(tmp_path, content):
    (tmp_path / "w.csv").write_text(content, encoding="utf-8")
    found = read_portfolio(str(tmp_path / "w.csv"), TICKERS)
    assert dict(found.weights) == pytest.approx({"SPY": 0.6, "TLT": 0.4})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SPY=60,TLT=40", "write 0.6 or 60%, not 60"),
        ("SPY=0.6,SPY=0.4", "must name each asset once. Received: SPY twice"),
        ("SPY=0.6,QQQ=0.4", "which are SPY, TLT, EURUSD=X. Received: QQQ"),
        ("SPY=lots", "The weight of SPY in SPY=lots is not a number: 'lots'"),
        ("SPY=", "must have a weight of SPY"),
        ("SPY=0", "nothing to lose"),
        ("SPY=nan,TLT=1", "must have a weight of SPY"),
        ("SPY=inf", "must be a finite number"),
        ("nowhere.csv", "Received: nowhere.csv, which is no file"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused(text, message):
    with pytest.raises(ValueError, match=message):
        read_portfolio(text, TICKERS).aligned(TICKERS)


@pytest.mark.parametrize("content", ["", "SPY\n", "a,b,c\n1,2,3\n4,5,6\n"])
def test_a_file_without_two_columns_is_refused(tmp_path, content):
    (tmp_path / "w.csv").write_text(content)
    with pytest.raises(ValueError, match="must have two columns"):
        read_portfolio(str(tmp_path / "w.csv"), TICKERS)


def test_a_portfolio_says_what_is_in_cash_and_what_is_borrowed():
    assert str(Portfolio({"SPY": 1.5, "TLT": -0.2}, "never")) == (
        "SPY 150%, TLT -20%, borrowed cash 30%, never rebalanced"
    )
