"""The callbacks of series log their distance and save pictures in the units of the data."""

import numpy as np
import pytest

from keras_wgan.callbacks import SampleSeries, SeriesDistance
from keras_wgan.metrics import series_distance

ROWS = np.random.default_rng(0).normal(size=(200, 2)).astype("float32")
WINDOWS = np.lib.stride_tricks.sliding_window_view(ROWS, 8, axis=0).swapaxes(1, 2)


def test_the_logged_distance_is_that_of_the_scores():
    made = 2.0 * WINDOWS[:50]
    distance = SeriesDistance(ROWS, 8, samples=50, sampler=lambda *_: made)
    logs = {}
    distance.on_epoch_end(0, logs)
    expected = series_distance(distance.reference.scores(made))
    assert logs == {"series_distance": pytest.approx(expected), "series_distance_fresh": 1.0}
    assert 1.5 < expected < 2.5  # twice as wide as the real rows


def test_samples_that_are_not_finite_are_at_an_infinite_distance():
    broken = np.full((50, 8, 2), np.nan, "float32")
    logs = {}
    SeriesDistance(ROWS, 8, samples=50, sampler=lambda *_: broken).on_epoch_end(0, logs)
    assert logs["series_distance"] == np.inf


def test_a_picture_is_drawn_in_the_units_of_the_data_under_its_epoch(tmp_path):
    drawn = SampleSeries(
        tmp_path,
        100.0 * WINDOWS,
        ["heat", "load"],
        inverse=lambda samples: 100.0 * samples,
        sampler=lambda model, count, seed: WINDOWS[:count],
    )
    drawn.on_epoch_end(1, {})
    assert [path.name for path in tmp_path.iterdir()] == ["epoch_0002.png"]
    figure = drawn.draw(drawn.in_units(WINDOWS[:3]), 2)
    assert figure._suptitle.get_text() == "Epoch 2"
    lines = [line for line in figure.axes[0].lines if len(line.get_ydata()) == 8]
    np.testing.assert_allclose(lines[-1].get_ydata(), 100.0 * WINDOWS[2, :, 0])
