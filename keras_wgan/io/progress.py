"""How far is a long job? A line every few seconds, and none of a quick one."""

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

Piece = TypeVar("Piece", bound=Sized)

SECONDS = 5.0  # between two lines


def told(
    pieces: Iterable[Piece], total: int, of: str, tell: Callable[[str], object]
) -> Iterator[Piece]:
    """Hands pieces on, and tells now and then how many of all that there will be have gone by.

    Args:
        pieces: What is counted by its length.
        total: The sum of all lengths.
        of: What is counted, such as `"samples made"`.
        tell: Called with each line.

    Returns:
        An iterator of the same pieces.
    """
    done, last = 0, time.monotonic()
    for piece in pieces:
        yield piece
        done += len(piece)
        if time.monotonic() - last >= SECONDS:
            last = time.monotonic()
            tell(f"{done:,} of {total:,} {of}")


def silent(line: str) -> None:
    """Tells nobody."""
