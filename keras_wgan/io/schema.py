"""Checks of tables that were read from JSON, such as a run's configuration."""

import datetime
import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from keras_wgan.errors import InvalidInputError

Check = Callable[[str, Any], Any]


def checked(
    table: Any,
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *,
    inside: str = "",
) -> dict[str, Any]:
    """Returns the checked entries of a table; `None` stands for an optional one that is missing.

    `inside` is the name of the entry that holds the table; errors put it before their own.
    """
    if not isinstance(table, Mapping):
        raise InvalidInputError(f"`{inside}` must be a table. Received: {reprlib.repr(table)}")
    prefix = f"{inside}." if inside else ""
    if missing := [name for name in required if name not in table]:
        raise InvalidInputError(f"`{prefix}{missing[0]}` is missing. Restore the original file.")
    found = {name: check(prefix + name, table[name]) for name, check in required.items()}
    for name, check in (optional or {}).items():
        value = table.get(name)
        found[name] = None if value is None else check(prefix + name, value)
    return found


def refuse_unknown(table: Any, names: Iterable[str], *, inside: str = "") -> None:
    """Refuses a table with other entries than these names."""
    names = list(names)
    if isinstance(table, Mapping) and (unknown := [name for name in table if name not in names]):
        where = f" of `{inside}`" if inside else ""
        raise InvalidInputError(
            f"The entries{where} are {', '.join(names)}. Received: {reprlib.repr(unknown[0])}"
        )


def text(name: str, value: Any) -> str:
    """Returns a text."""
    if not isinstance(value, str):
        raise InvalidInputError(f"`{name}` must be a text. Received: {_received(name, value)}")
    return value


def day(name: str, value: Any) -> str:
    """Returns a day as text."""
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"`{name}` must be a day such as 2023-12-29. Received: {_received(name, value)}"
        ) from error
    return text(name, value)


def clock_time(name: str, value: Any) -> str:
    """Returns a time of the day as text."""
    try:
        datetime.time.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"`{name}` must be a time such as 15:30. Received: {_received(name, value)}"
        ) from error
    return text(name, value)


def mapping(name: str, value: Any) -> dict[str, Any]:
    """Returns a table."""
    if not isinstance(value, dict):
        raise InvalidInputError(f"`{name}` must be a table. Received: {_received(name, value)}")
    return value


def _received(name: str, value: Any) -> str:
    return f"{name.rpartition('.')[2]}={reprlib.repr(value)}"
