"""Checks of the entries of facts that were read from JSON."""

from __future__ import annotations

import reprlib
from typing import Any

from keras_wgan._validation import in_range, whole_number
from keras_wgan.data.frequency import Frequency
from keras_wgan.data.scalers import Scaler
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.schema import day, text

MAX_PRICE = 1e300  # higher start prices overflow within a few days


def names(name: str, value: Any) -> tuple[str, ...]:
    """Returns texts of which none is repeated."""
    found = tuple(text(name, each) for each in _list(name, value))
    if len(set(found)) < len(found):
        raise InvalidInputError(
            f"`{name}` must not repeat a name. Received: {name}={reprlib.repr(value)}"
        )
    return found


def prices(name: str, value: Any) -> tuple[float, ...]:
    """Returns prices above zero."""
    return tuple(in_range(name, each, above=0.0, below=MAX_PRICE) for each in _list(name, value))


def days(name: str, value: Any) -> tuple[str, ...] | None:
    """Returns days as texts; `None` stays."""
    return None if value is None else tuple(day(name, each) for each in _list(name, value))


def sizes(name: str, value: Any) -> tuple[int, ...]:
    """Returns whole numbers of at least 1."""
    return tuple(whole_number(name, each) for each in _list(name, value))


def scaler(name: str, value: Any) -> Scaler:
    """Returns a scaler."""
    try:
        return Scaler.from_config(value)
    except ValueError as error:
        raise InvalidInputError(f"`{name}` is not a scaler: {error}") from error


def frequency(name: str, value: Any) -> Frequency:
    """Returns a frequency."""
    try:
        return Frequency.from_config(value)
    except ValueError as error:
        raise InvalidInputError(f"`{name}` is not a frequency: {error}") from error


def optional_number(name: str, value: Any) -> int | None:
    """Returns a whole number; `None` stays."""
    return None if value is None else whole_number(name, value)


def one_for_each(name: str, entries: int, owners: str, count: int) -> None:
    """Raises ValueError if a field has not as many entries as another one, `owners`."""
    if entries != count:
        raise InvalidInputError(
            f"`{name}` must have an entry for each of the {count} `{owners}`. "
            f"Received: {entries} entries"
        )


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise InvalidInputError(
            f"`{name}` must be a list that is not empty. Received: {name}={reprlib.repr(value)}"
        )
    return list(value)
