"""Tests of the typed facts: what a config must hold, and how a damaged one is refused."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import ImageFacts, ReturnsData, ReturnsFacts, Scaler, SeriesFacts, Source

RETURNS = ReturnsFacts(
    source="prices.csv",
    tickers=("SPY", "TLT"),
    first_day="2020-01-03",
    last_day="2023-12-29",
    last_prices=(475.31, 98.88),
    returns=1004,
    windows=945,
    scaler=Scaler((0.0004, 0.0001), (0.014, 0.01)),
)
IMAGES = ImageFacts("digits", 1500, (28, 28, 1), classes=10)
SERIES = SeriesFacts(
    "sensors.csv", ("heat", "load"), 1000, 24, Scaler((20.0, 5e6), (10.0, 1e6)), "3b0c"
)


LATER = dataclasses.replace(RETURNS, first_days=("2020-01-03", "2010-05-04"))


@pytest.mark.parametrize(
    "facts", [RETURNS, LATER, IMAGES, dataclasses.replace(IMAGES, classes=None), SERIES]
)
def test_facts_survive_json_exactly(facts):
    config = json.loads(json.dumps(facts.to_config()))
    assert config == facts.to_config()
    assert type(facts).from_config(config) == facts


@pytest.mark.parametrize(
    ("facts", "changed", "sentence"),
    [
        (RETURNS, {"tickers": []}, "`tickers` must be a list that is not empty"),
        (RETURNS, {"tickers": ["A", 3]}, "`tickers` must be a text. Received: tickers=3"),
        (RETURNS, {"first_day": 2020}, "`first_day` must be a day such as .*first_day=2020"),
        (RETURNS, {"last_prices": [1.0]}, "`last_prices` must have an entry for each of the 2"),
        (RETURNS, {"scaler": {"offset": [0], "scale": [1]}}, "`scaler` must have an entry"),
        (
            RETURNS,
            {"first_days": ["2020-01-03"]},
            "`first_days` must have an entry for each of the",
        ),
        (RETURNS, {"first_days": [3, "2020-01-03"]}, "`first_days` must be a day such as"),
        (RETURNS, {"returns": True}, "`returns` must be a whole number.*returns=True"),
        (IMAGES, {"shape": [28, 0, 1]}, "`shape` must be a whole number.*shape=0"),
        (IMAGES, {"classes": "ten"}, "`classes` must be a whole number.*classes='ten'"),
        (SERIES, {"columns": ["heat"]}, "`scaler` must have an entry for each of the 1 `columns`"),
        (SERIES, {"columns": ["heat", "heat"]}, "`columns` must not repeat a name"),
        (SERIES, {"window": 0}, "`window` must be a whole number of at least 1"),
        (SERIES, {"rows": 23}, "`rows` must be a whole number of at least 24. Received: rows=23"),
        (SERIES, {"checksum": 3}, "`checksum` must be a text"),
        (IMAGES, {"color": "red"}, "source, images, shape, classes. Received: 'color'"),
    ],
)
def test_a_damaged_config_is_refused_by_the_name_of_its_field(facts, changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        type(facts).from_config({**facts.to_config(), **changed})


def test_the_facts_of_an_older_version_are_of_business_days_and_say_so():
    config = RETURNS.to_config()
    del config["frequency"], config["last_time"], config["fingerprint"]
    with pytest.warns(UserWarning, match="Business days are assumed"):
        assert ReturnsFacts.from_config(config) == RETURNS


def test_the_last_moment_has_its_time_where_there_is_one():
    assert RETURNS.last_moment == RETURNS.last_day
    assert (
        dataclasses.replace(RETURNS, last_time="15:55").last_moment == f"{RETURNS.last_day} 15:55"
    )


@pytest.mark.parametrize("facts", [RETURNS, IMAGES, SERIES])
def test_each_field_is_needed(facts):
    for name in set(facts.to_config()) - {"frequency", "last_time", "fingerprint", "first_days"}:
        config = {key: value for key, value in facts.to_config().items() if key != name}
        with pytest.raises(ValueError, match=f"`{name}` is missing"):
            type(facts).from_config(config)


def test_one_asset_of_two_is_a_table_of_one_column_with_its_own_scale():
    history = pd.DataFrame(np.arange(6.0).reshape(3, 2), columns=["SPY", "TLT"])
    samples = np.ones((1, 3, 2), "float32")
    one = ReturnsData(samples, history, RETURNS).asset(1)
    assert one.samples.shape == (1, 3, 1) and list(one.history.columns) == ["TLT"]
    assert (one.facts.tickers, one.facts.last_prices) == (("TLT",), (98.88,))
    np.testing.assert_allclose(one.returns, np.full((1, 3, 1), 0.0101), rtol=1e-6)


def test_a_source_without_a_ticker_is_the_index_and_commas_separate_several():
    assert Source("yahoo").tickers == ("^GSPC",)
    assert Source("yahoo", ticker="SPY, TLT").tickers == ("SPY", "TLT")
