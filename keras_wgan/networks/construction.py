"""Which random weights does a network start from? Those that a seed stands for."""

import contextlib
import random
from collections.abc import Iterator

import keras

from keras_wgan.backends import bfloat16_is_quick


@contextlib.contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Gives the networks that are built inside it the first weights that a seed stands for.

    Keras draws the seed of each initializer and of each mask that is not given one from Python's
    global generator. Inside, that generator starts from `seed`; after it, it goes on where it was.
    On PyTorch, Keras takes the masks of a Dropout without a `seed` of its own from another, global
    source: give it one.

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
        seed: A whole number, or `None` to leave everything to chance.

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


def computing_precision(network: keras.Model) -> str:
    """Returns the type in which the layers of a network compute, such as `"bfloat16"`."""
    types = {layer.compute_dtype for layer in network.layers}
    return "bfloat16" if "bfloat16" in types else "float32"
