"""The features that an extractor makes of samples, and its entries in a protocol."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_wgan.backends import on_one_device
from keras_wgan.errors import InvalidInputError, InvalidTypeError

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
        if features.ndim == 0 or len(features) != len(batch):
            raise InvalidInputError(
                f"`extractor` must return features for each of the {len(batch)} samples of a "
                f"batch, first axis first. Received: an array of shape {features.shape}"
            )
        yield np.reshape(features, (len(batch), -1))


def as_samples(name: str, samples: Any) -> np.ndarray:
    """Returns real samples as an array; raises TypeError for a data set."""
    if isinstance(samples, np.ndarray):
        return samples
    given = samples.to_numpy() if hasattr(samples, "to_numpy") else samples
    is_array = keras.ops.is_tensor(given) or isinstance(given, np.ndarray | list | tuple)
    array = np.asarray(keras.ops.convert_to_numpy(given) if is_array else None)
    if array.dtype.kind not in "fiub" or array.ndim == 0:
        raise InvalidTypeError(
            f"`{name}` must be an array of samples, first axis first: the same ones are measured "
            "after every epoch. Collect those of a data set with "
            "`np.concatenate([batch for batch in data])`. "
            f"Received: {type(samples).__name__}"
        )
    return array


def check_extractor(extractor: Any, shape: tuple[int, ...]) -> None:
    """Raises an error if an extractor cannot be called, or cannot take samples of this shape."""
    if isinstance(extractor, type) or not callable(extractor):
        called = isinstance(extractor, type)
        cure = f" Pass an instance, `{extractor.__name__}()`." if called else ""
        raise InvalidTypeError(
            "`extractor` must be a Keras model or a function from samples to features, such as "
            f"`MnistClassifier()` or `Inception()`.{cure} Received: extractor={extractor!r}"
        )
    if not isinstance(extractor, keras.Model) or not getattr(extractor, "inputs", None):
        return
    if len(extractor.outputs) != 1:
        raise InvalidInputError(
            "`extractor` must have a single output, the features. Pass `keras.Model(inputs, "
            f"output)` with the one to compare. Received: {len(extractor.outputs)} outputs"
        )
    # Keras itself adds or leaves out a last axis of one.
    wanted, shape = (
        each[:-1] if each[-1:] == (1,) else each
        for each in (tuple(extractor.inputs[0].shape[1:]), tuple(shape))
    )
    if len(wanted) == len(shape) and all(
        a is None or a == b for a, b in zip(wanted, shape, strict=True)
    ):
        return
    raise InvalidInputError(
        "`extractor` must take samples of the shape of `real`. Received: an extractor of "
        f"{wanted}, samples of {shape} (without the first axis, and without a last one of 1)"
    )


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
        # As bytes: bfloat16 has no buffer of its own type.
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
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
