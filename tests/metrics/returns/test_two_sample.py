"""The classifier test detects differences and sees no held-out days."""

import numpy as np
import pytest

from keras_wgan.metrics import classifier_two_sample
from keras_wgan.metrics.returns.two_sample import window_features
from keras_wgan.metrics.returns.windows import time_blocks


def student_windows(seed=0, count=600, df=4):
    return 0.01 * np.random.default_rng(seed).standard_t(df, size=(count, 60))


def overlapping(returns):
    return np.lib.stride_tricks.sliding_window_view(returns, 60)


def test_windows_of_the_same_kind_cannot_be_distinguished():
    assert abs(classifier_two_sample(student_windows(0, 2000), student_windows(1, 2000))) < 0.03


def test_windows_of_another_size_are_distinguished_almost_always():
    score = classifier_two_sample(student_windows(), 5.0 * student_windows(1))
    assert 0.49 < score <= 0.5


@pytest.mark.slow
def test_the_accuracy_counts_both_kinds_alike():
    few, many = student_windows(1, 150, df=30), student_windows(2, 3000, df=30)
    real = student_windows()
    assert classifier_two_sample(real, few) == pytest.approx(
        classifier_two_sample(real, many), abs=0.08
    )
    assert classifier_two_sample(student_windows(0, 2000), student_windows(1, 150)) < 0.1


def test_regimes_are_distinguished_from_returns_without_them():
    rng = np.random.default_rng(0)
    sizes = np.repeat(rng.choice([0.5, 2.0], size=40), 50)
    returns = 0.01 * rng.normal(size=2000) * sizes
    shuffled = rng.permutation(np.tile(returns, 15)).reshape(-1, 60)
    assert classifier_two_sample(overlapping(returns), shuffled) > 0.3


@pytest.mark.slow
def test_held_out_days_that_were_generated_from_push_the_score_below_zero():
    # Every window of the real history is generated: the classifier learns that the held-out days
    # are the generated ones. Blocks and the gap keep it from learning them as real.
    rng = np.random.default_rng(1)
    returns = 0.01 * rng.normal(size=2000) * np.repeat([0.5, 2.0, 1.0, 3.0], 500)
    assert classifier_two_sample(overlapping(returns), overlapping(returns)) < -0.05


@pytest.mark.slow
def test_overlap_alone_does_not_help():
    real = overlapping(0.01 * np.random.default_rng(2).standard_t(4, size=3000))
    assert abs(classifier_two_sample(real, student_windows(3, 3000))) < 0.05


@pytest.mark.slow
def test_the_seed_decides():
    one, same, other = (
        classifier_two_sample(student_windows(), student_windows(1, df=6), seed=seed)
        for seed in (1, 1, 2)
    )
    assert one == same != other


@pytest.mark.parametrize("size", [0.0, 1e200, 1e300])
def test_a_generator_that_collapsed_or_exploded_is_found_out(size):
    collapsed = size * np.ones((200, 60))
    assert classifier_two_sample(student_windows(), collapsed) > 0.45


def test_every_block_is_tested_once_and_shares_no_day_with_its_training():
    windows = overlapping(np.arange(700.0))
    folds = list(time_blocks(windows, "real"))
    np.testing.assert_array_equal(np.sum([test for _, test in folds], axis=0), 1)
    for train, test in folds:
        assert not set(windows[train].ravel()) & set(windows[test].ravel())
        assert train.sum() >= len(windows) - test.sum() - 2 * 59  # and no more is given up


def test_the_features_are_seventeen_finite_numbers():
    windows = np.concatenate([student_windows(), np.zeros((1, 60)), np.full((1, 60), 1e300)])
    features = window_features(windows, 0.01)
    assert features.shape == (602, 17) and np.isfinite(features).all()
    assert np.abs(features).max() <= 20.0


def test_a_feature_is_what_its_name_says():
    windows = np.concatenate([np.linspace(-1.0, 2.0, 20), np.linspace(2.0, -1.0, 20)])[np.newaxis]
    found = window_features(windows, 1.0)[0]
    assert found[0] == pytest.approx(0.5 * np.sqrt(40))
    assert np.exp(found[4]) == pytest.approx(2.0, rel=1e-3)
    assert np.sinh(found[5:7]) == pytest.approx([-1.0, 2.0])
    assert found[12] == pytest.approx(0.0, abs=1e-9)  # both halves are as wild
    assert np.exp(found[13]) == pytest.approx(-windows[windows < 0.0].sum() / 2, rel=0.01)
    assert np.exp(found[14]) == pytest.approx(windows[windows > 0.0].sum(), rel=0.01)


def test_too_few_real_windows_are_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least 300 windows of 60 days: held-out blocks"):
        classifier_two_sample(student_windows(count=299), student_windows())


def test_windows_of_other_days_are_refused():
    with pytest.raises(ValueError, match="windows of the same days, 20 or more"):
        classifier_two_sample(student_windows(), student_windows()[:, :30])


def test_too_few_generated_windows_are_refused():
    with pytest.raises(ValueError, match="`generated` must hold at least 100 windows"):
        classifier_two_sample(student_windows(), student_windows(count=99))


def test_real_returns_that_never_vary_are_refused():
    with pytest.raises(ValueError, match="`real` must hold returns that vary"):
        classifier_two_sample(np.zeros((300, 60)), student_windows())
