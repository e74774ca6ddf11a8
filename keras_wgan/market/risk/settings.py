"""The horizons, levels and losses that the risk of a portfolio is measured at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keras_wgan._validation import in_range, whole_numbers
from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError


@dataclass(frozen=True)
class RiskSettings:
    """What is measured of a portfolio.

    Example:
    ```python
    from keras_wgan.market import RiskSettings

    assert RiskSettings(horizons=(1, 10)).longest == 10
    ```

    Args:
        horizons: Days ahead, in ascending order. Defaults to `(1, 5, 20, 60)`.
        levels: Shares of scenarios in the tail behind value at risk and expected shortfall, in
            ascending order. Defaults to `(0.01, 0.025, 0.05)`.
        losses: Losses whose probability is reported, as shares of today's value, in ascending
            order. Defaults to `(0.05, 0.1, 0.2)`.
        periods_per_year: The number of returns in a year, for the volatilities that a stress speaks
            of. Defaults to `252`.

    Raises:
        ValueError: If a number is out of range, or they are not in ascending order.
    """

    horizons: tuple[int, ...] = (1, 5, 20, 60)
    levels: tuple[float, ...] = (0.01, 0.025, 0.05)
    losses: tuple[float, ...] = (0.05, 0.1, 0.2)
    periods_per_year: float = TRADING_DAYS

    def __post_init__(self) -> None:
        _ascending("horizons", whole_numbers("horizons", self.horizons))
        for level in _ascending("levels", self.levels):
            in_range("levels", level, above=0.0, below=0.5)
        for loss in _ascending("losses", self.losses):
            in_range("losses", loss, at_least=0.0)
        in_range("periods_per_year", self.periods_per_year, above=0.0)

    @property
    def longest(self) -> int:
        """The days of a path."""
        return self.horizons[-1]


def _ascending(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    numbers = tuple(values)
    if not numbers or list(numbers) != sorted(set(numbers)):
        raise InvalidInputError(
            f"`{name}` must hold one or more different numbers in ascending order. "
            f"Received: {name}={numbers}"
        )
    return numbers
