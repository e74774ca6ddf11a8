"""Moments and autocorrelations of returns against SciPy, plain loops and closed forms."""

import dataclasses
import json

import numpy as np
import pytest
import scipy.stats

from keras_wgan.metrics import ReturnMoments, moment_distance, return_moments


def sp500_windows():
    """Real S&P 500 log returns, 1999-2018, which ship inside arch, half overlapping."""
    from arch.data import sp500

    returns = np.diff(np.log(sp500.load()["Adj Close"].to_numpy()))
    return np.lib.stride_tricks.sliding_window_view(returns, 60)[::30]


def normal_windows(scale=0.01, seed=0, shape=(120, 30)):
    return np.random.default_rng(seed).normal(scale=scale, size=shape)


def test_moments_of_the_real_market_agree_with_scipy():
    windows = sp500_windows()
    moments = return_moments(windows)
    assert moments.mean == pytest.approx(windows.mean(), rel=1e-12)
    assert moments.std == pytest.approx(np.std(windows), rel=1e-12)
    assert moments.skew == pytest.approx(scipy.stats.skew(windows, axis=None), rel=1e-9)
    kurtosis = scipy.stats.kurtosis(windows, axis=None)
    assert moments.excess_kurtosis == pytest.approx(kurtosis, rel=1e-9)
    assert moments.excess_kurtosis > 5.0  # the fat tails that one window of 60 days cannot show
    assert moments.acf_abs[:10].min() > 0.1  # and the volatility clustering


def autocorrelation_in_plain_loops(windows, lag):
    everything = [r for window in windows for r in window]
    mean = sum(everything) / len(everything)
    variance = sum((r - mean) ** 2 for r in everything) / len(everything)
    products = [
        (window[day] - mean) * (window[day + lag] - mean)
        for window in windows
        for day in range(len(window) - lag)
    ]
    return sum(products) / len(products) / variance


def test_autocorrelations_agree_with_plain_loops():
    rng = np.random.default_rng(3)
    windows = rng.normal(0.02, 1.0, size=(100, 12)) * rng.uniform(0.2, 3.0, size=(100, 1))
    moments = return_moments(windows, lags=5)
    plain = [autocorrelation_in_plain_loops(windows.tolist(), lag) for lag in range(1, 6)]
    sizes = np.abs(windows).tolist()
    plain_abs = [autocorrelation_in_plain_loops(sizes, lag) for lag in range(1, 6)]
    np.testing.assert_allclose(moments.acf, plain, rtol=1e-9)
    np.testing.assert_allclose(moments.acf_abs, plain_abs, rtol=1e-9)


def test_an_autoregressive_process_has_the_powers_of_its_coefficient():
    noise = np.random.default_rng(4).normal(size=(4000, 60))
    path = np.empty_like(noise)
    path[:, 0] = noise[:, 0] / np.sqrt(1.0 - 0.6**2)  # starts where it will settle
    for day in range(1, 60):
        path[:, day] = 0.6 * path[:, day - 1] + noise[:, day]
    moments = return_moments(path)
    np.testing.assert_allclose(moments.acf, 0.6 ** np.arange(1, 21), atol=0.015)
    assert moments.std == pytest.approx(1.0 / 0.8, rel=0.01)


def test_differences_between_windows_count_as_memory_and_as_tails():
    # half the windows calm, half five times as wild, no memory inside any: a mean and std of
    # each window's own would find neither clustering nor fat tails
    windows = normal_windows(scale=1.0, seed=5, shape=(2000, 30))
    windows[::2] *= 5.0
    moments = return_moments(windows)
    # s = 1 or 5 gives E[s] = 3, E[s^2] = 13, and E|r| = sqrt(2/pi) E[s]: the variance of |r| is
    # 13 - 2/pi * 9 and its covariance at any lag 2/pi * (13 - 9)
    expected = (2.0 / np.pi * 4.0) / (13.0 - 2.0 / np.pi * 9.0)
    np.testing.assert_allclose(moments.acf_abs, expected, atol=0.03)
    # kurtosis 3 E[s^4] / E[s^2]^2
    assert moments.excess_kurtosis == pytest.approx(3.0 * 313.0 / 13.0**2 - 3.0, rel=0.05)


