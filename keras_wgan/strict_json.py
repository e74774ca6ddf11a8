"""How do measured numbers become JSON that every program reads?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def strict_json(content: Mapping[str, Any]) -> bytes:
    """Returns indented JSON; `null` stands for NaN, and `"inf"` or `"-inf"` for an infinity.

    JSON knows neither NaN nor infinity. Python would write them bare, and strict readers refuse
    such a file whole.
    """
    return (json.dumps(plain(content), indent=2, allow_nan=False) + "\n").encode()


def number(value: Any) -> float:
    """Returns the number that `strict_json` wrote: NaN for `null`, infinities for their words."""
    return math.nan if value is None else float(value)


def plain(value: Any) -> Any:
    """Returns the same mappings and lists with nothing in them that JSON does not know."""
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(float(value))
    return value
