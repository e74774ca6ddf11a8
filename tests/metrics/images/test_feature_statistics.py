"""Statistics of features: batches, order, memory, merging and files change nothing."""

import pickle
import tracemalloc

import numpy as np
import pytest

from keras_wgan.metrics import (
    FeatureStatistics,
    RunningStatistics,
    feature_statistics,
    frechet_distance,
    merge_statistics,
)


def features_of(n, dim, seed=0):
    """Skewed features far from the origin, of unlike widths, like those of a ReLU layer."""
    rng = np.random.default_rng(seed)
    mixed = np.maximum(rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim)), 0.0)
    return 100.0 + mixed * np.exp(-np.arange(dim) / (dim / 4))


def streamed(features, batch):
    running = RunningStatistics()
    for start in range(0, len(features), batch):
        running.update(features[start : start + batch])
    return running.statistics()


def check_same(found, expected, rtol=1e-10):
    assert found.count == expected.count
    np.testing.assert_allclose(found.mean, expected.mean, rtol=rtol)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=rtol, atol=1e-13)


def plain(features):
    """What NumPy says, with the textbook's factor."""
    factor = np.linalg.cholesky(np.cov(features, rowvar=False)).T
    return FeatureStatistics(features.mean(axis=0), factor, len(features))


@pytest.mark.parametrize(("n", "dim"), [(50, 4), (9, 10), (3, 10)])
def test_the_factor_is_triangular_or_short_and_multiplies_to_the_unbiased_covariance(n, dim):
    features = np.random.default_rng(0).normal(size=(n, dim))
    statistics = feature_statistics(features)
    assert statistics.count == n
    assert statistics.dim == dim
    assert statistics.factor.shape == (min(n + 1, dim), dim)
    assert n < dim - 1 or np.all(np.tril(statistics.factor, k=-1) == 0.0)
    np.testing.assert_allclose(statistics.mean, features.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(statistics.covariance, np.cov(features, rowvar=False), rtol=1e-9)


def test_features_that_never_vary_hide_nothing_of_fewer_samples_than_features():
    # As behind a ReLU, where many features are dead; the first rows of the triangle are then empty.
    features = np.maximum(np.random.default_rng(5).normal(size=(20, 40)), 0.0)
    features[:, :30] = 0.0
    covariance = feature_statistics(features).covariance
    np.testing.assert_allclose(covariance, np.cov(features, rowvar=False), atol=1e-12)
    backwards = feature_statistics(features[:, ::-1]).covariance
    np.testing.assert_allclose(backwards[::-1, ::-1], covariance, atol=1e-12)


def test_single_precision_features_are_measured_in_double_precision():
    features = np.float32(1000.0) + np.random.default_rng(3).normal(size=(90, 5)).astype("float32")
    statistics = feature_statistics(features)
    assert statistics.factor.dtype == np.float64
    expected = np.cov(features.astype("float64"), rowvar=False)
    np.testing.assert_allclose(statistics.covariance, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.zeros(5), r"`features` must have the shape \(n, dim\).*\(5,\)"),
        (np.zeros((5, 2, 2)), r"`features` must have the shape \(n, dim\).*\(5, 2, 2\)"),
        (np.zeros((5, 0)), r"`features` must have the shape \(n, dim\).*\(5, 0\)"),
        (np.zeros((1, 4)), r"`features` must have at least 2 rows.*\(1, 4\)"),
        ([[0.0, np.nan], [np.inf, 1.0]], r"`features` must be finite. Received: 2 of 4"),
    ],
)
def test_unusable_features_are_refused_by_name(features, message):
    with pytest.raises(ValueError, match=message):
        feature_statistics(features)


@pytest.mark.parametrize("batch", [1, 7, 512, 513, 3000])
def test_the_batch_size_changes_no_bit(batch):
    features = features_of(2100, 6)
    found, expected = streamed(features, batch), feature_statistics(features)
    np.testing.assert_array_equal(found.factor, expected.factor)
    np.testing.assert_array_equal(found.mean, expected.mean)


@pytest.mark.parametrize(("n", "dim"), [(4096, 2), (2100, 40), (700, 900)])
def test_batches_in_any_order_give_what_numpy_makes_of_all_at_once(n, dim):
    features = features_of(n, dim)
    running = RunningStatistics()
    for chosen in np.array_split(np.random.default_rng(1).permutation(n), 11):
        running.update(features[chosen])
    found, covariance = running.statistics(), np.cov(features, rowvar=False)
    np.testing.assert_allclose(found.mean, features.mean(axis=0), rtol=1e-12)
    scale = np.sqrt(np.outer(covariance.diagonal(), covariance.diagonal()))
    assert np.abs((found.covariance - covariance) / scale).max() < 1e-10


def test_another_order_gives_the_same_distance():
    real, made = features_of(1500, 30), features_of(1500, 30, seed=1)
    expected = frechet_distance(feature_statistics(real), feature_statistics(made))
    order = np.random.default_rng(2).permutation(1500)
    found = frechet_distance(streamed(real[order], 100), streamed(made[order[::-1]], 333))
    assert found == pytest.approx(expected, rel=1e-10)


def without_the_shift(features, batch):
    """Wrong: adds up the batches' scatter around their own means, and forgets between them."""
    running = RunningStatistics()
    for start in range(0, len(features), batch):
        part = features[start : start + batch]
        running.update(part - part.mean(axis=0))
    found = running.statistics()
    return FeatureStatistics(features.mean(axis=0), found.factor, found.count)


