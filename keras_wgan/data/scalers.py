"""How are returns brought to the range a network works in, and back?"""

import reprlib
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class MinMaxScaler:
    """Maps the whole data set linearly to [-1, 1], by its one lowest and one highest value.

    Example:
    ```python
    from keras_wgan.data import MinMaxScaler

    scaler = MinMaxScaler.fit([[-0.1, 0.0], [0.1, 0.3]])
    assert scaler.transform([-0.1, 0.1, 0.3]).tolist() == [-1.0, 0.0, 1.0]
    ```

    Args:
        low: The value that becomes -1.
        high: The value that becomes 1; above `low`.

    Raises:
        ValueError: If `low` and `high` are not finite numbers in this order.
    """

    low: float
    high: float
    kind: ClassVar[str] = "min_max"

    def __post_init__(self) -> None:
        if not (_finite(self.low, self.high) and 0.0 < self.high - self.low < np.inf):
            raise InvalidInputError(
                "`low` and `high` must be finite numbers with low < high. "
                f"Received: low={self.low!r}, high={self.high!r}"
            )

    @classmethod
    def fit(cls, values: ArrayLike) -> Self:
        """Takes the lowest and highest of all `values`, which must vary and be finite."""
        data = _fit_data(values)
        return cls(low=float(data.min()), high=float(data.max()))

    def transform(self, values: ArrayLike) -> NDArray[Any]:
        """Maps `low` to -1 and `high` to 1; float32 stays float32, all else is float64."""
        data, dtype = _wide(values)
        scaled = 2.0 * ((data - self.low) / (self.high - self.low)) - 1.0
        return scaled.astype(dtype, copy=False)

    def inverse(self, values: ArrayLike) -> NDArray[Any]:
        """Undoes `transform`, up to rounding."""
        data, dtype = _wide(values)
        original = self.low + (data + 1.0) * 0.5 * (self.high - self.low)
        return original.astype(dtype, copy=False)

    def to_config(self) -> dict[str, Any]:
        """Returns what `scaler_from_config` needs, ready for JSON."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True)
class StandardScaler:
    """Subtracts the one mean of the whole data set and divides by its one standard deviation.

    Example:
    ```python
    from keras_wgan.data import StandardScaler

    scaler = StandardScaler.fit([[1.0, 3.0], [1.0, 3.0]])
    assert scaler.transform([1.0, 2.0, 5.0]).tolist() == [-1.0, 0.0, 3.0]
    ```

    Args:
        mean: The value that becomes 0.
        std: The distance that becomes 1, above zero: the population's standard deviation.

    Raises:
        ValueError: If `mean` or `std` is not finite or `std` is not above zero.
    """

    mean: float
    std: float
    kind: ClassVar[str] = "standard"

    def __post_init__(self) -> None:
        if not (_finite(self.mean, self.std) and self.std > 0.0):
            raise InvalidInputError(
                "`mean` and `std` must be finite numbers and `std` above zero. "
                f"Received: mean={self.mean!r}, std={self.std!r}"
            )

    @classmethod
    def fit(cls, values: ArrayLike) -> Self:
        """Takes mean and standard deviation of all `values`, which must vary and be finite."""
        data = _fit_data(values)
        return cls(mean=float(data.mean()), std=float(data.std()))

    def transform(self, values: ArrayLike) -> NDArray[Any]:
        """Maps `mean` to 0 and `mean + std` to 1; float32 stays float32, all else is float64."""
        data, dtype = _wide(values)
        return ((data - self.mean) / self.std).astype(dtype, copy=False)

    def inverse(self, values: ArrayLike) -> NDArray[Any]:
        """Undoes `transform`, up to rounding."""
        data, dtype = _wide(values)
        return (self.mean + data * self.std).astype(dtype, copy=False)

    def to_config(self) -> dict[str, Any]:
        """Returns what `scaler_from_config` needs, ready for JSON."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True)
