"""Tests of the tables and the picture of a backtest."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.progress import silent
from keras_wgan.market import BacktestSettings, BacktestSpan, backtest
from keras_wgan.report import backtest_markdown, backtest_picture, backtest_text

DAYS = pd.bdate_range("2010-01-01", periods=700, name="date")
RETURNS = pd.Series(0.01 * np.random.default_rng(0).normal(size=700), index=DAYS)


class Normal:
    def __init__(self, name, std=0.01):
        self.name, self.std = name, std

    def sample(self, n, days, seed):
        return np.random.default_rng(seed).normal(scale=self.std, size=(n, days))


@pytest.fixture(scope="module")
def result():
    forecasters = [
        Normal("truth"),
        Normal("a forecaster with a very long name", 0.02),
        Normal("exploding", np.inf),
    ]
    span = BacktestSpan("2011-01-10", "2011-02-01")
    return backtest(RETURNS, forecasters, span, BacktestSettings(paths=100), progress=silent)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_the_text_fits_a_terminal_and_names_protocol_and_horizons(result):
    text = backtest_text(result)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Fitted to 267 returns, 2010-01-01 to 2011-01-10."
    assert any(
        line.split() == ["1", "d", "5", "d", "10", "d", "20", "d", "60", "d"] for line in lines
    )
    assert "a forecaster with a ver…" in text


def test_the_reference_is_one_and_what_explodes_infinite(result):
    rows = [line.split() for line in backtest_text(result).splitlines()]
    assert ["truth", "1", "1", "1", "1", "1"] in rows
    assert ["exploding", "inf", "inf", "inf", "inf", "inf"] in rows


def test_a_ratio_is_shown_with_its_error(result):
    found = result.comparison("a forecaster with a very long name", "crps", 1)
    shown = f"{found.ratio:.3f}±{found.ratio_error:.3f}".replace("±0", "±")
    assert shown in backtest_text(result)


def test_markdown_has_a_table_for_each_part_with_full_names(result):
    text = backtest_markdown(result)
    assert text.endswith("|\n") and text.count("| a forecaster with a very long name |") == 7
    heads = [line for line in text.splitlines() if line.startswith("|---|")]
    assert len(heads) == 7


def test_the_picture_has_a_row_for_each_forecaster(result, tmp_path):
    figure = backtest_picture(result)
    assert len(figure.axes) == 9
    labels = [axes.get_ylabel() for axes in figure.axes[::3]]
    assert labels == ["truth", "a forecaster\nwith a very long\nname", "exploding"]
    titles = [axes.get_title(loc="left") for axes in figure.axes[:3]]
    assert titles == [
        "CRPS over that of truth",
        "Inside 50% and 90%",
        "PIT, 10 days ahead",
    ]
    covered = figure.axes[1].lines[3].get_ydata()
    assert covered[0] == 100 * result.coverage("truth", 1, level=0.9)
    figure.savefig(tmp_path / "picture.png")
