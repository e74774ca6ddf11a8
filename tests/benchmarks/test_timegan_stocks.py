"""The scores of TimeGAN find windows that differ, and the controls are what they say."""

import numpy as np
import pandas as pd
import pytest

from keras_wgan.data import Source

RNG = np.random.default_rng(0)
ROWS = np.cumsum(RNG.normal(size=(200, 4)), axis=0)


def loaded(benchmark, folder, table):
    """Returns the windows of a table, from a file of it."""
    path = folder / "table.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    return benchmark("timegan_stocks").windows_of(Source(str(path)))


@pytest.fixture
def real(benchmark, tmp_path):
    return loaded(benchmark, tmp_path, {f"column {at}": ROWS[:, at] for at in range(4)})


@pytest.fixture
def quick(benchmark):
    return benchmark("timegan_scores").Protocol(30, 80, batch=32, runs=1, learning_rate=0.05)


def test_windows_start_at_each_row_and_fill_the_range_of_each_column(real):
    assert real.shape == (177, 24, 4) and real.dtype == np.float32
    np.testing.assert_array_equal(real[5, 3], real[8, 0])
    assert real.min(axis=(0, 1)) == pytest.approx(np.zeros(4))
    assert real.max(axis=(0, 1)) == pytest.approx(np.ones(4))


def test_a_random_walk_takes_real_steps_from_real_rows(benchmark, real):
    walks = benchmark("timegan_stocks").random_walk(real, seed=0)
    assert walks.shape == real.shape
    rows = np.concatenate([real[:, 0], real[-1, 1:]])
    steps = np.diff(rows, axis=0)
    nearest = np.abs(np.diff(walks, axis=1)[0, :, None] - steps).max(axis=2).min(axis=1)
    assert nearest.max() < 1e-6
    assert np.abs(walks[0, 0] - rows).max(axis=1).min() == 0.0


def test_an_autoregression_without_noise_continues_its_rows(benchmark, tmp_path):
    decay = 0.9 ** np.arange(200)
    real = loaded(benchmark, tmp_path, {"a": decay, "b": 1.0 - decay**2})
    paths = benchmark("timegan_stocks").autoregression(real, seed=0)
    ratio = np.diff(paths[..., 0], axis=1)
    np.testing.assert_allclose(ratio[:, 1:], 0.9 * ratio[:, :-1], atol=1e-5)


@pytest.mark.slow
def test_windows_elsewhere_are_told_apart_and_copies_are_not(benchmark, real, quick):
    score = benchmark("timegan_scores").discriminative_score
    assert score(real, real + 5.0, quick, 0) == pytest.approx(0.5)
    assert score(real, real, quick, 0) < 0.25  # 71 test windows: a deviation of 0.06


@pytest.mark.slow
def test_a_last_column_at_another_level_is_missed_by_the_difference(benchmark, quick):
    real = RNG.uniform(size=(100, 6, 4)).astype("float32")
    real[:, :, -1] = 0.9
    low = real.copy()
    low[:, :, -1] = 0.1
    score = benchmark("timegan_scores").predictive_score
    assert score(real, low, quick, 0) == pytest.approx(0.8, abs=0.1)
    assert score(real, real, quick, 0) < 0.1


@pytest.mark.slow
def test_the_recipe_makes_as_many_windows_of_the_same_shape(benchmark, real, tmp_path):
    source = Source(str(tmp_path / "table.csv"))
    made = benchmark("timegan_stocks").trained_series(real, seed=0, source=source, epochs=1)
    assert made.shape == real.shape and np.isfinite(made).all()
