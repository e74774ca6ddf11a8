"""The arguments of `fit`, `evaluate` and their counterparts for one batch, checked at the door."""

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_wgan import _network_checks as checks
from keras_wgan._batch import SAMPLES, WEIGHTS, check_weights, refuse_unusable, split
from keras_wgan._labels import check_labels
from keras_wgan.errors import InvalidInputError


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a method of `keras.Model` that first checks its data and keeps all weights."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def checked(model: keras.Model, *arguments: Any, **named: Any) -> Any:
        if not model.compiled:
            raise InvalidInputError(
                f"Call `compile()` before `{method.__name__}()`: it makes the optimizers. "
                "Received: a model that is not compiled"
            )
        given = signature.bind(model, *arguments, **named)
        _use_arguments(model, given.arguments)
        return method(*given.args, **given.kwargs)

    return checked


class CheckedArguments(keras.Model):
    """The part of `WGANGP` that users call with data and weights."""

    fit: Any = _checked(keras.Model.fit)
    evaluate: Any = _checked(keras.Model.evaluate)
    train_on_batch: Any = _checked(keras.Model.train_on_batch)
    test_on_batch: Any = _checked(keras.Model.test_on_batch)

    def check_batch(self, data: Any) -> Any:
        """Returns a batch; raises ValueError for unknown labels or weights that are no weights."""
        samples, condition, _ = split(data)
        check_weights(data)
        if condition is not None and hasattr(samples, "shape"):
            check_labels(self.generator, "generator", self.latent.shape, condition)
            check_labels(self.critic, "critic", tuple(samples.shape[1:]), condition)
        return data


class WithoutNone(keras.utils.PyDataset):
    """Batches without `None` in the place of `y`, which Keras does not take on TensorFlow."""

    def __init__(self, batches: keras.utils.PyDataset) -> None:
        super().__init__(batches.workers, batches.use_multiprocessing, batches.max_queue_size)
        self.batches = batches

    def __getitem__(self, index: int) -> Any:
        """Returns a batch."""
        batch = check_weights(self.batches[index])
        if isinstance(batch, tuple | list) and len(batch) == 3 and batch[1] is None:
            return batch[0], (), batch[2]
        return batch

    @property
    def num_batches(self) -> int | None:
        """The number of batches, or `None` if they never end."""
        return self.batches.num_batches

    def on_epoch_begin(self) -> None:
        """Tells the batches that an epoch begins."""
        self.batches.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """Tells the batches that an epoch ended."""
        self.batches.on_epoch_end()


def _use_arguments(model: keras.Model, given: dict[str, Any]) -> None:
    """Checks the data among the arguments, and moves weights to where Keras keeps them."""
    x, y, weight = given.get("x"), given.get("y"), given.get("sample_weight")
    if given.get("class_weight") is not None:
        _check_class_weight(model, x, y)
    given["x"], given["y"], given["sample_weight"] = _usable(model, "sample_weight", x, y, weight)
    held_out = given.get("validation_data")
    if held_out is not None:
        unpacked = keras.utils.unpack_x_y_sample_weight(held_out)
        usable = _usable(model, "validation_data", *unpacked)
        given["validation_data"] = usable if isinstance(held_out, tuple | list) else usable[0]


def _usable(model: Any, name: str, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
    """Returns samples, condition and weights, checked, in a form that Keras takes."""
    _refuse_other_data("validation_data" if name == "validation_data" else "x", x)
    if isinstance(x, keras.utils.PyDataset):
        return WithoutNone(x), y, weight
    if isinstance(x, types.GeneratorType):
        return (check_weights(batch) for batch in x), y, weight
    model.check_batch((x, y))
    return _weighted(name, x, y, weight)


def _refuse_other_data(name: str, x: Any) -> None:
    """Raises ValueError for what is no data set, and no array that backends can compute with."""
    nested = isinstance(x, list | tuple) and not any(hasattr(each, "shape") for each in x)
    long = isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.dtype.itemsize > 8
    if x is None or nested or long:
        came = f"an array of {x.dtype}" if long else type(x).__name__
        raise InvalidInputError(
            f"`{name}` must be an array of real samples in float32, `np.asarray(samples, "
            f"'float32')`, or a data set of them. Received: {came}"
        )


def _weighted(name: str, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
    """Returns the three in a form in which Keras does not drop the weights."""
    if weight is None or not hasattr(x, "shape"):  # Keras refuses weights next to a data set
        return x, y, weight
    weight = _one_number_each(name, weight, len(x))
    return (x, y, weight) if y is not None else ({SAMPLES: x, WEIGHTS: weight}, None, None)


def _one_number_each(name: str, weight: Any, count: int) -> np.ndarray:
    given = np.asarray(keras.ops.convert_to_numpy(weight))
    if given.size != count or given.shape[:1] != (count,):
        raise InvalidInputError(
            f"The weights of `{name}` must be one number for each of the {count} samples. "
            f"Received: weights of shape {given.shape}"
        )
    numbers = given.reshape(-1).astype("float32")
    refuse_unusable(f"`{name}`", numbers)
    return numbers


def _check_class_weight(model: keras.Model, x: Any, y: Any) -> None:
    """Raises ValueError if there are no classes to weight."""
    conditional = checks.takes_condition(model.generator) or checks.takes_condition(model.critic)
    if y is None and (hasattr(x, "shape") or not conditional):
        raise InvalidInputError(
            "`class_weight` weights samples by their labels, but there are none. Pass the labels "
            "as the condition of a conditional model, `fit(x, labels, class_weight=...)`, or one "
            "weight for each sample as `sample_weight`."
        )
    if y is not None and not _are_labels(np.asarray(keras.ops.convert_to_numpy(y))):
        raise InvalidInputError(
            "`class_weight` needs conditions that are labels: whole numbers, or rows of which one "
            "entry is one and the others zero. Pass one weight for each sample as "
            "`sample_weight` instead."
        )


def _are_labels(values: np.ndarray) -> bool:
    if values.ndim == 1 or values.shape[1:] == (1,):
        return bool(np.all(values == np.round(values)))
    one_hot = np.isin(values, (0, 1)).all() and np.all(values.sum(axis=-1) == 1)
    return values.ndim == 2 and bool(one_hot)
