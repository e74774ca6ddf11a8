"""Samples drawn from any Keras model that can generate."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from keras_wgan.errors import InvalidInputError, InvalidTypeError

Sampler = Callable[[keras.Model, int, int], Any]
"""A function `(model, count, seed)` that returns `count` samples, first axis first."""


def draw_samples(
    model: keras.Model, count: int, seed: int, sampler: Sampler | None = None
) -> np.ndarray:
    """Returns `(count, *shape)` samples from `sampler`, or from the model's own `generate`."""
    if sampler is None and not hasattr(model, "generate"):
        raise InvalidTypeError(
            "`sampler` is needed for a model without a `generate(n, seed=)` method: pass a "
            "function (model, count, seed) that returns samples. "
            f"Received: model of type {type(model).__name__}"
        )
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
