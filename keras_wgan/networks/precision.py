"""What do networks compute in? Single precision, or bfloat16 where that is quicker."""

import contextlib
from collections.abc import Iterator

import keras

from keras_wgan.backends import bfloat16_is_quick


@contextlib.contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Gives the layers that are built inside it their precision; theirs alone where they say so.

    Args:
        precision: `"bfloat16"`, `"auto"` for bfloat16 where it is quick, or `"float32"`, which
            leaves the policy that was chosen for all of Keras.

    Returns:
        A context manager.
    """
    if precision == "float32" or (precision == "auto" and not bfloat16_is_quick()):
        yield
        return
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
