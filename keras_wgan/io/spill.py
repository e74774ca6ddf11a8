"""Arrays on disk, for more rows than fit into memory."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from keras_wgan.errors import FileAccessError


class ArrayOnDisk:
    """An array on disk that grows by rows and is read by rows.

    On Linux the file has no name, so that it is removed however the program ends.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = Path(folder or tempfile.gettempdir())
        with self._errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the array
        self._dtype: np.dtype[Any] = np.dtype(np.float64)
        self.shape: tuple[int, ...] = (0,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    def append(self, rows: NDArray[Any]) -> None:
        """Adds rows `(n, ...)` of the same dtype and shape as the first ones."""
        if not len(self):
            self._dtype, self.shape = rows.dtype, (0, *rows.shape[1:])
        assert (rows.dtype, rows.shape[1:]) == (self._dtype, self.shape[1:])
        self._file.seek(0, 2)
        with self._errors():
            self._file.write(np.ascontiguousarray(rows).data)
        self.shape = (len(self) + len(rows), *self.shape[1:])

    def __getitem__(self, rows: slice) -> NDArray[np.float64]:
        """Returns consecutive rows `(n, ...)` in float64."""
        first, last, _ = rows.indices(len(self))
        row = self._dtype.itemsize * math.prod(self.shape[1:])
        self._file.seek(first * row)
        content = self._file.read((last - first) * row)
        stored = np.frombuffer(content, self._dtype)
        return stored.reshape(last - first, *self.shape[1:]).astype(np.float64)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FileAccessError(
                f"A temporary file in {self._folder} cannot be written: {error.strerror or error}. "
                "Check its free space and permissions."
            ) from error
