"""Checks of single arguments: whole numbers, ranges and arrays."""

import math
import reprlib
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError

MAX_COUNT = 2**31 - 1  # backends count in 32 bits
MAX_SEED = 2**31 - 1


def whole_number(name: str, value: Any, *, minimum: int = 1, maximum: int = MAX_COUNT) -> int:
    """Returns a whole number as an `int`; accepts NumPy integers, refuses `True` and `2.0`."""
    if not (_is_whole(value) and minimum <= value <= maximum):
        said = maximum != MAX_COUNT or name == "seed"
        upper = f" and at most {maximum}" if said else ""
        raise InvalidInputError(
            f"`{name}` must be a whole number of at least {minimum}{upper}. "
            f"Received: {name}={reprlib.repr(value)}"
        )
    return int(value)


def seed_number(value: Any) -> int:
    """Returns a seed as an `int`: one range for all backends, of which some count in 31 bits."""
    return whole_number("seed", value, minimum=0, maximum=MAX_SEED)


def whole_numbers(name: str, values: Any, *, minimum: int = 1) -> tuple[int, ...]:
    """Returns one or more whole numbers as a tuple of `int`, checked like `whole_number`."""
    numbers = tuple(values) if isinstance(values, Iterable) else ()
    if not numbers or not all(_is_whole(each) and minimum <= each <= MAX_COUNT for each in numbers):
        raise InvalidInputError(
            f"`{name}` must hold one or more whole numbers, each at least {minimum}. "
            f"Received: {name}={reprlib.repr(values)}"
        )
    return tuple(int(each) for each in numbers)


def in_range(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """Returns a finite number between the given bounds as a `float`; refuses `True`."""
    fits = (
        _is_finite_number(value)
        and (above is None or value > above)
        and (at_least is None or value >= at_least)
        and (below is None or value < below)
        and (at_most is None or value <= at_most)
    )
    if not fits:
        bounds = {"above": above, "at least": at_least, "below": below, "at most": at_most}
        wanted = " and ".join(f"{word} {end:g}" for word, end in bounds.items() if end is not None)
        raise InvalidInputError(
            f"`{name}` must be a finite number{' ' * bool(wanted)}{wanted}. "
            f"Received: {name}={reprlib.repr(value)}"
        )
    return float(value)


def finite_array(name: str, values: Any, *, unit: str = "values") -> NDArray[np.float64]:
    """Returns an array of finite float64 numbers; `unit` names its elements in the message."""
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"`{name}` must be an array of numbers: {error}") from error
    bad = int(np.sum(~np.isfinite(array)))
    if bad:
        raise InvalidInputError(
            f"`{name}` must be finite. Received: {bad} of {array.size} {unit} NaN or infinite"
        )
    return array


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_finite_number(value: Any) -> bool:
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # an int beyond the range of floats
        return False
