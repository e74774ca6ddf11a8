"""The export to ONNX, without a step of the converter that is wrong for several samples."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from keras_wgan.backends._replacements import Replacement

WRONG = "remove_back_to_back"  # merges two reshapes, also where the second copies a size


@contextlib.contextmanager
def exporting(format: str) -> Iterator[None]:
    """Leaves that step out inside; ONNX Runtime does such steps itself when it loads a file."""
    if format != "onnx":
        yield
        return
    from tf2onnx import optimizer

    def optimizers() -> dict[str, Callable[..., Any]]:
        return {name: made for name, made in replaced.original().items() if name != WRONG}

    replaced = Replacement(optimizer, "_get_optimizers", optimizers)
    with replaced.active():
        yield
