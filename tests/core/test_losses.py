"""Losses and penalties against plain NumPy and SciPy in float64."""

import keras
import numpy as np
import pytest
from scipy import stats

from keras_wgan import losses
from keras_wgan.losses import MomentPenalty, moment_penalty

from helpers.tiny import table_model


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def heavy(*shape, seed=0):
    return np.random.default_rng(seed).standard_t(5, size=shape).astype("float32")


def number(tensor):
    return float(keras.ops.convert_to_numpy(tensor))


def array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_the_critic_loss_is_the_mean_fake_score_less_the_mean_real_score():
    real, fake = normal(30, seed=1), normal(20, seed=2)
    loss = number(losses.critic_loss(real, fake))
    assert loss == pytest.approx(fake.mean(dtype="float64") - real.mean(dtype="float64"), abs=1e-6)


def test_the_generator_loss_is_the_negative_mean_fake_score():
    fake = normal(20, seed=2)
    assert number(losses.generator_loss(fake)) == pytest.approx(-fake.mean(dtype="float64"))


@pytest.mark.parametrize("shape", [(4,), (4, 3), (4, 3, 2)])
def test_a_mixed_sample_lies_on_the_line_between_its_real_and_its_fake_one(shape):
    real, fake = normal(5, *shape, seed=1), normal(5, *shape, seed=2)
    weights = np.array([0.0, 0.25, 0.5, 0.75, 1.0], "float32").reshape(5, *[1] * len(shape))
    mixed = array(losses.interpolate(real, fake, weights))
    np.testing.assert_array_equal(mixed[0], fake[0])
    np.testing.assert_array_equal(mixed[4], real[4])
    np.testing.assert_allclose(mixed, fake + weights * (real - fake), atol=1e-6)


@pytest.mark.parametrize("shape", [(4,), (4, 3), (4, 3, 2)])
def test_a_gradient_norm_runs_over_all_axes_but_the_first(shape):
    slope = normal(6, *shape)
    expected = np.linalg.norm(slope.reshape(6, -1).astype("float64"), axis=1)
    np.testing.assert_allclose(array(losses.gradient_norm(slope)), expected, rtol=1e-6)


def test_the_norm_of_a_zero_gradient_is_zero_beside_others_that_are_not():
    slope = np.array([[0, 0], [3, 4]], "float32")
    assert array(losses.gradient_norm(slope)).tolist() == [0.0, 5.0]


@pytest.mark.parametrize("target", [1.0, 0.5, 2.0])
@pytest.mark.parametrize("one_sided", [False, True])
def test_the_penalty_is_the_mean_square_of_the_relative_distance_to_the_target(target, one_sided):
    norms = np.abs(normal(50)) * 2
    excess = norms.astype("float64") / target - 1
    if one_sided:
        excess = np.maximum(excess, 0)
    assert 0 < np.mean(norms < target) < 1  # both sides are there
    penalty = losses.gradient_penalty(norms, target=target, one_sided=one_sided)
    assert number(penalty) == pytest.approx(np.mean(excess**2), rel=1e-5)


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
    penalty = number(moment_penalty(order=order)(real, fake))
    assert penalty == pytest.approx(np.mean(np.square(gaps)), rel=2e-4)


def test_the_moment_penalty_of_equal_batches_is_zero():
    real = heavy(50, 4)
    assert number(moment_penalty()(real, real.copy())) == 0.0


def test_the_moment_penalty_is_linear_in_its_weight():
    real, fake = heavy(50, 4, seed=1), 2 * heavy(50, 4, seed=2)
    one = number(moment_penalty()(real, fake))
    assert one > 0
    assert number(moment_penalty(weight=7.0)(real, fake)) == pytest.approx(7 * one, rel=1e-6)
    assert number(moment_penalty(weight=0.0)(real, fake)) == 0.0


def test_the_moment_penalty_does_not_depend_on_the_units_of_the_data():
    real, fake = heavy(500, seed=1), 2 * heavy(500, seed=2)
    one = number(moment_penalty()(real, fake))
    assert number(moment_penalty()(100 * real + 5, 100 * fake + 5)) == pytest.approx(one, rel=1e-3)


def slope(penalty, real, fake):
    """Returns the penalty's gradient with respect to the fake batch."""
    real, fake = keras.ops.convert_to_tensor(real), keras.ops.convert_to_tensor(fake)
    return array(table_model().input_gradient(lambda x: penalty(real, x), fake))


def test_the_slope_towards_the_real_mean_is_the_one_of_a_square():
    real, fake = normal(20, 3, seed=1), normal(20, 3, seed=2) + 1
    gap = (fake.mean() - real.mean()) / real.std()
    expected = 2 * 5.0 * gap / (real.std() * fake.size)
    found = slope(moment_penalty(order=(1,), weight=5.0), real, fake)
    np.testing.assert_allclose(found, np.full_like(fake, expected), rtol=1e-4)


@pytest.mark.parametrize("order", [(1,), (2,), (3,), (4,), (1, 2, 3, 4)])
def test_a_constant_fake_batch_has_a_finite_penalty_and_a_finite_slope(order):
    real, fake = normal(20, 3), np.full((20, 3), 0.5, "float32")
    assert np.isfinite(number(moment_penalty(order=order)(real, fake)))
    assert np.isfinite(slope(moment_penalty(order=order), real, fake)).all()


def test_a_step_against_the_slope_brings_all_four_moments_closer():
    real, fake = heavy(300, seed=1), (normal(300, seed=2) + 1) ** 2
    before = number(moment_penalty()(real, fake))
    after = number(moment_penalty()(real, fake - slope(moment_penalty(), real, fake)))
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
        moment_penalty(order=order)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_that_is_negative_or_not_finite_is_refused(weight):
    with pytest.raises(ValueError, match=rf"`weight` must be .*Received: weight={weight}"):
        moment_penalty(weight=weight)


def layer(**regularizers):
    built = keras.layers.Dense(3, bias_initializer="ones", **regularizers)
    built.build((None, 4))
    return built


def test_weight_penalties_add_up_what_each_regularizer_asks_for():
    one = layer(kernel_regularizer=keras.regularizers.L2(0.5))
    other = layer(
        kernel_regularizer=keras.regularizers.L1(0.25), bias_regularizer=keras.regularizers.L2(2.0)
    )
    expected = (
        0.5 * np.sum(np.square(one.get_weights()[0], dtype="float64"))
        + 0.25 * np.sum(np.abs(other.get_weights()[0]), dtype="float64")
        + 2.0 * 3  # three biases of one
    )
    asked = losses.weight_penalties([*one.trainable_variables, *other.trainable_variables])
    assert number(asked) == pytest.approx(expected, rel=1e-6)


def test_weights_without_a_regularizer_ask_for_nothing():
    assert number(losses.weight_penalties(layer().trainable_variables)) == 0.0
    assert number(losses.weight_penalties([])) == 0.0
