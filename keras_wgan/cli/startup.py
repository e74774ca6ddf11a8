"""The start of a command: the backend, the devices, and what is shown of warnings."""

import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import typer

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.console import is_debugging, without_start_up_noise

if TYPE_CHECKING:
    from keras_wgan.backends.devices import Devices

MAX_DEVICES = 64  # of one machine
# Read from the folder, because importing `keras_wgan.backends` settles the backend.
BACKENDS = sorted(
    path.parent.name for path in (Path(__file__).parents[1] / "backends").glob("*/trainer.py")
)
# What Keras loads only in case somebody uses it together with them, which no command does. It takes
# longer than making a thousand scenarios.
COMPANIONS = ("matplotlib", "sklearn")


def start_backend(backend: str | None, devices: str = "1") -> "Devices":
    """Settles the backend, loads Keras on it, and returns the devices to train on.

    `backend` is its name, or `None` for the value of `KERAS_BACKEND` or Keras' own setting, and
    `devices` the value of `--devices`.
    """
    count, split_processor = asked_devices(devices)
    _settle(backend)
    typer.echo("Loading Keras ...")  # which takes seconds
    with without_start_up_noise():  # devices are looked for inside, which prints messages too
        with _without_companions():
            import keras

        from keras_wgan.backends import accelerators, several_devices
        from keras_wgan.backends.devices import ONE_DEVICE
        from keras_wgan.backends.messages import hide_retracing_notes

        hide_retracing_notes()
        if is_debugging():
            keras.config.disable_traceback_filtering()
        if count > 1:
            return several_devices(count, split_processor=split_processor)
        accelerators()
        return ONE_DEVICE


def asked_devices(text: str) -> tuple[int, bool]:
    """Returns how many devices are requested, and whether the processor is to be split."""
    count = text.removeprefix("cpu:")
    if not (count.isdecimal() and count.isascii() and 1 <= int(count) <= MAX_DEVICES):
        raise InvalidInputError(
            f"`--devices` must be a whole number from 1 to {MAX_DEVICES}, such as 2, or cpu:2 to "
            f"split the processor. Received: {shorten(text, 80)}"
        )
    return int(count), text.startswith("cpu:")


def show_warnings_as_notes() -> None:
    """Shows each warning as one sentence, once, without the line of code it comes from."""
    shown = set()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            print(f"Note: {message}", file=sys.stderr)

    warnings.showwarning = show


@contextmanager
def _without_companions() -> Iterator[None]:
    """Hides packages that Keras imports where it finds them; our own later imports find them."""
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    hidden = [name for name in COMPANIONS if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)


def _settle(backend: str | None) -> None:
    asked = backend or os.environ.get("KERAS_BACKEND")
    if not asked:
        return
    if asked not in BACKENDS:
        name = "--backend" if backend else "KERAS_BACKEND"
        raise InvalidInputError(f"`{name}` must be one of {', '.join(BACKENDS)}. Received: {asked}")
    if importlib.util.find_spec(asked) is None:
        raise MissingPackageError(f"The backend {asked} is not installed: pip install {asked}")
    os.environ["KERAS_BACKEND"] = asked
