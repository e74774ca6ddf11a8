"""The look that `fit` takes at its data before the first step."""

import functools
import warnings
from typing import Any

import keras
import numpy as np

from keras_wgan._arguments import CheckedArguments
from keras_wgan._ranges import ValueRange, warn_if_unreachable
from keras_wgan.errors import InvalidInputError


class InspectedData(CheckedArguments):
    """The part of `WGANGP` that looks at the values of the data when training begins.

    Arrays and `PyDataset`s can be looked at. A `tf.data.Dataset`, a loader and a generator cannot:
    to read a batch ahead would change what is trained on.
    """

    generator: keras.Model
    missing_values: bool
    data_range: ValueRange | None = None  # of the data of the latest `fit`, if known

    @functools.wraps(keras.Model.fit)
    def fit(self, x: Any = None, *arguments: Any, **named: Any) -> Any:
        self.data_range = _range_of(x)
        if not self.missing_values and _holds_nan(x):
            warnings.warn(
                "`x` holds NaN, which makes every weight NaN. Where it stands for a value that was "
                "not observed, build the model with `WGANGP(..., missing_values=True)`.",
                UserWarning,
                stacklevel=2,
            )
        warn_if_unreachable("The real samples", self.data_range, self.generator)
        return super().fit(x, *arguments, **named)


def _holds_nan(x: Any) -> bool:
    """Whether an array or a table holds NaN; a minimum finds it without a copy of the array."""
    x = x.to_numpy() if hasattr(x, "to_numpy") else x
    is_array = isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size > 0
    return is_array and bool(np.isnan(x.min()))


def _range_of(x: Any) -> ValueRange | None:
    if isinstance(x, keras.utils.PyDataset):
        empty = hasattr(x, "__len__") and not len(x)
        x = None if empty else keras.utils.unpack_x_y_sample_weight(x[0])[0]
    elif hasattr(x, "to_numpy"):  # a pandas table
        x = x.to_numpy()
    if not (isinstance(x, np.ndarray) or keras.ops.is_tensor(x)):
        return None
    if not len(x):
        raise InvalidInputError(
            f"`x` must hold at least one real sample. Received: an array of shape {tuple(x.shape)}"
        )
    return ValueRange.of(x)
