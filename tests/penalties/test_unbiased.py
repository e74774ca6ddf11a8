"""Tests of penalties that two halves of a batch estimate without bias."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_wgan.penalties import (
    AutocorrelationPenalty,
    CorrelationPenalty,
    ExtremesPenalty,
    JointFallsPenalty,
    LeveragePenalty,
    MomentPenalty,
    QuantilePenalty,
    UnbiasedPenalty,
)

SQUARED = [
    ExtremesPenalty((1, 5)),
    AutocorrelationPenalty(5),
    LeveragePenalty(5),
    CorrelationPenalty(),
    JointFallsPenalty(),
]
by_name = pytest.mark.parametrize("penalty", SQUARED, ids=lambda each: type(each).__name__)


def _float(tensor):
    return float(ops.convert_to_numpy(tensor))


def _windows(seed, count=60):
    return np.random.default_rng(seed).standard_t(4, size=(count, 20, 2)).astype("float32")


@by_name
def test_of_the_same_law_it_is_zero_on_average_where_a_squared_penalty_is_not(penalty):
    pairs = [(_windows(2 * seed), _windows(2 * seed + 1)) for seed in range(30)]
    biased = np.array([_float(penalty(*pair)) for pair in pairs])
    unbiased = np.array([_float(UnbiasedPenalty(penalty)(*pair)) for pair in pairs])
    error = unbiased.std() / np.sqrt(len(pairs))
    assert abs(unbiased.mean()) < 3 * error
    assert biased.mean() > 3 * error


@by_name
def test_of_two_equal_halves_it_is_the_penalty_of_one(penalty):
    real, fake = _windows(0), 2 * np.cumsum(_windows(1), axis=1)
    twice = (np.concatenate([real, real]), np.concatenate([fake, fake]))
    assert _float(UnbiasedPenalty(penalty)(*twice)) == pytest.approx(
        _float(penalty(real, fake)), rel=1e-4
    )


def test_an_odd_window_is_left_out():
    real, fake, penalty = _windows(0, 61), _windows(1, 61), UnbiasedPenalty(CorrelationPenalty())
    assert _float(penalty(real, fake)) == pytest.approx(_float(penalty(real[:60], fake[:60])))


def test_it_comes_back_from_its_config():
    penalty = UnbiasedPenalty(ExtremesPenalty((1, 5), weight=3.0))
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(penalty))
    pair = _windows(0), _windows(1)
    assert _float(again(*pair)) == pytest.approx(_float(penalty(*pair)))


@pytest.mark.parametrize("penalty", [QuantilePenalty(), MomentPenalty(weight=1.0)])
def test_a_penalty_that_is_not_a_square_is_refused(penalty):
    with pytest.raises(ValueError, match="`penalty` must be one on squared differences"):
        UnbiasedPenalty(penalty)
