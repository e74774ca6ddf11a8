"""The distribution of a portfolio's return over weighted scenarios, with Monte Carlo errors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number measured on scenarios.

    Args:
        value: The estimate.
        error: Its standard error over draws of as many scenarios; NaN where none is known.
    """

    value: float
    error: float


class Distribution(Protocol):
    """What the table of a portfolio's risk needs of one column of numbers."""

    def mean(self) -> Estimate:
        """Returns the mean."""

    def standard_deviation(self) -> Estimate:
        """Returns the standard deviation."""

    def quantile(self, level: float) -> Estimate:
        """Returns the smallest number that a share `level` of the scenarios does not exceed."""

    def expected_shortfall(self, level: float) -> Estimate:
        """Returns the mean of the lowest share `level` of the scenarios."""

    def share_below(self, bound: float) -> Estimate:
        """Returns the share of scenarios below a bound."""


class Sample:
    """The distribution of numbers that are all in memory, each with its probability.

    Errors are those of sums of independent scenarios with fixed probabilities: of a mean by its
    influence on the estimate, and of a quantile by Woodruff's interval, the numbers at one standard
    error of the share below it (Woodruff 1952, "Confidence intervals for medians and other position
    measures").
    """

    def __init__(self, numbers: Array, probabilities: Array | None = None) -> None:
        order = np.argsort(numbers, kind="stable")
        self._order, self._numbers = order, numbers[order]
        if probabilities is None:
            self._shares = np.full(len(numbers), 1.0 / len(numbers))
            self._below = np.arange(1, len(numbers) + 1) / len(numbers)
        else:
            self._shares = probabilities[order] / probabilities.sum()
            self._below = np.cumsum(self._shares)

    def mean(self) -> Estimate:
        """Returns the mean."""
        mean = float(self._shares @ self._numbers)
        return Estimate(mean, self._error(self._numbers - mean))

    def standard_deviation(self) -> Estimate:
        """Returns the standard deviation."""
        deviations = self._numbers - self.mean().value
        squares = deviations**2
        variance = float(self._shares @ squares)
        if variance == 0.0:
            return Estimate(0.0, 0.0)
        found = math.sqrt(variance)
        return Estimate(found, self._error(squares - variance) / (2.0 * found))

    def quantile(self, level: float) -> Estimate:
        """Returns the smallest number that a share `level` of the scenarios does not exceed."""
        place = self._place(level)
        below = (np.arange(len(self._numbers)) <= place).astype(np.float64)
        error = self._error(below - level)
        low, high = self._place(level - error), self._place(level + error)
        spread = float(self._numbers[high] - self._numbers[low])
        return Estimate(float(self._numbers[place]), spread / 2.0)

    def expected_shortfall(self, level: float) -> Estimate:
        """Returns the mean of the lowest share `level`, the last scenario counted in part."""
        value = float(self._tail(level) @ self._numbers)
        threshold = float(self._numbers[self._place(level)])
        lower = np.minimum(self._numbers - threshold, 0.0)
        return Estimate(value, self._error(lower / level - (value - threshold)))

    def share_below(self, bound: float) -> Estimate:
        """Returns the share of scenarios below a bound."""
        below = (self._numbers < bound).astype(np.float64)
        share = float(self._shares @ below)
        # Where none or all are below, the error is that of one scenario, not zero.
        return Estimate(share, max(self._error(below - share), float(self._shares.max())))

    def in_tail(self, level: float) -> Array:
        """Returns the share of each scenario, as they were given, in the lowest share `level`."""
        return self._as_given(self._tail(level))

    def near_quantile(self, level: float, width: float) -> Array:
        """Returns the share of each scenario among those around a quantile.

        They are those between the quantiles at `level` less and plus a share `width` of it.
        """
        upper = self._tail(level * (1.0 + width)) * (1.0 + width)
        lower = self._tail(level * (1.0 - width)) * (1.0 - width)
        return self._as_given((upper - lower) / (2.0 * width))

    def error_of(self, influence: Array) -> float:
        """Returns the standard error of an estimate from its influence, for each as given."""
        return self._error(influence[self._order])

    def _tail(self, level: float) -> Array:
        """Returns the share of each number, in ascending order, in the lowest share `level`."""
        before = self._below - self._shares
        return np.clip(level - before, 0.0, self._shares) / level

    def _as_given(self, shares: Array) -> Array:
        given = np.empty_like(shares)
        given[self._order] = shares
        return given

    def _place(self, level: float) -> int:
        # Rounding in the sums of shares must not move a quantile by one scenario.
        place = int(np.searchsorted(self._below, level - 1e-12))
        return min(place, len(self._numbers) - 1)

    def _error(self, influence: Array) -> float:
        return math.sqrt(float(np.sum((self._shares * influence) ** 2)))
