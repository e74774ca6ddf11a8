"""Checks of single arguments: one for whole numbers, one for ranges, one for arrays."""

import math
import reprlib
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError

MAX_COUNT = 2**31 - 1  # backends count in 32 bits


def whole_number(name: str, value: Any, *, minimum: int = 1, maximum: int = MAX_COUNT) -> int:
    """Returns a whole number as an `int`; NumPy's are taken, `True` and `2.0` are not.

    Args:
        name: What the user calls the argument, such as `"critic_steps"`.
        value: What was passed.
        minimum: The smallest number allowed. Defaults to `1`.
        maximum: The largest number allowed. Defaults to `2**31 - 1`.

    Returns:
        The number.

    Raises:
        ValueError: If it is something else.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
    if not is_whole or not minimum <= value <= maximum:
        upper = "" if maximum == MAX_COUNT else f" and at most {maximum}"
        raise InvalidInputError(
            f"`{name}` must be a whole number of at least {minimum}{upper}. "
            f"Received: {name}={reprlib.repr(value)}"
        )
    return int(value)


def in_range(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """Returns a finite number that lies between the given bounds.

    Args:
        name: What the user calls the argument.
        value: What was passed; `True` is no number.
        above: The number must be larger than this. Defaults to `None`.
        at_least: The number must not be smaller than this. Defaults to `None`.
        below: The number must be smaller than this. Defaults to `None`.
        at_most: The number must not be larger than this. Defaults to `None`.

    Returns:
        The number.

    Raises:
        ValueError: If it is something else.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
    fits = (
        is_number
        and _is_finite(value)
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
    """Returns an array of finite float64 numbers.

    Args:
        name: What the user calls the argument.
        values: What was passed.
        unit: What its elements are, for the message. Defaults to `"values"`.

    Returns:
        `values` as float64, of the same shape.

    Raises:
        ValueError: If they are not numbers, or some are NaN or infinite.
    """
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


def _is_finite(value: Real) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond the range of floats
        return False
