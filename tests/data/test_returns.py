"""Prices to log returns, returns to windows, and returns back to prices."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import log_returns, price_paths, rolling_windows


def test_log_returns_of_an_array_are_logs_of_price_ratios():
    returns = log_returns([100.0, 110.0, 99.0])
    assert returns.dtype == np.float64
    np.testing.assert_allclose(returns, np.log([1.1, 0.9]), rtol=1e-12)


def test_log_returns_of_a_series_keep_the_dates_of_the_second_price_on():
    days = pd.DatetimeIndex(["2000-01-03", "2000-01-04", "2000-01-06"], name="date")
    returns = log_returns(pd.Series([1.0, np.e, 1.0], index=days))
    expected = pd.Series([1.0, -1.0], index=days[1:], name="log_return")
    pd.testing.assert_series_equal(returns, expected)


def test_log_returns_name_the_date_of_a_price_that_is_not_positive():
    days = pd.DatetimeIndex(["2000-01-03", "2000-01-04"])
    with pytest.raises(ValueError, match=r"`prices`.*0\.0 at 2000-01-04"):
        log_returns(pd.Series([1.0, 0.0], index=days))


@pytest.mark.parametrize(
    ("prices", "sentence"),
    [
        ([1.0], r"at least 2 days.*\(1,\)"),
        ([[1.0, 2.0]], r"at least 2 days.*\(1, 2\)"),
        ([[[1.0], [2.0]]], r"\(days, assets\).*\(1, 2, 1\)"),
        ([[1.0, 2.0], [1.0, -3.0]], r"-3\.0 at position 1, asset 1"),
        ([1.0, np.nan], "nan at position 1"),
        ([1.0, np.inf], "inf at position 1"),
        ([-2.0, 1.0], r"-2\.0 at position 0"),
        (["one", "two"], "array of numbers"),
    ],
)
def test_log_returns_refuse_bad_prices(prices, sentence):
    with pytest.raises(ValueError, match=sentence):
        log_returns(prices)


def test_rolling_windows_start_on_each_day():
    windows = rolling_windows([1.0, 2.0, 3.0, 4.0], length=3)
    assert windows.shape == (2, 3, 1)
    assert windows.dtype == np.float32
    np.testing.assert_array_equal(windows[:, :, 0], [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]])


def test_rolling_windows_are_a_copy_that_may_be_written_to():
    returns = np.arange(4.0, dtype=np.float32)
    windows = rolling_windows(returns, length=2)
    windows[0, 1, 0] = 9.0
    assert windows[1, 0, 0] == 1.0  # the same day in the next window
    assert returns[1] == 1.0


def test_rolling_windows_are_sixty_days_long_by_default():
    windows = rolling_windows(pd.Series(np.arange(61.0)))
    assert windows.shape == (2, 60, 1)
    assert windows[1, -1, 0] == 60.0


def test_a_series_as_long_as_a_window_gives_one_window():
    np.testing.assert_array_equal(rolling_windows([1.0, 2.0], length=2), [[[1.0], [2.0]]])


@pytest.mark.parametrize(
    ("returns", "length", "sentence"),
    [
        ([0.1, 0.2], 3, r"at least 3 days.*\(2,\)"),
        ([[[0.1], [0.2]]], 1, r"\(days, assets\)"),
        ([[0.1, 0.3], [0.2, 0.3]], 1, r"must vary.*2 times 0\.3"),
        ([0.1, np.nan], 1, "`returns` must be finite.*nan at position 1"),
        ([0.1, 0.1, 0.1], 2, r"must vary.*3 times 0\.1"),
        ([0.1, 0.2], 0, "`length`.*length=0"),
        ([0.1, 0.2], 1.5, r"`length`.*length=1\.5"),
        ([0.1, 0.2], True, "`length`.*length=True"),
    ],
)
def test_rolling_windows_refuse_what_has_no_windows(returns, length, sentence):
    with pytest.raises(ValueError, match=sentence):
        rolling_windows(returns, length)


@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 1)])
def test_price_paths_begin_with_the_start_price_and_multiply_up(shape):
    returns = np.log([[1.1, 0.9], [2.0, 0.5]]).reshape(shape)
    paths = price_paths(returns, 100.0)
    assert paths.dtype == np.float64
    assert paths.shape == (2, 3, *shape[2:])
    np.testing.assert_array_equal(paths[:, 0], 100.0)
    expected = np.reshape([[110.0, 99.0], [200.0, 100.0]], shape)
    np.testing.assert_allclose(paths[:, 1:], expected, rtol=1e-12)


def test_each_asset_has_a_start_price_of_its_own():
    returns = np.log([[[1.1, 2.0], [0.9, 0.5]]])
    paths = price_paths(returns, [100.0, 10.0])
    for asset, start in enumerate([100.0, 10.0]):
        np.testing.assert_array_equal(paths[..., asset], price_paths(returns[..., asset], start))


def test_price_paths_undo_log_returns():
    prices = np.array([1455.22, 1399.42, 1402.11, 1403.45])
    np.testing.assert_allclose(
        price_paths(log_returns(prices)[None], prices[0]), prices[None], rtol=1e-12
    )


@pytest.mark.parametrize(
    ("returns", "start_price", "sentence"),
    [
        ([0.1], 1.0, r"\(scenarios, days\).*\(1,\)"),
        (np.zeros((1, 2, 2, 1)), 1.0, r"\(1, 2, 2, 1\)"),
        (np.zeros((1, 2, 2)), [1.0], r"one for each asset.*1 prices, .*\(1, 2, 2\)"),
        ([[0.1]], 0.0, r"`start_price`.*0\.0"),
        ([[0.1]], np.nan, "`start_price` must be finite.*1 of 1 prices"),
        ([[0.1], [np.inf]], 1.0, "`returns` must be finite.*1 of 2 returns"),
        ([[800.0]], 1.0, r"beyond float64.*800\.0"),
    ],
)
def test_price_paths_refuse_what_has_no_prices(returns, start_price, sentence):
    with pytest.raises(ValueError, match=sentence):
        price_paths(returns, start_price)


def test_two_assets_are_cut_into_the_windows_of_each_side_by_side():
    prices = pd.DataFrame({"A": [1.0, 2.0, 1.0, 4.0], "B": [3.0, 3.3, 3.0, 3.6]})
    returns = log_returns(prices)
    assert list(returns.columns) == ["A", "B"] and returns.index.tolist() == [1, 2, 3]
    np.testing.assert_allclose(returns["A"], log_returns(prices["A"]), rtol=1e-15)
    windows = rolling_windows(returns, 2)
    assert windows.shape == (2, 2, 2) and windows.flags.c_contiguous
    for asset, name in enumerate(prices):
        alone = rolling_windows(returns[name], 2)
        np.testing.assert_array_equal(windows[..., asset : asset + 1], alone)
