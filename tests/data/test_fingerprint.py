"""Tests of the fingerprint of returns."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import log_returns
from keras_wgan.data.fingerprint import compare, fingerprint

DAYS = pd.bdate_range("2020-01-06", "2020-03-31")
OF_VERSION_0_2 = "2020-01:8499ccb4 2020-02:5b22caf4 2020-03:4bcfb499"


def _returns():
    found = pd.DataFrame(
        {"A": np.linspace(-0.02, 0.03, len(DAYS)), "B": np.linspace(0.01, -0.01, len(DAYS))},
        index=DAYS,
    )
    found.iloc[:3, 1] = np.nan
    return found


def _differ(returns, mark=None):
    return compare(mark or fingerprint(_returns()), returns, whole=True).different


def test_an_entry_is_the_month_a_checksum_of_its_days_and_its_weighted_sum():
    days = pd.DatetimeIndex(["2020-01-30", "2020-01-31", "2020-02-03"])
    entries = fingerprint(pd.DataFrame({"A": [0.01, 0.02, 0.04]}, index=days)).split()
    golden = (5**0.5 - 1) / 2
    sums = [float(entry.rsplit(":", 1)[1]) for entry in entries]
    assert [entry.split(":")[0] for entry in entries] == ["2020-01", "2020-02"]
    assert sums == pytest.approx([0.01 + 0.02 * (1 + golden), 0.04], abs=1e-9)


def test_the_same_prices_to_six_digits_and_to_fifteen_are_the_same_data():
    prices = 2500.85009765625 * np.exp(np.nan_to_num(_returns()).cumsum(axis=0))
    exact = pd.DataFrame(prices, index=DAYS)
    mark = fingerprint(log_returns(exact))
    found = compare(mark, log_returns(exact.round(6)), whole=True)
    assert found.shared == ("2020-01", "2020-02", "2020-03") and found.different == ()


@pytest.mark.parametrize("change", ["price", "assets", "days", "missing", "date"])
def test_other_data_differs_in_the_months_that_changed(change):
    other = _returns()
    if change == "price":  # one price corrected by a hundredth of a percent
        other.iloc[25:27, 0] += [1e-4, -1e-4]
    elif change == "assets":
        other.loc["2020-02"] = other.loc["2020-02", ["B", "A"]].to_numpy()
    elif change == "days":
        other.loc["2020-02"] = other.loc["2020-02"].to_numpy()[::-1]
    elif change == "missing":
        other.iloc[25, 1] = np.nan
    else:
        other = other.drop(pd.Timestamp("2020-02-12"))
    assert _differ(_returns()) == ()
    assert _differ(other) == ("2020-02",)


def test_a_month_that_only_one_history_has_differs_where_they_are_compared_as_a_whole():
    assert _differ(_returns()[:"2020-02-29"]) == ("2020-03",)
    mark = fingerprint(_returns())
    later = compare(mark, _returns()["2020-01-15":"2020-02-29"], whole=False)
    assert (later.shared, later.different) == (("2020-02",), ())


def test_a_fingerprint_of_version_0_2_is_still_compared_to_nine_digits_of_a_return():
    assert _differ(_returns(), OF_VERSION_0_2) == ()
    assert _differ(_returns() + 1e-8, OF_VERSION_0_2) == ("2020-01", "2020-02", "2020-03")


@pytest.mark.parametrize("entry", ["2020-02:abcdefgh:many", "2020-02:abcdefgh:nan", "2020-02:"])
def test_a_month_that_someone_rewrote_differs(entry):
    first, _, third = fingerprint(_returns()).split()
    assert _differ(_returns(), f"{first} {entry} {third}") == ("2020-02",)
