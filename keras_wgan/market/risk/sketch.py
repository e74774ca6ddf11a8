"""Distributions of any number of values in little memory, with a bound on their error."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, in_range
from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.market.risk.distribution import Estimate
from keras_wgan.market.risk.exact_sum import ExactSum

if TYPE_CHECKING:
    from ddsketch.ddsketch import BaseDDSketch

Array = NDArray[np.float64]

SMALLEST = 1e-9  # values nearer to zero count as zero
HELD = 2**16  # values that are counted together


class DistributionSketch:
    """The distribution of values that are added in any order, and of sketches that are merged.

    The count, the mean and the standard deviation are exact, up to one rounding. Quantiles, tail
    means and the share below a bound come from a DDSketch: every value is off by at most
    `relative_error` of itself, or by 1e-9. The bound is certain, nothing is random, and a sketch
    does not depend on the order or the grouping of what was added, so merged sketches of shards
    are the sketch of all scenarios. Memory depends on the range of the values, not on how many
    there are.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market import DistributionSketch

    values = np.random.default_rng(0).normal(size=10_000)
    sketch, other = DistributionSketch(), DistributionSketch()
    sketch.add(values[:4000])
    other.add(values[4000:])
    sketch.merge(other)
    assert abs(sketch.quantile(0.01).value / np.quantile(values, 0.01) - 1.0) < 0.01
    assert abs(sketch.mean().value - values.mean()) < 1e-15
    ```

    Args:
        relative_error: The largest error of a quantile, as a share of it. Defaults to `0.001`.

    Raises:
        ImportError: If `ddsketch` is missing.
        ValueError: If `relative_error` is not between 0 and 0.1.

    Reference:
        Masson, Rim and Lee (2019), DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
        Relative-Error Guarantees, PVLDB 12.
    """

    def __init__(self, relative_error: float = 0.001) -> None:
        self.relative_error = in_range("relative_error", relative_error, above=0.0, at_most=0.1)
        try:
            from ddsketch.ddsketch import BaseDDSketch
            from ddsketch.mapping import LogarithmicMapping
            from ddsketch.store import DenseStore
        except ImportError as error:
            raise MissingPackageError(
                "Risk over many scenarios needs ddsketch: pip install 'keras-wgan[streaming]'"
            ) from error
        self._mapping = LogarithmicMapping(self.relative_error)
        self._gains, self._losses = DenseStore(), DenseStore()
        self._sketch: BaseDDSketch = BaseDDSketch(self._mapping, self._gains, self._losses, 0.0)
        self._sum = ExactSum()
        self._squares = ExactSum()
        self._held: list[Array] = []
        self._found: _Bins | None = None  # the bins, until more is added

    @property
    def count(self) -> int:
        """The number of values."""
        return int(self._sketch.count) + sum(map(len, self._held))

    def add(self, values: ArrayLike) -> None:
        """Adds values.

        Args:
            values: `(n,)` finite numbers.
        """
        self._held.append(finite_array("values", values).ravel())
        if sum(map(len, self._held)) >= HELD:
            self._flush()

    def merge(self, other: DistributionSketch) -> None:
        """Adds all values of another sketch.

        Args:
            other: A sketch of the same relative error; it is left as it is.
        """
        if other.relative_error != self.relative_error:
            raise InvalidInputError(
                "`other` must have the same relative error. Received: "
                f"{other.relative_error} and {self.relative_error}"
            )
        self._flush()
        other._flush()
        self._sketch.merge(other._sketch)
        self._found = None
        self._sum.add(other._sum.parts)
        self._squares.add(other._squares.parts)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Returns all of it: sign, key and count of each bin, and the parts of the exact sums."""
        bins = self._bins()
        return {
            "bins": np.stack([bins.signs, bins.keys, bins.counts.astype(np.int64)], axis=1),
            "sum": np.array(self._sum.parts, np.float64),
            "squares": np.array(self._squares.parts, np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Returns the sketch whose arrays these are, of the default error."""
        sketch = cls()
        for row in arrays["bins"].tolist():
            sketch._put(*row)
        sketch._sum.parts = arrays["sum"].tolist()
        sketch._squares.parts = arrays["squares"].tolist()
        return sketch

    def mean(self) -> Estimate:
        """Returns the mean."""
        spread = self.standard_deviation().value
        return Estimate(self._mean(), spread / math.sqrt(self.count))

    def standard_deviation(self) -> Estimate:
        """Returns the standard deviation."""
        mean = self._mean()
        variance = max(self._squares.value / self.count - mean**2, 0.0)
        if variance == 0.0:
            return Estimate(0.0, 0.0)
        bins, found = self._bins(), math.sqrt(variance)
        error = bins.error((bins.values - mean) ** 2 - variance)
        return Estimate(found, error / (2.0 * found))

    def quantile(self, level: float) -> Estimate:
        """Returns the smallest number that a share `level` of the values does not exceed."""
        bins = self._bins()
        error = math.sqrt(level * (1.0 - level) / bins.count)
        spread = bins.at(level + error) - bins.at(level - error)
        return Estimate(bins.at(level), spread / 2.0)

    def expected_shortfall(self, level: float) -> Estimate:
        """Returns the mean of the lowest share `level`, the last value counted in part."""
        bins = self._bins()
        wanted = level * bins.count
        before = np.cumsum(bins.counts) - bins.counts
        shares = np.clip(wanted - before, 0.0, bins.counts) / wanted
        value, threshold = float(shares @ bins.values), bins.at(level)
        lower = np.minimum(bins.values - threshold, 0.0)
        return Estimate(value, bins.error(lower / level - (value - threshold)))

    def share_below(self, bound: float) -> Estimate:
        """Returns the share of values below a bound."""
        bins = self._bins()
        share = float(bins.counts[bins.values < bound].sum()) / bins.count
        # Where none or all are below, the error is that of one value, not zero.
        error = math.sqrt(share * (1.0 - share) / bins.count)
        return Estimate(share, max(error, 1.0 / bins.count))

    def _mean(self) -> float:
        self._flush()
        if not self.count:
            raise InvalidInputError("A distribution of no values has no mean. Add some first.")
        return self._sum.value / self.count

    def _bins(self) -> _Bins:
        """Returns the values of all bins that are not empty, and how many fell into each."""
        self._flush()
        if self._found is None:
            self._found = self._read_bins()
        return self._found

    def _read_bins(self) -> _Bins:
        sides = []
        for store in (self._losses, self._gains):
            counts = np.array(store.bins)
            places = np.flatnonzero(counts)
            sides.append((places + store.offset, counts[places]))
        (lost, losses), (gained, gains) = sides
        zeros = self._sketch.count - losses.sum() - gains.sum()
        return _Bins(
            np.repeat([-1, 0, 1], [len(lost), 1, len(gained)]),
            np.concatenate([lost[::-1], [0], gained]),
            np.concatenate([losses[::-1], [zeros], gains]),
            self._mapping.value,
        )

    def _put(self, sign: int, key: int, count: float) -> None:
        """Counts values of a bin; the sign of those next to zero is 0."""
        if count:
            self._sketch.add(sign * self._mapping.value(key) if sign else 0.0, float(count))

    def _flush(self) -> None:
        if not self._held:
            return
        values = np.concatenate(self._held)
        self._held, self._found = [], None
        self._sum.add(values)
        self._squares.add(values**2)
        sizes = np.abs(values)
        zeros = sizes < SMALLEST
        self._put(0, 0, int(zeros.sum()))
        # One call for each bin, not for each value.
        for sign in (-1, 1):
            some = sizes[~zeros & (np.sign(values) == sign)]
            keys = np.ceil(np.log(some) / math.log(self._mapping.gamma)).astype(np.int64)
            for key, count in zip(*np.unique(keys, return_counts=True), strict=True):
                self._put(sign, int(key), int(count))


@dataclass(frozen=True, eq=False)
class _Bins:
    signs: NDArray[np.int64]
    keys: NDArray[np.int64]
    counts: Array
    value_of: Callable[[int], float]

    @functools.cached_property
    def values(self) -> Array:
        """The value of each bin; 0 where its sign is 0."""
        sizes = np.array([self.value_of(int(key)) for key in self.keys])
        return self.signs * sizes

    @property
    def count(self) -> float:
        return float(self.counts.sum())

    def at(self, level: float) -> float:
        """Returns the smallest value that a share `level` of all does not exceed."""
        # Rounding in the product must not move a quantile by one value.
        rank = min(max(level * self.count - 1e-9, 1.0), self.count)
        return float(self.values[np.searchsorted(np.cumsum(self.counts), rank)])

    def error(self, influence: Array) -> float:
        """Returns the standard error of an estimate from its influence in each bin."""
        return math.sqrt(float(self.counts @ influence**2)) / self.count
