"""The linear scaler between returns and the scale of a network."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class Scaler:
    """Maps each column to `(x - offset) / scale`, and back.

    The columns are along the last axis, one for each asset. A scaler of one column takes values of
    any shape.

    Example:
    ```python
    from keras_wgan.data import Scaler

    one = Scaler.min_max([-0.5, 0.0, 1.5])
    assert one.transform([-0.5, 0.5, 1.5]).tolist() == [-1.0, 0.0, 1.0]

    two = Scaler.standard([[1.0, 10.0], [3.0, 30.0]])
    assert two.transform([[2.0, 30.0]]).tolist() == [[0.0, 1.0]]
    ```

    Args:
        offset: The value of each column that becomes 0.
        scale: The distance in each column that becomes 1, above zero.

    Raises:
        ValueError: If the two are empty, differ in length or are not finite, or a scale is not
            above zero.
    """

    offset: tuple[float, ...]
    scale: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.offset) == len(self.scale) > 0:
            raise InvalidInputError(
                "`offset` and `scale` must hold one number for each column. "
                f"Received: {len(self.offset)} offsets and {len(self.scale)} scales"
            )
        for offset, scale in zip(self.offset, self.scale, strict=True):
            in_range("offset", offset)
            in_range("scale", scale, above=0.0)

    @classmethod
    def min_max(cls, values: ArrayLike) -> Self:
        """Returns the scaler that maps the range of each column to [-1, 1].

        Args:
            values: `(days,)` or `(..., columns)` finite values that are not constant.
        """
        with np.errstate(over="ignore"):  # __post_init__ refuses an infinite scale
            ends = [(column.min(), column.max()) for column in _columns(values)]
            offsets = tuple(float(low / 2 + high / 2) for low, high in ends)
            return cls(offsets, tuple(float((high - low) / 2) for low, high in ends))

    @classmethod
    def standard(cls, values: ArrayLike) -> Self:
        """Returns the scaler that maps each column to mean 0 and standard deviation 1.

        Args:
            values: `(days,)` or `(..., columns)` finite values that are not constant.
        """
        columns = _columns(values)
        return cls(
            tuple(float(column.mean()) for column in columns),
            tuple(float(column.std()) for column in columns),
        )

    def transform(self, values: ArrayLike) -> NDArray[Any]:
        """Returns `(x - offset) / scale`, float32 for float32 values and float64 otherwise."""
        data, dtype = self._wide(values)
        return ((data - np.array(self.offset)) / np.array(self.scale)).astype(dtype, copy=False)

    def inverse(self, values: ArrayLike) -> NDArray[Any]:
        """Inverts `transform`, up to rounding."""
        data, dtype = self._wide(values)
        return (np.array(self.offset) + data * np.array(self.scale)).astype(dtype, copy=False)

    def column(self, number: int) -> Scaler:
        """Returns the scaler of one column."""
        return Scaler((self.offset[number],), (self.scale[number],))

    @classmethod
    def joined(cls, scalers: Sequence[Scaler]) -> Self:
        """Returns the scaler whose columns are those of several, one after the other."""
        return cls(
            tuple(offset for scaler in scalers for offset in scaler.offset),
            tuple(scale for scaler in scalers for scale in scaler.scale),
        )

    def to_config(self) -> dict[str, Any]:
        """Returns the arguments, ready for JSON."""
        return {"offset": list(self.offset), "scale": list(self.scale)}

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Returns the scaler of a `to_config`; raises `ValueError` for any other value."""
        if not isinstance(config, dict) or set(config) != {"offset", "scale"}:
            raise InvalidInputError(
                "The config of a scaler must hold `offset` and `scale`. "
                f"Received: {reprlib.repr(config)}"
            )
        for name, numbers in config.items():
            if not isinstance(numbers, list | tuple):
                raise InvalidInputError(
                    f"`{name}` must be a list with a number for each column. "
                    f"Received: {name}={reprlib.repr(numbers)}"
                )
        return cls(tuple(config["offset"]), tuple(config["scale"]))

    def _wide(self, values: ArrayLike) -> tuple[NDArray[np.float64], type[np.floating[Any]]]:
        # Computed in float64, so that only a float32 result is rounded.
        data = np.asarray(values)
        if len(self.offset) > 1 and data.shape[-1:] != (len(self.offset),):
            raise InvalidInputError(
                f"`values` must have {len(self.offset)} columns along the last axis. "
                f"Received: values.shape={data.shape}"
            )
        dtype = np.float32 if data.dtype == np.float32 else np.float64
        return data.astype(np.float64, copy=False), dtype


def _columns(values: ArrayLike) -> NDArray[np.float64]:
    """Returns `(columns, n)` finite values that vary."""
    data = finite_array("values", values)
    if data.size == 0:
        raise InvalidInputError(f"`values` must not be empty. Received: values.shape={data.shape}")
    columns = data.reshape(-1, data.shape[-1] if data.ndim > 1 else 1).T
    still = np.flatnonzero(columns.min(axis=1) == columns.max(axis=1))
    if len(still):
        raise InvalidInputError(
            "`values` must vary, because a constant has no scale. "
            f"Received: {columns.shape[1]} times {columns[still[0], 0]}"
        )
    return columns
