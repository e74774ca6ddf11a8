"""The moment penalty agrees with SciPy's moments."""

import keras
import numpy as np
import pytest
from scipy import stats

from keras_wgan.penalties import MomentPenalty

from helpers.tiny import table_model


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def heavy(*shape, seed=0):
    return np.random.default_rng(seed).standard_t(5, size=shape).astype("float32")


def number(tensor):
    return float(keras.ops.convert_to_numpy(tensor))


def array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def moment_in_scipy(values, order, real):
    """One moment in units of the real batch, as the docstring of `MomentPenalty` says."""
    values, real = values.astype("float64").ravel(), real.astype("float64").ravel()
    if order == 1:
        return (values.mean() - real.mean()) / real.std()
    if order == 2:
        return values.std() / real.std()
    moment = stats.moment(values / values.std(), order)
    return np.sign(moment) * np.log1p(np.abs(moment))


@pytest.mark.parametrize("order", [(1,), (2,), (3,), (4,), (5,), (1, 2, 3, 4), (4, 2)])
@pytest.mark.parametrize("shape", [(200,), (50, 4), (10, 5, 4)])
def test_the_moment_penalty_is_the_mean_squared_gap_of_scipys_moments(order, shape):
    real, fake = 0.01 * heavy(*shape, seed=1) + 0.02, 0.03 * heavy(*shape, seed=2) - 0.01
    gaps = [moment_in_scipy(fake, k, real) - moment_in_scipy(real, k, real) for k in order]
    penalty = number(MomentPenalty(order=order)(real, fake))
    assert penalty == pytest.approx(np.mean(np.square(gaps)), rel=2e-4)


def test_the_moment_penalty_of_equal_batches_is_zero():
    real = heavy(50, 4)
    assert number(MomentPenalty()(real, real.copy())) == 0.0


def test_the_moment_penalty_is_linear_in_its_weight():
    real, fake = heavy(50, 4, seed=1), 2 * heavy(50, 4, seed=2)
    one = number(MomentPenalty()(real, fake))
    assert one > 0
    assert number(MomentPenalty(weight=7.0)(real, fake)) == pytest.approx(7 * one, rel=1e-6)
    assert number(MomentPenalty(weight=0.0)(real, fake)) == 0.0


def test_the_moment_penalty_does_not_depend_on_the_units_of_the_data():
    real, fake = heavy(500, seed=1), 2 * heavy(500, seed=2)
    one = number(MomentPenalty()(real, fake))
    assert number(MomentPenalty()(100 * real + 5, 100 * fake + 5)) == pytest.approx(one, rel=1e-3)


def slope(penalty, real, fake):
    """Returns the penalty's gradient with respect to the fake batch."""
    real, fake = keras.ops.convert_to_tensor(real), keras.ops.convert_to_tensor(fake)
    return array(table_model().input_gradient(lambda x: penalty(real, x), fake))


def test_the_slope_towards_the_real_mean_is_the_one_of_a_square():
    real, fake = normal(20, 3, seed=1), normal(20, 3, seed=2) + 1
    gap = (fake.mean() - real.mean()) / real.std()
    expected = 2 * 5.0 * gap / (real.std() * fake.size)
    found = slope(MomentPenalty(order=(1,), weight=5.0), real, fake)
    np.testing.assert_allclose(found, np.full_like(fake, expected), rtol=1e-4)


@pytest.mark.parametrize("order", [(1,), (2,), (3,), (4,), (1, 2, 3, 4)])
def test_a_constant_fake_batch_has_a_finite_penalty_and_a_finite_slope(order):
    real, fake = normal(20, 3), np.full((20, 3), 0.5, "float32")
    assert np.isfinite(number(MomentPenalty(order=order)(real, fake)))
    assert np.isfinite(slope(MomentPenalty(order=order), real, fake)).all()


def test_a_step_against_the_slope_brings_all_four_moments_closer():
    real, fake = heavy(300, seed=1), (normal(300, seed=2) + 1) ** 2
    before = number(MomentPenalty()(real, fake))
    after = number(MomentPenalty()(real, fake - slope(MomentPenalty(), real, fake)))
    assert after < before


def test_a_moment_penalty_is_saved_with_its_arguments():
    penalty = MomentPenalty(order=(2, 4), weight=3.0)
    saved = keras.saving.serialize_keras_object(penalty)
    loaded = keras.saving.deserialize_keras_object(saved)
    assert (loaded.order, loaded.weight) == ((2, 4), 3.0)
    real, fake = heavy(50, seed=1), heavy(50, seed=2)
    assert number(loaded(real, fake)) == number(penalty(real, fake))


@pytest.mark.parametrize("order", [(), (0,), (1, -1), (1.5,), 3, "ab"])
def test_moments_that_are_not_whole_numbers_are_refused(order):
    with pytest.raises(
        ValueError, match=r"`order` must hold one or more whole numbers.*Received: order"
    ):
        MomentPenalty(order=order)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_that_is_negative_or_not_finite_is_refused(weight):
    with pytest.raises(ValueError, match=rf"`weight` must be .*Received: weight={weight}"):
        MomentPenalty(weight=weight)
