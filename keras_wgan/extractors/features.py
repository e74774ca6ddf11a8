"""How do samples become features, and what does an extractor say of itself?"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_wgan.backends import on_one_device

Extractor: TypeAlias = keras.Model | Callable[[np.ndarray], Any]

HASH_DIGITS = 12  # of a SHA-256: enough to tell apart what one person ever measures


def feature_batches(
    extractor: Extractor, samples: np.ndarray, batch_size: int = 256
) -> Iterator[np.ndarray]:
    """Yields the features of samples, a batch at a time.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors import feature_batches

    samples = np.arange(12.0).reshape(3, 2, 2)
    batches = list(feature_batches(lambda some: 2 * some, samples, batch_size=2))
    assert [batch.shape for batch in batches] == [(2, 4), (1, 4)]
    ```

    Args:
        extractor: A Keras model, which sees them in inference mode, or a callable.
        samples: `(n, *shape)`.
        batch_size: How many the extractor sees at a time. Defaults to `256`.

    Returns:
        An iterator of `(batch, dim)` arrays; all axes but the first are flattened.
    """
    for start in range(0, len(samples), batch_size):
        batch = samples[start : start + batch_size]
        with on_one_device():
            features = _features(extractor, batch)
        yield np.reshape(features, (len(batch), -1))


def extractor_protocol(extractor: Extractor) -> dict[str, str]:
    """Returns what a protocol says of an extractor.

    Args:
        extractor: A Keras model, or a callable, which may say of itself what it wishes.

    Returns:
        `extractor`, `extractor_hash`, `resize`, `value_range` and `channels`.
    """
    named = getattr(extractor, "name", None) or getattr(extractor, "__name__", None)
    if isinstance(extractor, keras.Model):
        known = array_hash(*(keras.ops.convert_to_numpy(each) for each in extractor.weights))
    else:
        known = str(getattr(extractor, "hash", "unknown"))
    return {
        "extractor": str(named or type(extractor).__name__),
        "extractor_hash": known,
        "resize": str(getattr(extractor, "resize", "none")),
        "value_range": str(getattr(extractor, "value_range", "as given")),
        "channels": str(getattr(extractor, "channels", "as given")),
    }


def array_hash(*arrays: np.ndarray, settings: str = "") -> str:
    """Returns the beginning of a SHA-256 of arrays, their shapes and settings."""
    digest = hashlib.sha256(settings.encode())
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:HASH_DIGITS]


def _features(extractor: Extractor, batch: np.ndarray) -> np.ndarray:
    if isinstance(extractor, keras.Model):
        return predict_batch(extractor, batch)
    return np.asarray(keras.ops.convert_to_numpy(extractor(batch)))


AT_ONCE = 256


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Returns what a model makes of `(n, ...)` images, whatever the backend, as one array.

    Keras' `predict` builds a data pipeline for each call: the features of 10,000 digits in calls
    of 256 take 2.8 s of one core that way on TensorFlow, and 0.55 s this way.
    """
    return in_parts(lambda part: predict_batch(model, part), images, AT_ONCE)


def in_parts(
    function: Callable[[np.ndarray], np.ndarray], images: np.ndarray, at_once: int
) -> np.ndarray:
    """Returns what a function makes of `(n, ...)` images, of so many at once, as one array."""
    firsts = range(0, len(images), at_once)
    return np.concatenate([function(images[first : first + at_once]) for first in firsts])


def predict_batch(model: keras.Model, batch: np.ndarray) -> np.ndarray:
    """Returns what a model makes of one batch."""
    # A model that was built for several devices gives the answers once for each.
    return np.asarray(model.predict_on_batch(batch)[: len(batch)])
