"""Losses and penalties against plain NumPy and SciPy in float64."""

import keras
import numpy as np
import pytest

from keras_wgan import losses


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


def test_the_norm_of_a_zero_gradient_is_zero_next_to_others_that_are_not():
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
