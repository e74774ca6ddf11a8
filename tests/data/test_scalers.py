"""Tests of the scaler: its two fits, its inverse, and the configs that it refuses."""

import dataclasses
import json

import numpy as np
import pytest

from keras_wgan.data import Scaler

RETURNS = np.random.default_rng(0).standard_t(4, size=(50, 60, 1)) * 0.01
FITS = pytest.mark.parametrize("fit", [Scaler.min_max, Scaler.standard])


def test_min_max_maps_lowest_to_minus_one_and_highest_to_one():
    scaler = Scaler.min_max([-2.0, 0.0, 1.0, 6.0])
    assert scaler == Scaler((2.0,), (4.0,))
    np.testing.assert_array_equal(scaler.transform([-2.0, 2.0, 6.0, 10.0]), [-1, 0, 1, 2])


def test_standard_maps_mean_to_zero_and_one_deviation_to_one():
    scaler = Scaler.standard([1.0, 3.0, 5.0, 7.0])
    assert scaler == Scaler((4.0,), (np.sqrt(5.0),))
    np.testing.assert_allclose(scaler.transform([4.0, 4.0 + np.sqrt(5.0)]), [0.0, 1.0], rtol=1e-15)


@FITS
def test_inverse_undoes_transform(fit):
    scaler = fit(RETURNS)
    returned = scaler.inverse(scaler.transform(RETURNS))
    # Relative to the size of the data: a return near zero loses digits next to the lowest one.
    np.testing.assert_allclose(returned, RETURNS, rtol=1e-12, atol=1e-12 * np.abs(RETURNS).max())


@FITS
def test_inverse_undoes_transform_digit_by_digit_for_prices(fit):
    prices = np.geomspace(676.53, 4796.56, 200)
    scaler = fit(prices)
    np.testing.assert_allclose(scaler.inverse(scaler.transform(prices)), prices, rtol=1e-12)


@FITS
@pytest.mark.parametrize(
    ("given", "expected"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)],
)
def test_float32_stays_float32_and_all_else_is_float64(fit, given, expected):
    values = np.array([[1], [2], [4]], dtype=given)
    scaler = fit(values)
    scaled = scaler.transform(values)
    assert scaled.dtype == expected
    assert scaled.shape == values.shape
    assert scaler.inverse(scaled).dtype == expected
    np.testing.assert_allclose(scaler.inverse(scaled), values, rtol=1e-6)


@FITS
def test_transform_does_not_change_its_input(fit):
    values = np.array([1.0, 2.0, 4.0])
    scaler = fit(values)
    scaler.inverse(scaler.transform(values))
    np.testing.assert_array_equal(values, [1.0, 2.0, 4.0])


@FITS
def test_a_scaler_of_one_column_takes_values_of_any_shape(fit):
    scaler = fit(RETURNS)
    windows = scaler.transform(RETURNS)
    np.testing.assert_array_equal(scaler.transform(RETURNS[..., 0]), windows[..., 0])
    np.testing.assert_array_equal(scaler.transform(RETURNS.ravel()), windows.ravel())


@FITS
def test_a_config_survives_json_exactly(fit):
    scaler = fit(RETURNS)
    assert Scaler.from_config(json.loads(json.dumps(scaler.to_config()))) == scaler


def test_a_scaler_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scaler((0.0,), (1.0,)).offset = (1.0,)


@FITS
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.1, 0.1, 0.1], r"must vary.*3 times 0\.1"),
        ([[0.1, 0.3], [0.2, 0.3]], r"must vary.*2 times 0\.3"),
        ([0.1, np.nan], r"finite.*1 of 2 values NaN or infinite"),
        ([0.1, -np.inf], "finite"),
        ([], r"not be empty.*\(0,\)"),
    ],
)
def test_fit_refuses_data_without_a_scale(fit, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit(values)


def test_fit_refuses_a_range_beyond_float64():
    with pytest.raises(ValueError, match="`scale` must be a finite number above 0"):
        Scaler.min_max([-1.7e308, 1.7e308])


@pytest.mark.parametrize(
    ("offset", "scale", "sentence"),
    [
        ((0.0,), (0.0,), "`scale` must be a finite number above 0.*scale=0.0"),
        ((0.0,), (-1.0,), "`scale` must be"),
        ((np.nan,), (1.0,), "`offset` must be a finite number.*nan"),
        ((0.0,), (np.inf,), "`scale` must be"),
        (("0",), (1.0,), "`offset` must be"),
        ((0.0,), (True,), "`scale` must be"),
        ((0.0, 0.0), (1.0,), "one number for each column.*2 offsets and 1 scales"),
        ((), (), "one number for each column.*0 offsets"),
    ],
)
def test_numbers_that_make_no_scale_are_refused(offset, scale, sentence):
    with pytest.raises(ValueError, match=sentence):
        Scaler(offset, scale)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"kind": "robust"}, "must hold `offset` and `scale`.*robust"),
        ({"offset": [0.0]}, "must hold `offset` and `scale`"),
        ({"offset": 0.0, "scale": [1.0]}, "`offset` must be a list.*offset=0.0"),
        ([0.0, 1.0], "must hold `offset` and `scale`"),
    ],
)
def test_a_config_that_fits_no_scaler_is_refused(config, sentence):
    with pytest.raises(ValueError, match=sentence):
        Scaler.from_config(config)


@FITS
def test_each_column_has_the_scale_that_it_would_have_alone(fit):
    values = np.random.default_rng(1).normal(size=(30, 2)) * [0.01, 0.05]
    scaler = fit(values)
    scaled = scaler.transform(values)
    for asset in range(2):
        alone = fit(values[:, asset])
        assert alone == scaler.column(asset)
        np.testing.assert_array_equal(scaled[:, asset], alone.transform(values[:, asset]))
    np.testing.assert_allclose(scaler.inverse(scaled), values, rtol=1e-12, atol=1e-15)
    assert Scaler.from_config(json.loads(json.dumps(scaler.to_config()))) == scaler


def test_values_with_another_number_of_columns_are_refused():
    scaler = Scaler.standard([[1.0, 10.0], [3.0, 30.0]])
    with pytest.raises(ValueError, match=r"2 columns along the last axis.*\(4, 3\)"):
        scaler.transform(np.zeros((4, 3)))
