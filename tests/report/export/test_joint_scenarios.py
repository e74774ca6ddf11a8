"""Do files of several assets' scenarios hold each asset's own table?"""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.io.dates import business_days_after
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.report.export.joint_scenarios import file_names, write_joint_scenarios
from keras_wgan.report.export.tables import scenario_table

RETURNS = 0.01 * np.random.default_rng(0).normal(size=(7, 5, 2))
DATES = business_days_after("2023-12-28", days=5)
ASSETS, PRICES = ["SPY", "TLT"], [475.31, 98.88]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("rows", [1, 25, 1000])
def test_the_rows_of_an_asset_are_the_table_that_it_would_have_alone(tmp_path, suffix, rows):
    path = tmp_path / f"file{suffix}"
    write_joint_scenarios(path, RETURNS, PRICES, ASSETS, DATES, rows=rows)
    table = pd.read_csv(path, parse_dates=["date"]) if suffix == ".csv" else pd.read_parquet(path)
    assert list(table.columns) == ["scenario", "date", "day", "asset", "log_return", "price"]
    assert table["asset"].tolist() == ASSETS * 35
    for number, asset in enumerate(ASSETS):
        own = table[table["asset"] == asset].drop(columns="asset").reset_index(drop=True)
        expected = scenario_table(RETURNS[..., number], PRICES[number], DATES)
        pd.testing.assert_frame_equal(own, expected, check_dtype=False, rtol=1e-14)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("rows", [1, 25, 1000])
def test_an_archive_keeps_the_shape_of_the_scenarios(tmp_path, rows):
    path = tmp_path / "file.npz"
    with ArrayOnDisk(tmp_path) as on_disk:
        on_disk.append(RETURNS)
        write_joint_scenarios(path, on_disk, PRICES, ASSETS, DATES, rows=rows)
    with np.load(path) as archive:
        np.testing.assert_array_equal(archive["log_return"], RETURNS)
        expected = PRICES * np.exp(np.cumsum(RETURNS, axis=1))
        np.testing.assert_allclose(archive["price"], expected, rtol=1e-12)
        assert archive["asset"].tolist() == ASSETS
        assert (archive["date"] == DATES.to_numpy()).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "a.txt"}, "`path` must end in one of"),
        ({"returns": RETURNS[..., 0]}, "a name and a price for each asset"),
        ({"assets": ["SPY"]}, "1 names, 2 prices"),
        ({"dates": DATES[:4]}, "`dates` must hold one date"),
        ({"start_prices": [1.0, 0.0]}, "`start_price` must be finite and above zero"),
    ],
)
@pytest.mark.parametrize("suffix", [".npz", ".csv"])
def test_unusable_scenarios_are_refused_and_leave_nothing(tmp_path, changed, message, suffix):
    arguments = {
        "path": tmp_path / f"a{suffix}",
        "returns": RETURNS,
        "start_prices": PRICES,
        "assets": ASSETS,
        "dates": DATES,
        **changed,
    }
    with pytest.raises(ValueError, match=message):
        write_joint_scenarios(**arguments)
    assert list(tmp_path.iterdir()) == []


def test_names_of_files_are_plain_and_never_alike():
    assert file_names(["^GSPC", "gspc", "BRK/B", "..", "a b"]) == [
        "GSPC",
        "gspc-2",
        "BRK-B",
        "asset",
        "a-b",
    ]
