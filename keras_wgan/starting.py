"""How does the command line start a backend, and what of its talk is shown?"""

import importlib.util
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NATIVE_LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"  # a user who sets it sees all that it lets through
QUIET = "3"
START_UP_NOTE = re.compile(rb"[IW]\d{4} |WARNING: All log messages before absl|To enable the foll")


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
        parts = Path(__file__).parent.glob("backends/on_*.py")  # one for each that we train on
        known = sorted(part.stem.removeprefix("on_") for part in parts)
        if asked not in known:
            name = "--backend" if backend else "KERAS_BACKEND"
            raise ValueError(f"`{name}` must be one of {', '.join(known)}. Received: {asked}")
        if importlib.util.find_spec(asked) is None:
            raise ImportError(f"The backend {asked} is not installed: pip install {asked}")
        os.environ["KERAS_BACKEND"] = asked
    if "keras" not in sys.modules:
        with without_start_up_notes():
            import keras  # noqa: F401


@contextmanager
def without_start_up_notes() -> Iterator[None]:
    """Holds back what a backend's native code notes while it loads; all else is shown after."""
    # The variable hushes what comes later; it does not reach the very first notes.
    if os.environ.setdefault(NATIVE_LOG_LEVEL, QUIET) != QUIET:
        yield
        return
    screen = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(screen, 2)
            os.close(screen)
            held.seek(0)
            os.write(2, b"".join(line for line in held if not START_UP_NOTE.match(line)))


def show_warnings_as_notes() -> None:
    """Shows each warning as one sentence, once, without the line of code it comes from."""
    shown = set()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            print(f"Note: {message}", file=sys.stderr)

    warnings.showwarning = show
