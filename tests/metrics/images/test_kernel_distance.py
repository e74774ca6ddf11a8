"""The kernel distance against scikit-learn's kernel, plain loops and torch-fidelity."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from keras_wgan.metrics import KernelDistance, kernel_distance

from helpers.fidelity_cases import clouds, saved_cases


def by_scikit_learn(first, second):
    """The unbiased estimate of one block, term by term."""
    n, m = len(first), len(second)
    within = polynomial_kernel(first, degree=3, coef0=1.0)
    without = polynomial_kernel(second, degree=3, coef0=1.0)
    across = polynomial_kernel(first, second, degree=3, coef0=1.0)
    pairs = sum(within[i, j] for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    others = sum(without[i, j] for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return pairs + others - 2 * across.mean()


def test_it_is_the_mean_over_blocks_of_scikit_learns_kernel():
    real, generated = clouds(60, 5)
    rng = np.random.default_rng(7)
    dealt = [np.array_split(cloud[rng.permutation(60)], 3) for cloud in (real, generated)]
    expected = [by_scikit_learn(a, b) for a, b in zip(*dealt, strict=True)]
    found = kernel_distance(real, generated, block_size=20, seed=7)
    assert found.value == pytest.approx(np.mean(expected), rel=1e-10)
    assert found.block_std == pytest.approx(np.std(expected, ddof=1), rel=1e-10)
    assert found.standard_error == pytest.approx(np.std(expected, ddof=1) / 3**0.5, rel=1e-10)
    assert found.blocks == 3


@pytest.mark.parametrize("case", saved_cases(), ids=lambda case: f"{case['n']}x{case['dim']}")
def test_it_agrees_with_torch_fidelity(case):
    real, generated = clouds(case["n"], case["dim"])
    found = kernel_distance(real, generated, block_size=case["n"], seed=0)  # two blocks at least
    assert found.value == pytest.approx(np.mean(case["kernels"]), rel=1e-9)
    assert found.block_std == pytest.approx(np.std(case["kernels"], ddof=1), rel=1e-9)


def test_one_feature_has_the_closed_form_of_its_moments():
    # E (x y + 1)^3 over independent pairs is a sum of products of moments: all moments up to the
    # third differ by 1, 3, 3 where one side is always 1 and the other always 0: 1 + 3 + 3 + 1 - 1.
    found = kernel_distance(np.zeros((10, 1)), np.ones((12, 1)))
    assert found.value == pytest.approx(8.0 + 1.0 - 2.0, rel=1e-12)
    assert found.block_std == pytest.approx(0.0, abs=1e-12)


def test_it_is_unbiased_for_few_samples_where_the_frechet_distance_is_not():
    values = [
        kernel_distance(*np.random.default_rng(seed).normal(size=(2, 20, 3)), block_size=10).value
        for seed in range(200)
    ]
    assert abs(np.mean(values)) < 3 * np.std(values) / 200**0.5


def test_no_sample_is_left_out_where_blocks_do_not_come_out_even():
    real, generated = clouds(200, 8)
    moved = generated[:101].copy()
    before = kernel_distance(real, moved, block_size=50).value
    for row in range(0, 101, 10):
        moved[row] += 1.0
        after = kernel_distance(real, moved, block_size=50).value
        assert after != before
        before = after


def test_a_block_of_one_sample_is_refused():
    with pytest.raises(
        ValueError, match="`block_size` must be a whole number of at least 2.*block_size=1"
    ):
        kernel_distance(np.eye(4), np.eye(4), block_size=1)


def test_the_error_is_that_of_a_mean():
    assert KernelDistance(1.0, block_std=0.4, blocks=16).standard_error == pytest.approx(0.1)
