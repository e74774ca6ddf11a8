"""What the command line shows of the messages that backends print while they load."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

DEBUG = "KERAS_WGAN_DEBUG"  # set by `--debug`; an environment variable, so that workers inherit it
LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
EVERYTHING = "0"
NO_NOTES = "1"  # warnings and errors are shown

# Messages about nothing that a user could act on, each with the source file that prints it. The
# line that training begins with names the device, which says as much as the absence of a driver.
_NOISE = re.compile(
    rb"""
    WARNING:\ All\ log\ messages\ before\ absl::InitializeLog\(\)\ is\ called\ are\ written
    | To\ enable\ the\ following\ instructions:\ .*rebuild\ TensorFlow\ with\ the\ appropriate
    | (?: [IWE]\d{4}\ [\d:.]+\ +\d+\ | \d{4}-\d\d-\d\d\ [\d:.]+:\ [IWE]\ ) [\w/]*
      (?: port\.cc:\d+\]\ oneDNN\ custom\ operations\ are\ on
        | cpu_feature_guard\.cc:\d+\]\ This\ TensorFlow\ binary\ is\ optimized\ to\ use\ available
        | cudart_stub\.cc:\d+\]\ Could\ not\ find\ cuda\ drivers\ on\ your\ machine
        | cuda_(?:platform|executor|driver)\.cc:\d+\]\ failed\ call\ to\ cuInit:\ .*\(303\)
        | cuda_(?:fft|dnn|blas)\.cc:\d+\]\ Unable\ to\ register\ cu\w+\ factory
      )
    """,
    re.VERBOSE,
)


def is_debugging() -> bool:
    """Says whether `--debug` was given."""
    return bool(os.environ.get(DEBUG))


@contextmanager
def without_start_up_noise() -> Iterator[None]:
    """Holds back standard error while a backend loads, then shows it without the known noise.

    With `--debug`, or where the user set the backends' log level to 0, everything is shown at once.
    """
    level = os.environ.setdefault(LOG_LEVEL, EVERYTHING if is_debugging() else NO_NOTES)
    if is_debugging() or level == EVERYTHING:
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
            os.write(2, b"".join(line for line in held if not _NOISE.match(line)))
