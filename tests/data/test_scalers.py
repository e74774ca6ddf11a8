"""The scalers: what each maps where, and the contract that both keep."""

import dataclasses
import json

import numpy as np
import pytest

from keras_wgan.data import AssetScalers, MinMaxScaler, StandardScaler, scaler_from_config

RETURNS = np.random.default_rng(0).standard_t(4, size=(50, 60, 1)) * 0.01
SCALERS = pytest.mark.parametrize("kind", [MinMaxScaler, StandardScaler])


def test_min_max_maps_lowest_to_minus_one_and_highest_to_one():
    scaler = MinMaxScaler.fit([[-2.0, 0.0], [1.0, 6.0]])
    assert scaler == MinMaxScaler(low=-2.0, high=6.0)
    np.testing.assert_array_equal(scaler.transform([-2.0, 2.0, 6.0, 10.0]), [-1, 0, 1, 2])


def test_standard_maps_mean_to_zero_and_one_deviation_to_one():
    scaler = StandardScaler.fit([[1.0, 3.0], [5.0, 7.0]])
    assert scaler == StandardScaler(mean=4.0, std=np.sqrt(5.0))
    np.testing.assert_allclose(scaler.transform([4.0, 4.0 + np.sqrt(5.0)]), [0.0, 1.0], rtol=1e-15)


@SCALERS
def test_inverse_undoes_transform(kind):
    scaler = kind.fit(RETURNS)
    returned = scaler.inverse(scaler.transform(RETURNS))
    # Relative to the size of the data: a return near zero loses digits beside the lowest one.
    np.testing.assert_allclose(returned, RETURNS, rtol=1e-12, atol=1e-12 * np.abs(RETURNS).max())


@SCALERS
def test_inverse_undoes_transform_digit_by_digit_for_prices(kind):
    prices = np.geomspace(676.53, 4796.56, 200)
    scaler = kind.fit(prices)
    np.testing.assert_allclose(scaler.inverse(scaler.transform(prices)), prices, rtol=1e-12)


@SCALERS
@pytest.mark.parametrize(
    ("given", "expected"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.int64, np.float64)],
)
def test_float32_stays_float32_and_all_else_is_float64(kind, given, expected):
    values = np.array([[1], [2], [4]], dtype=given)
    scaler = kind.fit(values)
    scaled = scaler.transform(values)
    assert scaled.dtype == expected
    assert scaled.shape == values.shape
    assert scaler.inverse(scaled).dtype == expected
    np.testing.assert_allclose(scaler.inverse(scaled), values, rtol=1e-6)


@SCALERS
def test_transform_leaves_its_input_alone(kind):
    values = np.array([1.0, 2.0, 4.0])
    scaler = kind.fit(values)
    scaler.inverse(scaler.transform(values))
    np.testing.assert_array_equal(values, [1.0, 2.0, 4.0])


@SCALERS
def test_a_config_survives_json_exactly(kind):
    scaler = kind.fit(RETURNS)
    assert scaler_from_config(json.loads(json.dumps(scaler.to_config()))) == scaler


@SCALERS
def test_a_scaler_cannot_be_changed(kind):
    scaler = kind.fit(RETURNS)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(scaler, next(iter(dataclasses.asdict(scaler))), 1.0)


@SCALERS
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.1, 0.1, 0.1], r"must vary.*3 times 0\.1"),
        ([0.1, np.nan], r"finite.*\(2,\) with 1 not finite"),
        ([0.1, -np.inf], "finite"),
        ([], r"not empty.*\(0,\)"),
    ],
)
def test_fit_refuses_data_without_a_scale(kind, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        kind.fit(values)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (MinMaxScaler, (1.0, 1.0)),
        (MinMaxScaler, (2.0, 1.0)),
        (MinMaxScaler, (0.0, np.inf)),
        (MinMaxScaler, (-1.7e308, 1.7e308)),
        (MinMaxScaler, ("0", 1.0)),
        (StandardScaler, (0.0, 0.0)),
        (StandardScaler, (np.nan, 1.0)),
        (StandardScaler, (0.0, True)),
    ],
)
def test_numbers_that_make_no_scale_are_refused(kind, numbers):
    with pytest.raises(ValueError, match=r"must be finite numbers.*Received"):
        kind(*numbers)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"kind": "robust"}, r'config\["kind"\].*"min_max" or "standard".*robust'),
        ({"low": 0.0, "high": 1.0}, "kind"),
        ({"kind": "min_max", "low": 0.0}, "must hold high and low"),
        ({"kind": "standard", "mean": 0.0, "std": 1.0, "low": 0.0}, "must hold mean and std"),
    ],
)
def test_a_config_that_fits_no_scaler_is_refused(config, sentence):
    with pytest.raises(ValueError, match=sentence):
        scaler_from_config(config)


@SCALERS
def test_each_asset_has_the_scale_that_it_would_have_alone(kind):
    values = np.random.default_rng(1).normal(size=(30, 2)) * [0.01, 0.05]
    scaler = AssetScalers.fit(kind, values)
    scaled = scaler.transform(values)
    for asset in range(2):
        alone = kind.fit(values[:, asset]).transform(values[:, asset])
        np.testing.assert_array_equal(scaled[:, asset], alone)
    np.testing.assert_allclose(scaler.inverse(scaled), values, rtol=1e-12, atol=1e-15)
    assert scaler_from_config(json.loads(json.dumps(scaler.to_config()))) == scaler


def test_values_of_other_assets_are_refused():
    scaler = AssetScalers.fit(StandardScaler, [[1.0, 10.0], [3.0, 30.0]])
    with pytest.raises(ValueError, match=r"2 assets along the last axis.*\(4, 3\)"):
        scaler.transform(np.zeros((4, 3)))
