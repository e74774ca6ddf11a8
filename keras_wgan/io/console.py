"""What is kept off the screen while a backend loads."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

NATIVE_LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"  # a user who sets it sees all that it lets through
QUIET = "3"
START_UP_NOTE = re.compile(rb"[IW]\d{4} |WARNING: All log messages before absl|To enable the foll")


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
