"""Progress of long jobs: a line every few seconds, and none for a quick job."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

Piece = TypeVar("Piece", bound=Sized)

SECONDS = 5.0  # between two lines


def with_progress(
    pieces: Iterable[Piece], total: int, unit: str, progress: Callable[[str], object]
) -> Iterator[Piece]:
    """Yields the same pieces, and says every few seconds how many of the total have passed.

    A piece counts by its length, and `unit` names what is counted, such as `"samples made"`.
    """
    done, last = 0, time.monotonic()
    for piece in pieces:
        yield piece
        done += len(piece)
        if time.monotonic() - last >= SECONDS:
            last = time.monotonic()
            progress(f"{done:,} of {total:,} {unit}")


def silent(line: str) -> None:
    """Discards a line of progress."""


def keras_verbosity() -> int:
    """Returns Keras' `verbose`: a progress bar on a terminal, a plain line an epoch elsewhere."""
    return 1 if sys.stdout.isatty() else 2


def shows_bar(verbose: int | str) -> bool:
    """Says whether a training of Keras' `verbose` shows a bar; `"auto"` asks for a terminal."""
    return (keras_verbosity() if verbose == "auto" else verbose) == 1
