"""Strict JSON: NaN and infinities written so that every program reads them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from keras_wgan.errors import InvalidInputError
from keras_wgan.io.files import reading

T = TypeVar("T")

MAX_BYTES = 2**24  # a config takes 2 KB, and 100 bytes more for each of several assets


def strict_json(content: Mapping[str, Any]) -> bytes:
    """Returns indented JSON; `null` stands for NaN, and `"inf"` or `"-inf"` for an infinity.

    JSON knows neither NaN nor infinity. Python would write them bare, and strict readers refuse
    such a file whole.
    """
    return (json.dumps(plain(content), indent=2, allow_nan=False) + "\n").encode()


def read_object(path: Path) -> dict[str, Any]:
    """Reads an object from a strict JSON file of the package; refuses others, and large files."""
    with reading(path):
        size = path.stat().st_size
    if size > MAX_BYTES:
        raise InvalidInputError(f"{path} was not written by `keras-wgan`: it takes {size:,} bytes.")
    try:
        with reading(path):
            text = path.read_text(encoding="utf-8")
        content = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{path} is damaged: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInputError(f"{path} was not written by `keras-wgan`: it must hold an object.")
    return content


def read_as(path: Path, build: Callable[[dict[str, Any]], T]) -> T:
    """Returns what `build` makes of the object in a file; its errors name the file."""
    content = read_object(path)
    try:
        return build(content)
    except ValueError as error:
        raise InvalidInputError(f"{path} is damaged: {error}") from error


def number(value: Any) -> float:
    """Returns the number that `strict_json` wrote: NaN for `null`, infinities for their words."""
    return math.nan if value is None else float(value)


def plain(value: Any) -> Any:
    """Returns the same mappings and lists, with only values that JSON knows."""
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(float(value))
    return value


def _refuse_constant(word: str) -> None:
    raise InvalidInputError(f"{word} is not JSON")
