"""How does the command line start a backend, and what of its talk is shown?"""

import importlib.util
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.io.console import without_start_up_notes


def choose_backend(backend: str | None) -> None:
    """Settles the backend and loads Keras, which from then on keeps to it.

    Args:
        backend: Its name, or `None` for `KERAS_BACKEND`, and without that Keras' own choice.

    Raises:
        ValueError: If we do not train on it.
        ImportError: If it is not installed.
    """
    asked = backend or os.environ.get("KERAS_BACKEND")
    if asked:
        parts = (Path(__file__).parents[1] / "backends").glob("*/trainer.py")
        known = sorted(part.parent.name for part in parts)  # without importing any of them
        if asked not in known:
            name = "--backend" if backend else "KERAS_BACKEND"
            raise InvalidInputError(
                f"`{name}` must be one of {', '.join(known)}. Received: {asked}"
            )
        if importlib.util.find_spec(asked) is None:
            raise MissingPackageError(f"The backend {asked} is not installed: pip install {asked}")
        os.environ["KERAS_BACKEND"] = asked
    if "keras" not in sys.modules:
        with without_start_up_notes():
            import keras  # noqa: F401


def show_warnings_as_notes() -> None:
    """Shows each warning as one sentence, once, without the line of code it comes from."""
    shown = set()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            print(f"Note: {message}", file=sys.stderr)

    warnings.showwarning = show
