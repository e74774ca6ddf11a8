"""Regimes of volatility, as bands of percentiles among a simulator's days."""

from __future__ import annotations

import math
from dataclasses import dataclass

from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError

# Percentiles of the volatility of a path's first day, among all days of the simulator.
REGIMES = {"calm": (0.0, 25.0), "normal": (25.0, 75.0), "crisis": (95.0, 100.0)}
HALF_WIDTH = 2.5  # percentile points on each side of a single percentile

Percentile = str | float | tuple[float, float]  # a regime, one percentile, or both ends of a band


@dataclass(frozen=True)
class VolatilityState:
    """The volatility that is expected for the next day.

    Example:
    ```python
    from keras_wgan.market import VolatilityState

    assert str(VolatilityState(0.01, 40.0)) == "15.9% a year, percentile 40"
    ```

    Args:
        daily: The standard deviation of the next day's log return, of several assets that of the
            portfolio.
        percentile: The percentage of the simulator's days with a lower volatility.
        periods_per_year: The number of such days in a year, or of the periods of another
            frequency. Defaults to `252`.
        portfolio: What the volatility is of, such as `"equal weights"`. Defaults to `None`, the
            one asset.
    """

    daily: float
    percentile: float
    periods_per_year: float = TRADING_DAYS
    portfolio: str | None = None

    @property
    def annualized(self) -> float:
        """The volatility of a year of such days."""
        return math.sqrt(self.periods_per_year) * self.daily

    def __str__(self) -> str:
        owner = "" if self.portfolio is None else f" with {self.portfolio}"
        return f"{self.annualized:.1%} a year{owner}, percentile {self.percentile:.0f}"


def percentile_band(percentile: Percentile) -> tuple[float, float]:
    """Returns the lowest and the highest percentile of a regime, or around one percentile.

    Example:
    ```python
    from keras_wgan.market import percentile_band

    assert percentile_band("crisis") == (95.0, 100.0)
    assert percentile_band(90) == (87.5, 92.5)
    assert percentile_band((0, 50)) == (0.0, 50.0)
    ```

    Args:
        percentile: `"calm"`, `"normal"` or `"crisis"`; a number from 0 to 100, which stands for
            2.5 points on each side; or the lowest and the highest.

    Returns:
        The lowest and the highest percentile, from 0 to 100.

    Raises:
        ValueError: If `percentile` is none of these.
    """
    if isinstance(percentile, str):
        if percentile not in REGIMES:
            raise InvalidInputError(
                f"A regime is one of {', '.join(REGIMES)}. Received: {percentile}. For another "
                "state give a percentile from 0 to 100."
            )
        return REGIMES[percentile]
    if isinstance(percentile, tuple):
        low, high = percentile
        if not (0.0 <= low <= 100.0 and 0.0 <= high <= 100.0 and high - low >= 0.5):
            raise InvalidInputError(
                "`percentile` must be two numbers from 0 to 100, the second at least half a point "
                f"above the first. Received: percentile={percentile}"
            )
        return float(low), float(high)
    if not 0.0 <= percentile <= 100.0:
        raise InvalidInputError(
            f"`percentile` must be a number from 0 to 100. Received: percentile={percentile}"
        )
    return max(0.0, percentile - HALF_WIDTH), min(100.0, percentile + HALF_WIDTH)
