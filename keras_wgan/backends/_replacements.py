"""The one way in which the package replaces a function of a library for a while."""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any


class Replacement:
    """Replaces an attribute of a module or class by another function inside `active()`.

    The replacement holds in the threads that are inside `active()`; other threads get the
    library's function. The attribute is put back when the last thread leaves, in whatever order
    they do so: the replicas of a `tf.distribute` strategy enter in turn, pause each other in the
    middle, and would otherwise put back each other's replacement.

    Args:
        owner: The module or class.
        name: The attribute.
        function: The replacement; it may call `original`, the library's function.
    """

    original: Callable[..., Any]  # set while a thread is inside

    def __init__(self, owner: Any, name: str, function: Callable[..., Any]) -> None:
        self._owner, self._name, self._function = owner, name, function
        self._here = threading.local()
        self._lock = threading.Lock()
        self._inside = 0

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Replaces the function; may be nested."""
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self.original = getattr(self._owner, self._name)
                setattr(self._owner, self._name, self._dispatcher(self.original))
        self._here.depth = self._depth + 1
        try:
            yield
        finally:
            self._here.depth -= 1
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    setattr(self._owner, self._name, self.original)

    @property
    def _depth(self) -> int:
        return getattr(self._here, "depth", 0)

    def _dispatcher(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)  # Keras reads the signature of `call`
        def function(*arguments: Any, **named: Any) -> Any:
            return (self._function if self._depth else original)(*arguments, **named)

        return function
