"""Linear algebra on one thread, where more threads mostly wait for each other."""

import contextlib
import functools
import threading
from collections.abc import Iterator

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

_ALONE = threading.Lock()  # the number of threads belongs to the process


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Runs NumPy's and SciPy's linear algebra on one thread inside.

    Decompositions consist of thousands of short products. OpenBLAS divides each of them among its
    threads and waits for the last one; if other programs use the cores, it waits for the
    scheduler. The singular values of 2,048 x 2,048 numbers took 4 seconds on one thread and 12 on
    two while the two cores were busy, those of 256 x 256 took 10 ms and 1 s.
    """
    with _ALONE, _libraries().limit(limits=1, user_api="blas"):
        yield


@functools.cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
