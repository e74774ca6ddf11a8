"""Initial weights from a seed, and the precision that layers compute in."""

import contextlib
import random
from collections.abc import Iterator

import keras

from keras_wgan.backends import bfloat16_is_quick


@contextlib.contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Makes the initial weights of networks built inside the context depend on a seed alone.

    Keras draws the seed of each initializer, and of each mask without a seed of its own, from
    Python's global generator. Inside the context that generator starts from `seed`; afterward it
    continues from its earlier state. On PyTorch, Keras takes the masks of a Dropout without a
    `seed` from another global source: give it one.

    Example:
    ```python
    import numpy as np
    from keras_wgan.networks import classic_returns_generator, seeded

    with seeded(3):
        one = classic_returns_generator()
    with seeded(3):
        other = classic_returns_generator()
    assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights()))
    ```

    Args:
        seed: An int, or `None` for other weights each time.

    Returns:
        A context manager.
    """
    if seed is None:
        yield
        return
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


@contextlib.contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Sets the precision of the layers that are built inside the context.

    `"auto"` is bfloat16 where it saves time; `"float32"` keeps the user's global policy.
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


def computing_precision(network: keras.Model) -> str:
    """Returns the type in which the layers of a network compute, such as `"bfloat16"`."""
    types = {layer.compute_dtype for layer in network.layers}
    return "bfloat16" if "bfloat16" in types else "float32"
