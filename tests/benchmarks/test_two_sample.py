"""The tests of many paths agree with SciPy's, path by path."""

import warnings

import numpy as np
import pytest
from scipy.stats import anderson_ksamp, ks_2samp


@pytest.mark.parametrize("sizes", [(7, 9), (100, 60), (1500, 182)])
def test_the_statistics_are_those_of_scipy(benchmark, sizes):
    rng = np.random.default_rng(0)
    first, second = 1.2 * rng.normal(size=sizes[0]), rng.normal(size=sizes[1])
    ks, ad = benchmark("two_sample").statistics(first, second)
    assert ks == pytest.approx(ks_2samp(first, second).statistic)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # p-values beyond its table
        expected = anderson_ksamp([first, second], midrank=False).statistic
    assert ad == pytest.approx(expected)


def test_one_in_twenty_samples_of_the_same_law_is_rejected(benchmark):
    rng = np.random.default_rng(1)
    passed = np.mean(
        [
            benchmark("two_sample").pass_rates(rng.normal(size=(50, 80)), rng.normal(size=90))
            for _ in range(20)
        ],
        axis=0,
    )
    assert passed == pytest.approx([95.0, 95.0], abs=2.5)
