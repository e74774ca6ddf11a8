"""Sums of any number of floats without rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class ExactSum:
    """The sum of any number of floats without rounding, so that their order does not matter.

    It is kept as a few floats whose exact sum is that of all (Shewchuk 1997, "Adaptive Precision
    Floating-Point Arithmetic").
    """

    def __init__(self) -> None:
        self.parts: list[float] = []

    @property
    def value(self) -> float:
        """The sum, rounded once."""
        return math.fsum(self.parts)

    def add(self, values: Iterable[float] | NDArray[np.float64]) -> None:
        """Adds values."""
        every = [*self.parts, *np.asarray(values, np.float64).tolist()]
        self.parts = []
        while rest := math.fsum([*every, *(-part for part in self.parts)]):
            self.parts.append(rest)
