"""The devices that the command line trains on: one, or several that share each batch."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class Devices:
    """Devices that share each batch, and the contexts for building models and for `fit`."""

    count: int = 1
    building: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext
    training: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext


ONE_DEVICE = Devices()


def check_count(count: int, available: list[str]) -> None:
    """Raises ValueError if `count` exceeds the number of available devices."""
    if count > len(available):
        raise InvalidInputError(
            f"`--devices` asks for {count} devices, but only {len(available)} are available: "
            f"{', '.join(available)}. Ask for fewer, or split the processor to try it out: "
            f"--devices cpu:{count}"
        )
