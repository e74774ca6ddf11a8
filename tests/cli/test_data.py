"""`keras-wgan data` shows what would be read, with a picture, and trains nothing."""

import inspect
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from keras_wgan.cli.backtest import backtest
from keras_wgan.cli.data import data
from keras_wgan.cli.rolling import rolling
from keras_wgan.cli.train import train
from keras_wgan.cli.tune import tune
from keras_wgan.data import PriceFormat, Source
from keras_wgan.experiments.run import Run
from keras_wgan.report.plots.reading import reading_picture

from helpers.commands import call, refusal

DAYS = pd.bdate_range("2018-01-01", periods=300)
PRICES = 100.0 * np.exp(0.01 * np.random.default_rng(0).normal(size=300).cumsum())
TABLE = pd.DataFrame({"Date": DAYS, "A": PRICES, "B": PRICES[::-1]})


@pytest.fixture
def path(tmp_path):
    """Returns a file of the prices of two assets."""
    TABLE.to_csv(tmp_path / "two.csv", index=False)
    return tmp_path / "two.csv"


def test_data_says_what_would_be_read_and_ends_with_the_picture(path):
    lines = call("data", "two.csv", "--ticker", "A,B").splitlines()
    assert lines[0] == "Reading two.csv ..."
    assert lines[1].startswith("two.csv: 300 prices from 2018-01-01 to 2019-02-22; A, B; business")
    assert lines[-2] == "Next: keras-wgan train portfolio --data two.csv --ticker A,B"
    assert lines[-1] == "two-prices.png"
    assert imread(path.with_name("two-prices.png")).shape[2] == 4
    assert sorted(file.name for file in path.parent.iterdir()) == ["two-prices.png", "two.csv"]


def test_prices_too_few_to_train_on_name_no_training(path):
    TABLE[:60].to_csv(path, index=False)
    lines = call("data", "two.csv", "--ticker", "A").splitlines()
    assert lines[-2:] == ["A training needs at least 61 prices of all assets.", "two-prices.png"]


def test_a_second_picture_takes_the_next_free_name(path):
    call("data", "two.csv", "--ticker", "A")
    assert call("data", "two.csv", "--ticker", "A").splitlines()[-1] == "two-prices-2.png"


def test_unlikely_prices_are_drawn_and_refused(path, monkeypatch, capsys):
    TABLE.assign(A=TABLE["A"].where(DAYS[200] > DAYS, TABLE["A"] / 4)).to_csv(path, index=False)
    said = refusal(monkeypatch, capsys, "data", "two.csv", "--ticker", "A")
    assert "which looks like a 4:1 split" in said
    assert path.with_name("two-prices.png").exists()
    output = call("data", "two.csv", "--ticker", "A", "--accept", "jumps")
    assert output.splitlines()[-1] == "two-prices-2.png"


def test_an_asset_that_begins_later_is_drawn_from_100_on_its_own_first_day(path):
    TABLE.assign(B=TABLE["B"].where(DAYS[100] <= DAYS)).to_csv(path, index=False)
    reading = Source("two.csv", "A,B").read()
    one, other = reading_picture(reading).axes[0].lines
    assert len(one.get_ydata()) == len(other.get_ydata()) == 300
    levels = other.get_ydata()
    assert np.isnan(levels[:100]).all() and levels[100] == 100.0
    said = call("data", "two.csv", "--ticker", "A,B")
    assert "300 prices" in said and "masked before their first days: B (2018-05-21)" in said


def test_holes_are_shaded(path):
    TABLE.drop(index=range(100, 150)).to_csv(path, index=False)
    reading = Source("two.csv", "A", accept=("holes",)).read()
    (hole,) = reading_picture(reading).axes[0].patches
    assert hole.get_width() > 60


def test_what_was_accepted_is_remembered_in_the_run(r):
    run = Run.open(r).accepting(("jumps", "other-data"))
    assert run.config.experiment.source.accept == ("jumps", "other-data")
    run.write_config(run.config)
    assert Run.open(r).config.experiment.source.accept == ("jumps", "other-data")


def test_an_unknown_kind_is_refused_with_the_known_ones(path, monkeypatch, capsys):
    said = refusal(monkeypatch, capsys, "data", "two.csv", "--accept", "everything")
    assert "jumps, holes, stale" in said


@pytest.mark.parametrize("command", [data, train, tune, backtest, rolling])
def test_each_command_that_reads_prices_takes_their_format_and_what_to_accept(command):
    options = set(inspect.signature(command).parameters)
    assert {field.name for field in fields(PriceFormat)} | {"accept"} <= options


def test_the_format_of_a_file_is_asked_for_used_and_part_of_the_next_command(
    path, monkeypatch, capsys
):
    days = pd.bdate_range("2018-01-01", periods=70).strftime("%d/%m/%Y")
    lines = ["Date;Close", *(f"{day};1{k:02},5" for k, day in enumerate(days))]
    path.write_text("\n".join(lines[:10]))  # days up to the eleventh could be months
    assert "--date-format" in refusal(monkeypatch, capsys, "data", "two.csv")
    path.write_text("\n".join(lines))
    lines = call("data", "two.csv", "--date-format", "%d/%m/%Y").splitlines()
    assert "70 prices from 2018-01-01 to 2018-04-06" in lines[-3]
    assert lines[-2] == "Next: keras-wgan train sp500 --data two.csv --date-format %d/%m/%Y"
