"""Items of which the next one is made while the last one is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yields the items; a thread makes the next one in the meantime.

    No more than one item waits. An error of the items is raised in its turn, after those before it.
    """
    ahead = iter(items)
    with ThreadPoolExecutor(max_workers=1) as thread:
        waiting = thread.submit(next, ahead)
        while True:
            try:
                item = waiting.result()
            except StopIteration:
                return
            waiting = thread.submit(next, ahead)
            yield item
