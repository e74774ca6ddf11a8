"""The features that an extractor makes of samples, and its entries in a protocol."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_wgan.backends import on_one_device

Extractor: TypeAlias = keras.Model | Callable[[np.ndarray], Any]

BATCH_SIZE = 256
HASH_DIGITS = 12  # of a SHA-256


def feature_batches(
    extractor: Extractor, samples: np.ndarray, batch_size: int = BATCH_SIZE
) -> Iterator[np.ndarray]:
    """Yields the features of samples, a batch at a time.

    Example:
    ```python
    import numpy as np
    from keras_wgan.extractors import feature_batches

    samples = np.arange(12.0).reshape(3, 2, 2)
    batches = list(feature_batches(lambda batch: 2 * batch, samples, batch_size=2))
    assert [batch.shape for batch in batches] == [(2, 4), (1, 4)]
    ```

    Args:
        extractor: A Keras model, which is called in inference mode, or a callable.
        samples: `(n, *shape)`.
        batch_size: How many samples the extractor gets at a time. Defaults to `256`.

    Returns:
        An iterator of `(batch, dim)` arrays; all axes but the first are flattened.
    """
    for start in range(0, len(samples), batch_size):
        batch = samples[start : start + batch_size]
        with on_one_device():
            if isinstance(extractor, keras.Model):
                features = predict_batch(extractor, batch)
            else:
                features = np.asarray(keras.ops.convert_to_numpy(extractor(batch)))
        yield np.reshape(features, (len(batch), -1))


def extractor_protocol(extractor: Extractor) -> dict[str, str]:
    """Returns an extractor's entries of a `Protocol`; a callable may have them as attributes."""
    name = getattr(extractor, "name", None) or getattr(extractor, "__name__", None)
    if isinstance(extractor, keras.Model):
        known = array_hash(*(keras.ops.convert_to_numpy(each) for each in extractor.weights))
    else:
        known = str(getattr(extractor, "hash", "unknown"))
    return {
        "extractor": str(name or type(extractor).__name__),
        "extractor_hash": known,
        "resize": str(getattr(extractor, "resize", "none")),
        "value_range": str(getattr(extractor, "value_range", "as given")),
        "channels": str(getattr(extractor, "channels", "as given")),
    }


def array_hash(*arrays: np.ndarray, settings: str = "") -> str:
    """Returns the first digits of a SHA-256 of arrays, their shapes and settings."""
    digest = hashlib.sha256(settings.encode())
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:HASH_DIGITS]


def features_of(
    extractor: Extractor, samples: np.ndarray, batch_size: int = BATCH_SIZE
) -> np.ndarray:
    """Returns the features of all samples as one array, `(n, dim)`."""
    return np.concatenate(list(feature_batches(extractor, samples, batch_size)))


def predict_batch(model: keras.Model, batch: np.ndarray) -> np.ndarray:
    """Returns a model's output for one batch."""
    # Keras' `predict` builds a data pipeline for each call: the features of 10,000 digits in calls
    # of 256 take 2.8 s of one core that way on TensorFlow, and 0.55 s this way. A model built for
    # several devices returns the output once for each of them.
    return np.asarray(model.predict_on_batch(batch)[: len(batch)])