def test_a_stream_that_forgets_the_shift_of_the_mean_is_caught():
    features = features_of(500, 3)
    check_same(streamed(features, 50), plain(features))
    with pytest.raises(AssertionError):
        check_same(without_the_shift(features, 50), plain(features))


def test_statistics_may_be_read_before_more_samples_are_added():
    features, running = features_of(1300, 4), RunningStatistics()
    for start in range(0, 1300, 100):
        running.update(features[start : start + 100])
        assert running.count == start + 100
        check_same(running.statistics(), plain(features[: start + 100]))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_samples():
    def peak(batches):
        batch, running = np.random.default_rng(0).normal(size=(400, 50)), RunningStatistics()
        tracemalloc.start()
        for _ in range(batches):
            running.update(batch)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(10), peak(100)
    assert many < 1.05 * few < 3e6  # all of the 100 batches would be 16 MB


@pytest.mark.parametrize("cuts", [[1000], [2, 1998], [300, 301, 1500]])
def test_merged_workers_know_what_one_would_have_known(cuts):
    features = features_of(2000, 5)
    parts = [feature_statistics(part) for part in np.split(features, cuts) if len(part) > 1]
    kept = np.concatenate([part for part in np.split(features, cuts) if len(part) > 1])
    check_same(merge_statistics(parts), plain(kept))
    check_same(merge_statistics(parts[::-1]), plain(kept))


def test_merging_workers_with_fewer_samples_than_features_keeps_all_directions():
    features = features_of(60, 40)
    merged = merge_statistics(feature_statistics(part) for part in np.split(features, 4))
    covariance = np.cov(features, rowvar=False)
    np.testing.assert_allclose(merged.covariance, covariance, rtol=1e-9, atol=1e-11)
    assert merged.factor.shape == (40, 40)


def test_statistics_of_other_widths_are_not_merged():
    parts = [feature_statistics(np.eye(3)), feature_statistics(np.eye(4))]
    with pytest.raises(ValueError, match=r"`parts` must hold.*2 parts with dim=\[3, 4\]"):
        merge_statistics(parts)
    with pytest.raises(ValueError, match=r"`parts` must hold.*0 parts"):
        merge_statistics([])


def test_a_batch_of_another_width_is_refused_and_what_came_before_is_kept():
    running = RunningStatistics()
    running.update(np.eye(3))
    with pytest.raises(ValueError, match=r"features\.shape=\(2, 4\) after batches of 3 columns"):
        running.update(np.zeros((2, 4)))
    with pytest.raises(ValueError, match=r"must be finite"):
        running.update(np.full((2, 3), np.nan))
    check_same(running.statistics(), feature_statistics(np.eye(3)))


def test_one_sample_in_all_has_no_statistics():
    running = RunningStatistics()
    with pytest.raises(ValueError, match="at least 2 rows.*Received: 0 in all"):
        running.statistics()
    running.update(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="at least 2 rows.*Received: 1 in all"):
        running.statistics()


def test_saved_statistics_come_back_bit_for_bit(tmp_path):
    one = feature_statistics(features_of(20, 30))
    one.save(tmp_path / "real.npz")
    other = FeatureStatistics.load(tmp_path / "real.npz")
    np.testing.assert_array_equal(other.mean, one.mean)
    np.testing.assert_array_equal(other.factor, one.factor)
    assert other.count == 20


def write_pickled(path):
    np.savez(path, mean=np.array([{"any": "object"}]), factor=np.eye(2), count=np.array(3))


def write_one_array(path):
    with path.open("wb") as file:
        np.save(file, np.eye(3))


def write_damaged(path):
    feature_statistics(features_of(20, 30)).save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def write_truncated(path):
    feature_statistics(features_of(20, 30)).save(path)
    path.write_bytes(path.read_bytes()[:-200])


FILES = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("mean,factor"),
    "a pickle": lambda path: path.write_bytes(pickle.dumps({"mean": 1})),
    "pickled arrays": write_pickled,
    "one array": write_one_array,
    "damaged": write_damaged,
    "truncated": write_truncated,
    "other names": lambda path: np.savez(path, mu=np.zeros(2), sigma=np.eye(2)),
    "another format": lambda path: np.savez(
        path, format=np.array("2"), mean=np.zeros(2), factor=np.eye(2), count=np.array(3)
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_foreign_or_damaged_file_is_refused_by_name(tmp_path, kind):
    path = tmp_path / "real.npz"
    FILES[kind](path)
    with pytest.raises(ValueError, match=r"`path` must be a whole file.*Received: .*real\.npz; "):
        FeatureStatistics.load(path)


def test_arrays_that_do_not_fit_each_other_are_refused(tmp_path):
    for mean, factor in [(np.zeros(2), np.eye(3)), (np.zeros(2), np.full((2, 2), np.nan))]:
        FeatureStatistics(mean, factor, count=3).save(tmp_path / "real.npz")
        with pytest.raises(ValueError, match=r"arrays of shapes \(2,\), \(3, 3\)|NaN or infinite"):
            FeatureStatistics.load(tmp_path / "real.npz")


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"real\.npz"):
        FeatureStatistics.load(tmp_path / "real.npz")
