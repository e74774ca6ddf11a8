"""Checks of single arguments and of the arguments of the public classes that use them."""

import fractions
import re

import keras
import numpy as np
import pytest

from keras_wgan import WGANGP, latents, penalties
from keras_wgan._validation import finite_array, in_range, whole_number, whole_numbers
from keras_wgan.callbacks import SampleImages
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import Settings


@pytest.mark.parametrize("value", [2, np.int64(2), np.uint8(2)])
def test_a_whole_number_becomes_an_int(value):
    assert type(whole_number("n", value)) is int
    assert whole_number("n", value) == 2


@pytest.mark.parametrize(
    "value", [True, np.True_, 2.0, np.float32(2), "2", None, 2 + 0j, fractions.Fraction(2), [2]]
)
def test_another_value_is_not_a_whole_number(value):
    message = re.escape("`n` must be a whole number of at least 1. Received: n=")
    with pytest.raises(InvalidInputError, match=message):
        whole_number("n", value)


def test_a_whole_number_has_bounds():
    assert [whole_number("n", end, minimum=-1, maximum=3) for end in (-1, 3)] == [-1, 3]
    for outside in (-2, 4):
        with pytest.raises(InvalidInputError, match=r"at least -1 and at most 3. Received: n="):
            whole_number("n", outside, minimum=-1, maximum=3)
    with pytest.raises(InvalidInputError, match="`n` must be a whole number of at least 1"):
        whole_number("n", 2**31)


def test_a_huge_number_is_shortened_in_the_message():
    with pytest.raises(InvalidInputError) as caught:
        whole_number("n", 10**4000)
    assert len(str(caught.value)) < 120


def test_whole_numbers_become_a_tuple():
    assert whole_numbers("lags", [1, np.int32(5)]) == (1, 5)


@pytest.mark.parametrize("values", [(), (1, 0), (1, 2.0), (True,), 3, "12", None])
def test_other_values_are_not_whole_numbers(values):
    with pytest.raises(InvalidInputError, match="`lags` must hold one or more whole numbers"):
        whole_numbers("lags", values)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"above": 0}, 1e-9, 0),
        ({"at_least": 0}, 0, -1e-9),
        ({"below": 1}, 0.999, 1),
        ({"at_most": 1}, np.float32(1), 1.001),
        ({}, 2**1000, 2**1024),
    ],
)
def test_a_number_lies_between_its_bounds(bounds, inside, outside):
    assert type(in_range("x", inside, **bounds)) is float
    assert in_range("x", inside, **bounds) == inside
    with pytest.raises(InvalidInputError, match=r"`x` must be a finite number.*Received: x="):
        in_range("x", outside, **bounds)


@pytest.mark.parametrize("value", [True, np.True_, np.nan, np.inf, -np.inf, "1", None, [1.0]])
def test_another_value_is_not_a_finite_number(value):
    with pytest.raises(InvalidInputError, match=r"`x` must be a finite number. Received: x="):
        in_range("x", value)


def test_the_message_names_both_bounds():
    with pytest.raises(InvalidInputError, match="a finite number at least 0 and below 1"):
        in_range("x", 1, at_least=0, below=1)


def test_an_array_becomes_float64():
    array = finite_array("returns", [[1, 2], [3, 4]])
    assert (array.dtype, array.tolist()) == (np.float64, [[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, np.nan, np.inf], "Received: 2 of 3 days NaN or infinite"),
        (["a"], "must be an array of numbers"),
        ([[1.0], [1.0, 2.0]], "must be an array of numbers"),
    ],
)
def test_an_array_that_is_not_finite_numbers_is_refused(values, message):
    with pytest.raises(InvalidInputError, match=message):
        finite_array("returns", values, unit="days")


def tiny_model(**arguments):
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    return WGANGP(generator, critic, **{"latent": 3, **arguments})


USERS = {
    "critic_steps": lambda value: tiny_model(critic_steps=value),
    "penalty_warmup": lambda value: tiny_model(penalty_warmup=value),
    "latent": latents.as_latent,
    "size": latents.Normal,
    "order": lambda value: penalties.MomentPenalty(order=(value,)),
    "lags": penalties.LeveragePenalty,
    "horizons": lambda value: penalties.QuantilePenalty(horizons=(value,)),
    "rows": lambda value: SampleImages("unused", rows=value),
    "epochs": lambda value: Settings(epochs=value),
    "n": lambda value: tiny_model().generate(value),
}


@pytest.mark.parametrize("wrong", [2.0, True, 0.5, "2"])
@pytest.mark.parametrize("name", USERS)
def test_every_count_of_the_core_refuses_what_is_no_whole_number(name, wrong):
    with pytest.raises((ValueError, TypeError), match=rf"`{name}` must .*whole number"):
        USERS[name](wrong)


@pytest.mark.parametrize("name", USERS)
def test_every_count_of_the_core_accepts_a_numpy_integer(name):
    USERS[name](np.int64(2))


def test_numpy_numbers_are_saved_as_plain_ones():
    config = tiny_model(critic_steps=np.int64(2), gp_weight=np.float32(5)).get_config()
    assert type(config["critic_steps"]) is int
    assert type(config["gp_weight"]) is float
    assert type(Settings(epochs=np.int64(2)).epochs) is int
