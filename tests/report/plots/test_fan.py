"""The fan shows the quantiles of the scenarios."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.report.plots.fan import fan_picture

RNG = np.random.default_rng(0)
GENERATED = 0.01 * RNG.standard_t(4, size=(300, 40))
REAL = 0.02 * RNG.normal(size=(200, 30))
HISTORY = pd.Series(
    0.01 * RNG.normal(size=100), index=pd.bdate_range("2023-08-14", periods=100), name="log_return"
)
START = 4769.83


def prices_of(windows):
    return np.array([[START * np.exp(w[:day].sum()) for day in range(len(w) + 1)] for w in windows])


def band_of(collection):
    """Lower and upper edge of a filled band, by day."""
    vertices = collection.get_paths()[0].vertices
    days = range(int(vertices[:, 0].max()) + 1)
    return np.array([np.ptp(vertices[vertices[:, 0] == d, 1]) for d in days]), np.array(
        [vertices[vertices[:, 0] == d, 1].min() for d in days]
    )


def test_the_bands_are_the_quantiles_of_each_day():
    (axes,) = fan_picture(GENERATED, START).axes
    prices = prices_of(GENERATED)
    for collection, shares in zip(axes.collections, ([0.05, 0.95], [0.25, 0.75]), strict=True):
        low, high = np.quantile(prices, shares, axis=0)
        height, bottom = band_of(collection)
        np.testing.assert_allclose(bottom, low, rtol=1e-12)
        np.testing.assert_allclose(height, high - low, atol=1e-8)


def test_the_median_and_evenly_spaced_scenarios_are_lines():
    (axes,) = fan_picture(GENERATED[..., None], START, paths=3).axes
    prices = prices_of(GENERATED)
    median, *paths = axes.lines[:4]
    np.testing.assert_allclose(median.get_ydata(), np.quantile(prices, 0.5, axis=0), rtol=1e-12)
    for line, index in zip(paths, (0, 150, 299), strict=True):
        np.testing.assert_allclose(line.get_ydata(), prices[index], rtol=1e-12)


def test_the_past_ends_at_the_start_price_and_its_steps_are_the_last_real_returns():
    (axes,) = fan_picture(GENERATED, START, history=HISTORY).axes
    past = axes.lines[0]
    assert past.get_xdata().tolist() == list(range(-60, 1))
    assert past.get_ydata()[-1] == START
    np.testing.assert_allclose(np.diff(np.log(past.get_ydata())), HISTORY.iloc[-60:], atol=1e-12)


def test_dashed_lines_are_the_quantiles_of_real_windows_from_the_same_start():
    (axes,) = fan_picture(GENERATED, START, real=REAL).axes
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    dashed = [line for line in dashed if len(line.get_ydata()) == 31]
    expected = np.quantile(prices_of(REAL), [0.05, 0.5, 0.95], axis=0)
    np.testing.assert_allclose([line.get_ydata() for line in dashed], expected, rtol=1e-12)


def test_the_start_is_named_with_its_price_and_day():
    (with_day,) = fan_picture(GENERATED, START, history=HISTORY).axes
    assert "Start: 4,769.83 on 2023-12-29" in [text.get_text() for text in with_day.texts]
    (without,) = fan_picture(GENERATED, START).axes
    assert "Start: 4,769.83" in [text.get_text() for text in without.texts]


def test_the_ends_are_named_with_their_quantiles():
    (axes,) = fan_picture(GENERATED, START).axes
    low, middle, high = np.quantile(prices_of(GENERATED)[:, -1], [0.05, 0.5, 0.95])
    texts = [text.get_text() for text in axes.texts]
    assert {f"5%: {low:,.0f}", f"50%: {middle:,.0f}", f"95%: {high:,.0f}"} <= set(texts)


def test_a_diverged_generator_leaves_a_finite_frame():
    (axes,) = fan_picture(GENERATED * 1e30, START, real=REAL).axes
    assert axes.get_ylim()[1] <= 10.0 * START
    assert axes.get_ylim()[0] >= 0.0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start_price": -1.0}, "`start_price` must be .* Received: start_price=-1.0"),
        ({"paths": 0}, "`paths` must be a whole number of at least 1. Received: paths=0"),
        ({"generated": GENERATED[0]}, "`generated` must have the shape"),
        ({"real": REAL * np.nan}, "`real` must be finite"),
    ],
)
def test_unusable_scenarios_are_refused_by_name(changed, message):
    with pytest.raises(ValueError, match=message):
        fan_picture(**{"generated": GENERATED, "start_price": START, **changed})
