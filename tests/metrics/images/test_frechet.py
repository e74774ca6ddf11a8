"""The Frechet distance against closed forms, SciPy, eigenvalues and torch-fidelity."""

import numpy as np
import pytest
import scipy.linalg

from keras_wgan.metrics import FeatureStatistics, feature_statistics, frechet_distance

from helpers.fidelity_cases import clouds, saved_cases


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


# From as few samples as features to the largest cloud and the widest features that stay quick.
GRID = [*((n, dim) for dim in (2, 5, 16) for n in (40, 300)), (4096, 2), (600, 128)]


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
@pytest.mark.parametrize(("n", "dim"), GRID[:6])
def test_the_check_against_scipy_catches_known_mistakes(wrong, n, dim):
    with pytest.raises(AssertionError):
        check_against_scipy(wrong, n, dim)


@pytest.mark.slow
@pytest.mark.parametrize("case", saved_cases(), ids=lambda case: f"{case['n']}x{case['dim']}")
def test_it_agrees_with_torch_fidelity(case):
    real, generated = clouds(case["n"], case["dim"])
    # Where n < dim its eigenvalues of zero carry errors of about 1e-8, whose roots add up.
    tolerance = 1e-9 if case["n"] > case["dim"] else 2e-6
    assert distance(real, generated) == pytest.approx(case["frechet"], rel=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "dim"), [(2, 3), (2, 512), (8, 32), (30, 40), (128, 256)])
def test_fewer_samples_than_features_agree_with_the_eigenvalues(n, dim):
    real, generated = two_clouds(n, dim)
    expected = from_covariances(real, generated, by_eigenvalues)
    np.testing.assert_allclose(distance(real, generated), expected, rtol=1e-6)


def test_exact_diagonal_gaussians_have_the_closed_form():
    real = FeatureStatistics(np.array([0.0, 1.0]), np.diag([1.0, 2.0]), count=10)
    generated = FeatureStatistics(np.array([3.0, 1.0]), np.diag([4.0, 2.5]), count=10)
    # (3-0)^2 for the means, (1-4)^2 + (2-2.5)^2 for the standard deviations
    assert frechet_distance(real, generated) == pytest.approx(9.0 + 9.0 + 0.25, abs=1e-12)


def test_two_flat_clouds_have_the_known_distance():
    # Means apart by (4, 8); variances of the first feature 25/99 and 1225/99; the second never
    # varies: 80 + (5 - 35)^2 / 99.
    real, generated = np.ones((100, 2)), np.full((100, 2), 9.0)
    real[:50, 0], generated[50:, 0] = 2.0, 2.0
    assert distance(real, generated) == pytest.approx(89.091, abs=1e-4)
    assert distance(real, generated) == pytest.approx(80.0 + 900.0 / 99.0, rel=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "dim"), [(200, 8), (8, 200), (2, 512), (4096, 2), (600, 512)])
def test_the_distance_to_itself_is_zero(n, dim):
    features = np.random.default_rng(1).normal(size=(n, dim))
    assert 0.0 <= distance(features, features) <= 1e-9
    assert 0.0 <= distance(features, features[::-1]) <= 1e-9  # not the same bits


def test_copies_of_a_few_samples_are_at_no_distance_from_themselves():
    rank_deficient = np.tile(np.random.default_rng(1).normal(size=(5, 40)), (20, 1))
    assert 0.0 <= distance(rank_deficient, rank_deficient[::-1]) <= 1e-9


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150])
def test_the_distance_scales_with_the_square_of_the_features(scale):
    real, generated = two_clouds(50, 4)
    found = distance(scale * real, scale * generated) / scale / scale
    assert found == pytest.approx(distance(real, generated), rel=1e-9)


def test_a_distance_too_large_for_a_float_is_infinite_and_no_error():
    real, generated = two_clouds(50, 4)
    assert distance(real, 1e200 * generated) == np.inf


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


def test_different_numbers_of_features_are_refused():
    with pytest.raises(ValueError, match=r"real\.dim=3, generated\.dim=4"):
        distance(np.eye(3), np.eye(4))
