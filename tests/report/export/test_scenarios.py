"""Tests of scenario tables and files: their columns, their pieces, and files never half-written."""

import sys

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.report import scenario_table, write_scenarios
from keras_wgan.report.export import scenarios

RETURNS = 0.01 * np.random.default_rng(0).normal(size=(7, 5, 2))
DATES = pd.bdate_range("2023-12-29", periods=5)
PRICES = {"SPY": 475.31, "TLT": 98.88}
ONE, ONE_PRICE = RETURNS[..., :1], {"SPY": 475.31}
SUFFIXES = [".csv", ".npz", ".parquet"]
COLUMNS = ["scenario", "date", "day", "asset", "log_return", "price"]


def read_table(path):
    """Returns the table that a CSV or Parquet file holds."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    dates = ["date"] if "date" in path.read_text().splitlines()[0] else None
    return pd.read_csv(path, parse_dates=dates)


def test_each_row_holds_scenario_date_day_asset_return_and_price():
    returns = np.log([[2.0, 0.5], [1.5, 1.0]])[..., None]
    table = scenario_table(returns, {"SPY": 100.0}, DATES[:2])
    assert list(table.columns) == COLUMNS
    assert table["scenario"].tolist() == [0, 0, 1, 1]
    assert table["day"].tolist() == [1, 2, 1, 2]
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2023-12-29", "2024-01-01"] * 2
    assert table["asset"].tolist() == ["SPY"] * 4
    np.testing.assert_allclose(table["log_return"], np.log([2.0, 0.5, 1.5, 1.0]))
    np.testing.assert_allclose(table["price"], [200.0, 100.0, 150.0, 150.0])


def test_the_rows_of_an_asset_are_the_table_that_it_would_have_alone():
    table = scenario_table(RETURNS, PRICES, DATES)
    assert table["asset"].tolist() == list(PRICES) * 35
    for number, (asset, price) in enumerate(PRICES.items()):
        own = table[table["asset"] == asset].reset_index(drop=True)
        alone = scenario_table(RETURNS[..., number : number + 1], {asset: price}, DATES)
        pd.testing.assert_frame_equal(own, alone, rtol=1e-14)


def test_a_table_without_dates_has_no_date():
    table = scenario_table(RETURNS, PRICES)
    assert list(table.columns) == [name for name in COLUMNS if name != "date"]


@pytest.mark.parametrize("make", [scenario_table, lambda *a: write_scenarios("a.csv", *a)])
def test_another_number_of_dates_than_days_is_refused(make):
    with pytest.raises(ValueError, match="`dates` must hold one date .* Received: 4 dates, .* 5"):
        make(RETURNS, PRICES, DATES[:4])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("dates", [DATES, None], ids=["dates", "no dates"])
@pytest.mark.parametrize("returns", [ONE, RETURNS], ids=["one", "two"])
@pytest.mark.parametrize("rows", [1, 25, 10_000])
def test_a_file_in_pieces_holds_the_whole_table(
    suffix, dates, returns, rows, tmp_path, monkeypatch
):
    monkeypatch.setattr(scenarios, "ROWS", rows)
    prices = PRICES if returns is RETURNS else ONE_PRICE
    path = write_scenarios(tmp_path / "new" / f"file{suffix}", returns, prices, dates)
    expected = scenario_table(returns, prices, dates)
    pd.testing.assert_frame_equal(read_table(path), expected, check_dtype=False, rtol=1e-14)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("returns", [ONE, RETURNS], ids=["one", "two"])
@pytest.mark.parametrize("rows", [1, 25, 10_000])
def test_an_archive_keeps_the_shape_of_the_scenarios(returns, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "ROWS", rows)
    prices = PRICES if returns is RETURNS else ONE_PRICE
    path = write_scenarios(tmp_path / "file.npz", returns, prices, DATES)
    with np.load(path) as archive:
        np.testing.assert_array_equal(archive["log_return"], returns)
        expected = list(prices.values()) * np.exp(np.cumsum(returns, axis=1))
        np.testing.assert_allclose(archive["price"], expected, rtol=1e-12)
        assert archive["asset"].tolist() == list(prices)
        assert (archive["date"] == DATES.to_numpy()).all()


def test_a_csv_file_in_pieces_has_the_bytes_of_the_file_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "ROWS", 10)
    at_once = tmp_path / "at_once.csv"
    scenario_table(RETURNS, PRICES, DATES).to_csv(at_once, index=False)
    in_pieces = write_scenarios(tmp_path / "in_pieces.csv", RETURNS, PRICES, DATES)
    assert in_pieces.read_bytes() == at_once.read_bytes()


def test_a_csv_file_has_plain_dates_and_all_digits(tmp_path):
    path = write_scenarios(tmp_path / "a.csv", ONE, {"SPY": 100.0}, DATES)
    header, first, *_ = path.read_text().splitlines()
    assert header == "scenario,date,day,asset,log_return,price"
    price = 100.0 * np.exp(ONE[0, 0, 0])
    assert first.split(",") == [
        "0",
        "2023-12-29",
        "1",
        "SPY",
        repr(ONE[0, 0, 0].item()),
        repr(price.item()),
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_only_one_piece_is_in_memory_at_a_time(suffix, tmp_path, monkeypatch):
    sizes = []
    whole = scenarios.price_paths

    def counted(returns, *rest):
        sizes.append(returns.size)
        return whole(returns, *rest)

    monkeypatch.setattr(scenarios, "ROWS", 10)
    monkeypatch.setattr(scenarios, "price_paths", counted)
    write_scenarios(tmp_path / f"a{suffix}", ONE, ONE_PRICE)
    assert sizes == [10, 10, 10, 5]


def test_each_piece_is_changed_before_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "ROWS", 10)
    path = tmp_path / "a.npz"
    write_scenarios(path, RETURNS, PRICES, change=lambda some: 2.0 * some)
    with np.load(path) as archive:
        np.testing.assert_array_equal(archive["log_return"], 2.0 * RETURNS)


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "ROWS", 5)
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    diverged = np.concatenate([ONE, np.full((1, 5, 1), 400.0)])
    with pytest.raises(ValueError, match="price beyond float64"):
        write_scenarios(path, diverged, ONE_PRICE)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_pyarrow_is_answered_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install 'keras-wgan\[parquet\]'"):
        write_scenarios(tmp_path / "a.parquet", RETURNS, PRICES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "a.txt"}, r"`path` must end in one of .csv, .npz, .parquet. Received: .*a.txt"),
        ({"returns": RETURNS[..., 0]}, r"`returns` must have the shape .*\(7, 5\)"),
        ({"returns": RETURNS * np.nan}, "`returns` must be finite"),
        ({"start_prices": {"SPY": 1.0}}, r"a price in `start_prices` for each.*1 prices"),
        ({"start_prices": {"SPY": 1.0, "TLT": 0.0}}, "`start_price` must be above zero"),
    ],
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_unusable_scenarios_are_refused_and_leave_nothing(changed, message, suffix, tmp_path):
    arguments = {"path": tmp_path / f"a{suffix}", "returns": RETURNS, "start_prices": PRICES}
    with pytest.raises(ValueError, match=message):
        write_scenarios(**{**arguments, **changed})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_returns_on_disk_become_the_file_of_those_in_memory(suffix, tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "ROWS", 10)
    with ArrayOnDisk(tmp_path) as on_disk:
        for some in np.array_split(RETURNS, 3):
            on_disk.append(some)
        memory, disk = (
            write_scenarios(tmp_path / f"{name}{suffix}", returns, PRICES, DATES)
            for name, returns in (("memory", RETURNS), ("disk", on_disk))
        )
    if suffix == ".npz":
        with np.load(memory) as one, np.load(disk) as other:
            for name in ("asset", "date", "log_return", "price"):
                np.testing.assert_array_equal(one[name], other[name])
    else:
        pd.testing.assert_frame_equal(read_table(memory), read_table(disk))
    assert sorted(tmp_path.iterdir()) == sorted([memory, disk])
