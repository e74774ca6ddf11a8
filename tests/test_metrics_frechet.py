"""The Frechet distance against closed forms, SciPy's matrix square root and eigenvalues."""

import numpy as np
import pytest
import scipy.linalg

from keras_wgan.metrics import FeatureStatistics, feature_statistics, frechet_distance


def two_clouds(n, dim, seed=0):
    """Real and generated features whose covariances do not commute."""
    rng = np.random.default_rng(seed)
    real = rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim))
    generated = rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim)
    return real, generated


def distance(real, generated):
    return frechet_distance(feature_statistics(real), feature_statistics(generated))


def from_covariances(real, generated, trace_of_root, ddof=1):
    """The textbook formula on plain covariances, with the given trace of the root of S1 S2."""
    first = np.cov(real, rowvar=False, ddof=ddof)
    second = np.cov(generated, rowvar=False, ddof=ddof)
    means = np.sum((real.mean(axis=0) - generated.mean(axis=0)) ** 2)
    return means + np.trace(first) + np.trace(second) - 2.0 * trace_of_root(first, second)


def by_matrix_root(first, second):
    return np.trace(scipy.linalg.sqrtm(first @ second)).real


def by_eigenvalues(first, second):
    # complex, because a zero eigenvalue may come out as -1e-17, whose real root is NaN
    return np.sqrt(np.linalg.eigvals(first @ second).astype(complex)).real.sum()


def check_against_scipy(candidate, n, dim):
    real, generated = two_clouds(n, dim)
    expected = from_covariances(real, generated, by_matrix_root)
    np.testing.assert_allclose(candidate(real, generated), expected, rtol=1e-6)


GRID = [(n, dim) for dim in (2, 5, 16) for n in (40, 300)]


@pytest.mark.parametrize(("n", "dim"), GRID)
def test_it_agrees_with_the_matrix_square_root_of_scipy(n, dim):
    check_against_scipy(distance, n, dim)


def product_of_roots(real, generated):
    """Wrong: tr(S1^(1/2) S2^(1/2)) is tr (S1 S2)^(1/2) only where S1 and S2 commute."""
    return from_covariances(
        real,
        generated,
        lambda a, b: np.trace(scipy.linalg.sqrtm(a) @ scipy.linalg.sqrtm(b)).real,
    )


def biased_covariances(real, generated):
    """Wrong: divides by n where the unbiased covariance divides by n - 1."""
    return from_covariances(real, generated, by_matrix_root, ddof=0)


@pytest.mark.parametrize("wrong", [product_of_roots, biased_covariances])
@pytest.mark.parametrize(("n", "dim"), GRID)
def test_the_check_against_scipy_catches_known_mistakes(wrong, n, dim):
    with pytest.raises(AssertionError):
        check_against_scipy(wrong, n, dim)


@pytest.mark.parametrize(("n", "dim"), [(2, 3), (8, 32), (30, 40)])
def test_fewer_samples_than_features_agree_with_the_eigenvalues(n, dim):
    real, generated = two_clouds(n, dim)
    expected = from_covariances(real, generated, by_eigenvalues)
    np.testing.assert_allclose(distance(real, generated), expected, rtol=1e-6)


def test_exact_diagonal_gaussians_have_the_closed_form():
    real = FeatureStatistics(np.array([0.0, 1.0]), np.diag([1.0, 2.0]), count=10)
    generated = FeatureStatistics(np.array([3.0, 1.0]), np.diag([4.0, 2.5]), count=10)
    # (3-0)^2 for the means, (1-4)^2 + (2-2.5)^2 for the standard deviations
    assert frechet_distance(real, generated) == pytest.approx(9.0 + 9.0 + 0.25, abs=1e-12)


@pytest.mark.parametrize(("n", "dim"), [(200, 8), (8, 200)])
def test_the_distance_to_itself_is_zero(n, dim):
    features = np.random.default_rng(1).normal(size=(n, dim))
    assert 0.0 <= distance(features, features) <= 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_near_equal_statistics_never_give_a_negative_distance(seed):
    features = np.random.default_rng(seed).normal(size=(30, 12))
    assert distance(features, features[::-1]) >= 0.0


@pytest.mark.parametrize("sizes", [(50, 50), (6, 50), (50, 6)])
def test_swapping_real_and_generated_changes_nothing(sizes):
    real, generated = two_clouds(50, 10)
    real, generated = real[: sizes[0]], generated[: sizes[1]]
    assert distance(real, generated) == pytest.approx(distance(generated, real), rel=1e-12)


@pytest.mark.parametrize(("n", "dim"), [(100, 4), (5, 20)])
def test_a_collapsed_generator_leaves_the_mean_gap_and_the_real_variances(n, dim):
    real = np.random.default_rng(2).normal(size=(n, dim))
    generated = np.tile(np.linspace(-1.0, 1.0, dim), (n, 1))
    mean_gap = np.sum((real.mean(axis=0) - generated[0]) ** 2)
    expected = mean_gap + real.var(axis=0, ddof=1).sum()
    assert distance(real, generated) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("n", "dim", "rows"), [(50, 4, 4), (3, 10, 3)])
def test_the_factor_is_triangular_and_multiplies_to_the_unbiased_covariance(n, dim, rows):
    features, _ = two_clouds(n, dim)
    statistics = feature_statistics(features)
    assert statistics.count == n
    assert statistics.dim == dim
    assert statistics.factor.shape == (rows, dim)
    assert np.all(np.tril(statistics.factor, k=-1) == 0.0)
    np.testing.assert_allclose(statistics.mean, features.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(statistics.covariance, np.cov(features, rowvar=False), rtol=1e-9)


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


def test_different_numbers_of_features_are_refused():
    with pytest.raises(ValueError, match=r"real\.dim=3, generated\.dim=4"):
        distance(np.eye(3), np.eye(4))
