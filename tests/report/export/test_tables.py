"""Do scenario files hold dates, returns and prices, however large, whole or not at all?"""

import sys

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.dates import business_days_after
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.report.export import scenarios as scenario_files
from keras_wgan.report.export.scenarios import write_scenarios
from keras_wgan.report.export.tables import scenario_table

RETURNS = 0.01 * np.random.default_rng(0).normal(size=(7, 5))
DATES = business_days_after("2023-12-28", days=5)
SUFFIXES = [".csv", ".npz", ".parquet"]


def read_table(path):
    if path.suffix == ".csv":
        dates = ["date"] if "date" in path.read_text().splitlines()[0] else None
        return pd.read_csv(path, parse_dates=dates)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    with np.load(path) as archive:
        return pd.DataFrame(dict(archive))


def test_each_row_holds_scenario_date_day_return_and_price():
    table = scenario_table(np.log([[2.0, 0.5], [1.5, 1.0]]), 100.0, DATES[:2])
    assert list(table.columns) == ["scenario", "date", "day", "log_return", "price"]
    assert table["scenario"].tolist() == [0, 0, 1, 1]
    assert table["day"].tolist() == [1, 2, 1, 2]
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2023-12-29", "2024-01-01"] * 2
    np.testing.assert_allclose(table["log_return"], np.log([2.0, 0.5, 1.5, 1.0]))
    np.testing.assert_allclose(table["price"], [200.0, 100.0, 150.0, 150.0])


def test_a_table_without_dates_has_no_date():
    table = scenario_table(RETURNS, 100.0)
    assert list(table.columns) == ["scenario", "day", "log_return", "price"]


@pytest.mark.parametrize("make", [scenario_table, lambda *a: write_scenarios("a.csv", *a)])
def test_another_number_of_dates_than_days_is_refused(make):
    with pytest.raises(ValueError, match="`dates` must hold one date .* Received: 4 dates, .* 5"):
        make(RETURNS, 100.0, DATES[:4])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dates", [DATES, None], ids=["dates", "no dates"])
@pytest.mark.parametrize("rows", [1, 11, 10_000])
def test_a_file_in_pieces_holds_the_whole_table(suffix, dates, rows, tmp_path):
    path = write_scenarios(
        tmp_path / "new" / f"file{suffix}", RETURNS[..., None], 4769.83, dates, rows=rows
    )
    expected = scenario_table(RETURNS, 4769.83, dates)
    pd.testing.assert_frame_equal(read_table(path), expected, check_dtype=False, rtol=1e-14)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_in_pieces_reads_as_the_file_at_once(suffix, tmp_path):
    at_once = tmp_path / f"at_once{suffix}"
    table = scenario_table(RETURNS, 100.0, DATES)
    if suffix == ".csv":
        table.to_csv(at_once, index=False)
    elif suffix == ".parquet":
        table.to_parquet(at_once, index=False)
    else:
        np.savez(at_once, **{name: table[name].to_numpy() for name in table.columns})
    in_pieces = write_scenarios(tmp_path / f"in_pieces{suffix}", RETURNS, 100.0, DATES, rows=10)
    pd.testing.assert_frame_equal(read_table(in_pieces), read_table(at_once))
    if suffix == ".csv":
        assert in_pieces.read_bytes() == at_once.read_bytes()


def test_a_csv_file_has_plain_dates_and_all_digits(tmp_path):
    path = write_scenarios(tmp_path / "a.csv", RETURNS, 100.0, DATES)
    header, first, *_ = path.read_text().splitlines()
    assert header == "scenario,date,day,log_return,price"
    price = 100.0 * np.exp(RETURNS[0, 0])
    assert first.split(",") == [
        "0",
        "2023-12-29",
        "1",
        repr(RETURNS[0, 0].item()),
        repr(price.item()),
    ]


def test_only_one_piece_is_in_memory_at_a_time(tmp_path, monkeypatch):
    sizes = []
    whole = scenario_files.table_rows

    def counted(returns, *rest, **named):
        sizes.append(returns.size)
        return whole(returns, *rest, **named)

    monkeypatch.setattr(scenario_files, "table_rows", counted)
    write_scenarios(tmp_path / "a.parquet", RETURNS, 100.0, rows=10)
    assert sizes == [10, 10, 10, 5]


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    diverged = np.concatenate([RETURNS, np.full((1, 5), 400.0)])
    with pytest.raises(ValueError, match="price beyond float64"):
        write_scenarios(path, diverged, 100.0, rows=5)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_pyarrow_is_answered_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install 'keras-wgan\[parquet\]'"):
        write_scenarios(tmp_path / "a.parquet", RETURNS, 100.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "a.txt"}, r"`path` must end in one of .csv, .npz, .parquet. Received: .*a.txt"),
        ({"rows": 0}, "`rows` must be a whole number of at least 1. Received: rows=0"),
        ({"returns": RETURNS[0]}, r"`returns` must have the shape .*\(5,\)"),
        ({"returns": RETURNS * np.nan}, "`returns` must be finite"),
        ({"start_price": 0.0}, "`start_price` must be finite and above zero"),
    ],
)
def test_unusable_scenarios_are_refused_by_name(changed, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        write_scenarios(**{"path": "a.csv", "returns": RETURNS, "start_price": 100.0, **changed})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_returns_on_disk_become_the_file_of_those_in_memory(suffix, tmp_path):
    with ArrayOnDisk(tmp_path) as on_disk:
        for some in np.array_split(RETURNS, 3):
            on_disk.append(some)
        paths = [
            write_scenarios(tmp_path / f"{name}{suffix}", returns, 100.0, DATES, rows=10)
            for name, returns in (("memory", RETURNS), ("disk", on_disk))
        ]
    pd.testing.assert_frame_equal(*(read_table(path) for path in paths))
    assert sorted(tmp_path.iterdir()) == sorted(paths)
