"""On which devices does the command line train? On one, or on several that share each batch."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class Devices:
    """Devices that share each batch, and where they must be named.

    Args:
        count: How many there are.
        building: Opens a context for building and loading models.
        training: Opens a context for `fit`.
    """

    count: int = 1
    building: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext
    training: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext


ONE_DEVICE = Devices()


def check_count(count: int, there: list[str]) -> None:
    """Raises ValueError where more devices are asked for than there are."""
    if count > len(there):
        raise InvalidInputError(
            f"`--devices` asks for {count} devices, and there are {len(there)} of their kind: "
            f"{', '.join(there)}. Ask for fewer, or split the processor to try it out: "
            f"--devices cpu:{count}"
        )
