"""Samples drawn from any Keras model that can generate."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from keras_wgan.errors import InvalidInputError, InvalidTypeError

Sampler = Callable[[keras.Model, int, int], Any]
"""A function `(model, count, seed)` that returns `count` samples, first axis first."""


# The methods of a model that can generate, and what they are called with.
CALLS = {"generate": {"seed": 0}, "generate_batches": {"seed": 0, "batch_size": 1}}


def check_sampler(model: keras.Model, sampler: Sampler | None) -> None:
    """Raises an error if there is no way to draw samples with a seed."""
    if sampler is not None:
        if not callable(sampler) or not _accepts(sampler, model, 1, 0):
            raise InvalidTypeError(
                "`sampler` must be a function (model, count, seed) that returns samples. "
                f"Received: sampler={sampler!r}"
            )
        return
    if getattr(model, "needs_condition", False):
        raise InvalidInputError(
            "`sampler` is needed for a conditional model, to say which conditions are measured or "
            "drawn, such as `sampler=lambda model, count, seed: model.generate(count, "
            "condition=labels[:count], seed=seed)`. Received: sampler=None"
        )
    calls = {name: call for name, call in CALLS.items() if hasattr(model, name)}
    if not calls:
        raise InvalidTypeError(
            "`sampler` is needed for a model without a `generate(n, seed=)` method: pass a "
            "function (model, count, seed) that returns samples. "
            f"Received: model of type {type(model).__name__}"
        )
    for name, call in calls.items():
        method = getattr(model, name)
        if not _accepts(method, 1, **call):
            raise InvalidTypeError(
                f"`{type(model).__name__}.{name}` must take the number of samples and "
                f"{' and '.join(f'`{each}`' for each in call)}, so that every epoch is measured on "
                "the same latents. Add what is missing, or pass `sampler`, a function (model, "
                f"count, seed) that returns samples. Received: {name}{inspect.signature(method)}"
            )


def _accepts(function: Callable[..., Any], *arguments: Any, **named: Any) -> bool:
    """Returns whether a function can be called so; True where its signature is not known."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*arguments, **named)
    except TypeError:
        return False
    return True


def draw_samples(
    model: keras.Model, count: int, seed: int, sampler: Sampler | None = None
) -> np.ndarray:
    """Returns `(count, *shape)` samples from `sampler`, or from the model's own `generate`."""
    check_sampler(model, sampler)
    drawn = model.generate(count, seed=seed) if sampler is None else sampler(model, count, seed)
    samples = np.asarray(keras.ops.convert_to_numpy(drawn))
    if len(samples) != count:
        raise InvalidInputError(
            f"`sampler` must return as many samples as it is asked for, {count}. "
            f"Received: an array of shape {samples.shape}"
        )
    return samples


def draw_batches(
    model: keras.Model,
    count: int,
    seed: int,
    sampler: Sampler | None = None,
    *,
    batch_size: int = 256,
) -> Iterator[np.ndarray]:
    """Yields the samples of `draw_samples` a batch at a time.

    A model with `generate_batches(n, seed=, batch_size=)`, such as `WGANGP`, never holds more than
    one batch. A sampler, and a model with `generate` alone, make all samples at once.
    """
    if sampler is None and hasattr(model, "generate_batches"):
        yield from model.generate_batches(count, seed=seed, batch_size=batch_size)
        return
    samples = draw_samples(model, count, seed, sampler)
    for start in range(0, count, batch_size):
        yield samples[start : start + batch_size]


def made_shape(model: keras.Model, sampler: Sampler | None) -> tuple[int | None, ...] | None:
    """Returns the shape of one sample, or `None` where only a drawn one would tell."""
    outputs = getattr(getattr(model, "generator", None), "outputs", None)
    return tuple(outputs[0].shape[1:]) if outputs and sampler is None else None


def check_inverse(inverse: Any) -> None:
    """Raises TypeError if samples cannot be brought to other units."""
    if inverse is not None and not callable(inverse):
        raise InvalidTypeError(
            "`inverse` must be a function from the model's output to other units, such as a "
            f"scaler's `inverse`, or None. Received: inverse={inverse!r}"
        )