def test_a_last_axis_of_one_changes_nothing():
    windows = normal_windows()
    assert return_moments(windows[..., None]).to_dict() == return_moments(windows).to_dict()


def test_to_dict_holds_every_field_and_survives_json():
    moments = return_moments(normal_windows(), lags=3)
    read_back = json.loads(json.dumps(moments.to_dict()))
    assert list(read_back) == [field.name for field in dataclasses.fields(ReturnMoments)]
    assert read_back["std"] == moments.std
    assert read_back["acf_abs"] == moments.acf_abs.tolist()
    assert len(read_back["acf"]) == 3


with_nan = normal_windows()
with_nan[3, 4] = np.nan


@pytest.mark.parametrize(
    ("windows", "lags", "message"),
    [
        (np.zeros(500), 20, r"`windows` must have the shape .*windows\.shape=\(500,\)"),
        (np.zeros((200, 30, 2)), 20, r"`windows` must have the shape .*\(200, 30, 2\)"),
        (np.zeros((99, 30)), 20, r"at least 100 windows.*1\.495.*10\.27.*\(99, 30\)"),
        (np.zeros((100, 20)), 20, r"longer than `lags`.*lags=20.*lags=19 at most"),
        (np.zeros((100, 20)), 0, r"`lags` must be a whole number of at least 1. Received: lags=0"),
        (with_nan, 20, r"`windows` must be finite. Received: 1 of 3600"),
    ],
)
def test_unusable_windows_are_refused_by_name(windows, lags, message):
    with pytest.raises(ValueError, match=message):
        return_moments(windows, lags=lags)


REAL = ReturnMoments(
    mean=0.0,
    std=0.02,
    skew=-0.5,
    excess_kurtosis=7.0,
    acf=np.zeros(2),
    acf_abs=np.array([0.3, 0.2]),
)


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"mean": -0.01}, 0.5),  # 0.01 / 0.02
        ({"std": 0.04}, np.log(2.0)),
        ({"std": 0.01}, np.log(2.0)),
        ({"skew": 0.25}, 0.75),
        ({"excess_kurtosis": 0.0}, 0.7),  # 7 / (3 + 7)
        ({"acf": np.array([0.3, -0.4])}, np.sqrt(0.125)),
        ({"acf_abs": np.zeros(2)}, np.sqrt(0.065)),
        ({}, 0.0),
    ],
)
def test_each_gap_alone_has_its_hand_value(change, gap):
    distance = moment_distance(REAL, dataclasses.replace(REAL, **change))
    assert distance == pytest.approx(gap / 6.0, rel=1e-12, abs=0.0)


def test_the_gaps_add_up():
    generated = dataclasses.replace(REAL, std=0.04, skew=0.25, excess_kurtosis=0.0)
    expected = (np.log(2.0) + 0.75 + 0.7) / 6.0
    assert moment_distance(REAL, generated) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, -1e-4])
def test_a_constant_generator_is_infinitely_far(value):
    # 0.1 has no exact binary form, so a plain std of the constant would be 1e-17, not zero
    constant = return_moments(np.full((150, 30), value))
    assert constant.std == 0.0
    assert np.isnan(constant.excess_kurtosis)
    assert np.isnan(constant.acf).all()
    assert moment_distance(return_moments(normal_windows()), constant) == np.inf


def test_returns_of_one_size_only_are_infinitely_far():
    signs = np.where(normal_windows() > 0.0, 0.01, -0.01)
    moments = return_moments(signs)
    assert moments.std == pytest.approx(0.01, rel=1e-2)
    assert np.isnan(moments.acf_abs).all()
    assert moment_distance(return_moments(normal_windows()), moments) == np.inf


def test_constant_real_returns_are_refused_as_a_market_reference():
    constant = return_moments(np.zeros((150, 30)))
    with pytest.raises(ValueError, match="`real` must come from returns that vary"):
        moment_distance(constant, return_moments(normal_windows()))


def test_different_lags_are_refused():
    windows = normal_windows()
    with pytest.raises(ValueError, match=r"same `lags`\. Received: 20 and 10 lags"):
        moment_distance(return_moments(windows), return_moments(windows, lags=10))
