"""Is what stands in a `config.json` what `keras-wgan train` wrote there? People edit such files."""

import datetime
import reprlib
from collections.abc import Callable, Mapping
from typing import Any

from keras_wgan.data import Facts, ImageFacts, ReturnsFacts
from keras_wgan.errors import InvalidInputError

NEEDED = {"recipe", "kind", "settings", "seed", "source", "data"}


def check_config(config: dict[str, Any]) -> None:
    """Checks that each entry of a run's config is of the kind that its readers expect.

    What a recipe makes of the settings, and whether the data is still there, is checked where
    they are used.

    Args:
        config: The config.

    Raises:
        ValueError: If it lacks a key, or an entry is of another kind; the sentence goes on after
            the file's name.
    """
    if NEEDED - set(config):
        raise InvalidInputError(
            f"was not written by `keras-wgan train`: it needs the keys {', '.join(sorted(NEEDED))}."
        )
    check_plan(config)
    _check(config, "", {"kind": _KIND, "data": _TABLE})
    facts_of(config)
    if "choice" in config:
        _check_choice(config)
    if "versions" in config:
        _check(config, "", {"versions": _TABLE})


def check_plan(config: dict[str, Any]) -> None:
    """Checks what every config says: a recipe, its settings, a seed, and where the data lies.

    Args:
        config: The config.

    Raises:
        ValueError: If an entry is missing or of another kind; the sentence goes on after the file's
            name.
    """
    _check(config, "", {"recipe": _TEXT, "seed": _COUNT, "settings": _TABLE, "source": _TABLE})
    _check_source(config["source"])
    if config.get("select_until") is not None:
        _check(config, "", {"select_until": _DAY})
    if "start" in config:
        _check(config, "", {"start": _TEXT})


def facts_of(config: dict[str, Any]) -> Facts:
    """Returns the facts of the data that a run was trained on."""
    kind = ReturnsFacts if config["kind"] == "returns" else ImageFacts
    try:
        return kind.from_config(config["data"])
    except ValueError as error:
        raise InvalidInputError(f"is damaged: data: {error}") from error


Rule = tuple[str, Callable[[Any], bool]]


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


_TEXT: Rule = ("a text", lambda value: isinstance(value, str))
_KIND: Rule = ('"images" or "returns"', lambda value: value in ("images", "returns"))
_TABLE: Rule = ("an object", lambda value: isinstance(value, dict))
_COUNT: Rule = ("a whole number from 0 to 2**63", _is_count)
_MANY: Rule = ("a whole number from 1 to 2**63", lambda value: _is_count(value) and value > 0)
_DAY: Rule = ("a day such as 2023-12-29", _is_day)
_MAYBE_TEXT: Rule = ("a text or null", lambda value: value is None or isinstance(value, str))


def _check(entries: Mapping[str, Any], where: str, rules: Mapping[str, Rule]) -> None:
    for name, (wanted, fits) in rules.items():
        if name not in entries:
            raise InvalidInputError(f"is damaged: it has no {where}{name}, which must be {wanted}.")
        if not fits(entries[name]):
            raise InvalidInputError(
                f"is damaged: {where}{name} must be {wanted}. "
                f"Received: {name}={reprlib.repr(entries[name])}"
            )


def _check_source(source: dict[str, Any]) -> None:
    optional = dict.fromkeys(("ticker", "start", "end"), _MAYBE_TEXT)
    _check({**dict.fromkeys(optional), **source}, "source.", {"data": _TEXT, **optional})
    unknown = set(source) - {"data", *optional}
    if unknown:
        raise InvalidInputError(
            "is damaged: source may hold data, ticker, start and end. "
            f"Received: {reprlib.repr(sorted(unknown))}"
        )


def _check_choice(config: dict[str, Any]) -> None:
    _check(config, "", {"choice": _TABLE})
    days = dict.fromkeys(("until", "first_day", "last_day"), _DAY)
    _check(config["choice"], "choice.", {**days, "days": _MANY})
    _check(config["settings"], "settings.", {"batch_size": _MANY})
