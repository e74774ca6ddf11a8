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
        held_out = named.get("validation_data")
        held_out = held_out[0] if isinstance(held_out, tuple | list) and held_out else held_out
        for name, samples in (("x", x), ("validation_data", held_out)):
            if (found := _unusable(samples, self.missing_values)) is not None:
                warnings.warn(
                    f"`{name}` holds {found}, which makes every weight, or every number that is "
                    "logged, NaN. Where NaN stands for a value that was not observed, build the "
                    "model with `WGANGP(..., missing_values=True)`.",
                    UserWarning,
                    stacklevel=2,
                )
        warn_if_unreachable("The real samples", self.data_range, self.generator)
        return super().fit(x, *arguments, **named)


def _unusable(x: Any, missing_values: bool) -> str | None:
    """Returns what an array, tensor or table holds that is no number; its ends show without a copy.

    Of a `PyDataset` the first batch is looked at.
    """
    if isinstance(x, keras.utils.PyDataset):
        x = keras.utils.unpack_x_y_sample_weight(x[0])[0]
    x = x.to_numpy() if hasattr(x, "to_numpy") else x
    if keras.ops.is_tensor(x):
        x = np.asarray(keras.ops.convert_to_numpy(x))
    if not (isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size > 0):
        return None
    least, most = x.min(), x.max()
    if np.isnan(least):
        return None if missing_values else "NaN"
    return "infinity" if np.isinf(least) or np.isinf(most) else None


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