class AssetScalers:
    """Brings each asset, along the last axis, to a scale of its own.

    Example:
    ```python
    from keras_wgan.data import AssetScalers, StandardScaler

    scaler = AssetScalers.fit(StandardScaler, [[1.0, 10.0], [3.0, 30.0]])
    assert scaler.transform([[2.0, 30.0]]).tolist() == [[0.0, 1.0]]
    ```

    Args:
        scalers: One for each asset, in the order of the assets.

    Raises:
        ValueError: If there is none.
    """

    scalers: tuple[MinMaxScaler | StandardScaler, ...]
    kind: ClassVar[str] = "assets"

    def __post_init__(self) -> None:
        if not self.scalers:
            raise InvalidInputError("`scalers` must hold one scaler for each asset. Received: none")

    @classmethod
    def fit(cls, scaler: type[MinMaxScaler] | type[StandardScaler], values: ArrayLike) -> Self:
        """Fits one scaler to each column of `(days, assets)` values."""
        return cls(tuple(scaler.fit(column) for column in np.asarray(values).T))

    def transform(self, values: ArrayLike) -> NDArray[Any]:
        """Maps each asset by its own scaler; float32 stays float32, all else is float64."""
        return np.stack([each.transform(part) for each, part in self._parts(values)], axis=-1)

    def inverse(self, values: ArrayLike) -> NDArray[Any]:
        """Undoes `transform`, up to rounding."""
        return np.stack([each.inverse(part) for each, part in self._parts(values)], axis=-1)

    def to_config(self) -> dict[str, Any]:
        """Returns what `scaler_from_config` needs, ready for JSON."""
        return {"kind": self.kind, "scalers": [each.to_config() for each in self.scalers]}

    def _parts(
        self, values: ArrayLike
    ) -> Iterator[tuple[MinMaxScaler | StandardScaler, NDArray[Any]]]:
        data = np.asarray(values)
        if data.shape[-1:] != (len(self.scalers),):
            raise InvalidInputError(
                f"`values` must have {len(self.scalers)} assets along the last axis. "
                f"Received: values.shape={data.shape}"
            )
        return zip(self.scalers, np.moveaxis(data, -1, 0), strict=True)


Scaler = MinMaxScaler | StandardScaler | AssetScalers


def scaler_from_config(config: dict[str, Any]) -> Scaler:
    """Builds a scaler again from what its `to_config` gave.

    Example:
    ```python
    from keras_wgan.data import MinMaxScaler, scaler_from_config

    scaler = MinMaxScaler(low=-0.13, high=0.11)
    assert scaler_from_config(scaler.to_config()) == scaler
    ```

    Args:
        config: The kind, `"min_max"`, `"standard"` or `"assets"`, and the numbers of that kind.

    Returns:
        A scaler equal to the one that gave the config.

    Raises:
        ValueError: If the kind is unknown or the numbers are not those of the kind.
    """
    if isinstance(config, dict) and config.get("kind") == AssetScalers.kind:
        scalers = config.get("scalers")
        if set(config) != {"kind", "scalers"} or not isinstance(scalers, list | tuple):
            raise InvalidInputError(
                f"`config` of kind {AssetScalers.kind!r} must hold a list of scalers. "
                f"Received: config={reprlib.repr(config)}"
            )
        return AssetScalers(tuple(_of_one_asset(each) for each in scalers))
    return _of_one_asset(config)


def _of_one_asset(config: dict[str, Any]) -> MinMaxScaler | StandardScaler:
    if not isinstance(config, dict):
        raise InvalidInputError(
            f"`config` must hold a kind and its numbers. Received: config={reprlib.repr(config)}"
        )
    numbers = dict(config)
    kind = numbers.pop("kind", None)
    for scaler in (MinMaxScaler, StandardScaler):
        if kind == scaler.kind:
            names = set(scaler.__dataclass_fields__) - {"kind"}
            if set(numbers) != names:
                raise InvalidInputError(
                    f"`config` of kind {kind!r} must hold {' and '.join(sorted(names))}. "
                    f"Received: config={reprlib.repr(config)}"
                )
            return scaler(**numbers)
    raise InvalidInputError(
        f'`config["kind"]` must be "min_max" or "standard". Received: config={reprlib.repr(config)}'
    )


def _finite(*numbers: float) -> bool:
    return all(
        isinstance(number, (int, float))
        and not isinstance(number, bool)
        and abs(number) <= sys.float_info.max  # an int may be larger; NaN compares as false
        for number in numbers
    )


def _fit_data(values: ArrayLike) -> NDArray[np.float64]:
    data = np.asarray(values, dtype=np.float64)
    if data.size == 0 or not np.all(np.isfinite(data)):
        raise InvalidInputError(
            "`values` must be finite and not empty. "
            f"Received: values.shape={data.shape} with {np.sum(~np.isfinite(data))} not finite"
        )
    if data.min() == data.max():
        raise InvalidInputError(
            "`values` must vary, or nothing tells how far apart they are. "
            f"Received: {data.size} times {data.flat[0]}"
        )
    return data


def _wide(values: ArrayLike) -> tuple[NDArray[np.float64], type[np.floating[Any]]]:
    # Computed in float64 even for float32, so that only the result is rounded.
    data = np.asarray(values)
    dtype = np.float32 if data.dtype == np.float32 else np.float64
    return data.astype(np.float64, copy=False), dtype
