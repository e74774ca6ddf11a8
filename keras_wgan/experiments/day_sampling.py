"""Which simulated days the market simulator samples: after which state, and given which returns."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.regimes import REGIMES, Percentile, percentile_band

ANY, TODAY = "any", "today"
NEAR = 0.1  # daily standard deviations around a return that is given as one number

Given = float | tuple[float | None, float | None]


@dataclass(frozen=True)
class DaySampling:
    """The days that a `MarketSimulator` samples.

    Example:
    ```python
    from keras_wgan.experiments import DaySampling, MarketSimulator

    crash = DaySampling(start="today", days=20, conditioning={"SPY": (None, -0.02)})
    simulator = MarketSimulator(sampling=crash, random_state=0)
    ```

    Args:
        start: The state in which paths begin: `"any"`, `"today"` for that after the last days of
            the training, `"calm"`, `"normal"`, `"crisis"`, or a percentile of the volatility.
            Defaults to `"any"`.
        days: The days of a path. Shorter paths begin in more states, and take longer to draw.
            Defaults to `250`, a year.
        conditioning: Returns that are given, by the name or the number of the asset: only days on
            which they happen are sampled. A pair holds a lower and an upper bound, of which one may
            be `None`; a number stands for the returns within a tenth of the asset's daily standard
            deviation. Defaults to `None`.

    Raises:
        ValueError: If there is no such start, `days` is below 1, or a given return is no number or
            pair of bounds in ascending order.
    """

    start: str | float = ANY
    days: int = 250
    conditioning: Mapping[str | int, Given] | None = None

    def __post_init__(self) -> None:
        whole_number("days", self.days)
        if self.start not in (ANY, TODAY):
            if isinstance(self.start, str) and self.start not in REGIMES:
                raise InvalidInputError(
                    f"`start` must be one of {ANY}, {TODAY}, {', '.join(REGIMES)}, or a percentile "
                    f"from 0 to 100. Received: start={self.start!r}"
                )
            percentile_band(self.start)
        if self.conditioning is not None:
            if not isinstance(self.conditioning, Mapping) or not self.conditioning:
                raise InvalidInputError(
                    "`conditioning` must hold returns by the name of the asset, such as "
                    f'{{"SPY": (None, -0.02)}}. Received: {reprlib.repr(self.conditioning)}'
                )
            for name, given in self.conditioning.items():
                _bounds(name, given, spread=1.0)

    @property
    def percentile(self) -> Percentile | None:
        """The percentile of the volatility in which paths begin; None for any and today's."""
        return None if self.start in (ANY, TODAY) else self.start

    def bounds(
        self, names: Sequence[str], spreads: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Returns `(assets,)` lower and upper bounds; refuses names of other assets."""
        if self.conditioning is None:
            return None
        low, high = np.full(len(names), -np.inf), np.full(len(names), np.inf)
        widths = np.asarray(spreads, np.float64)
        for name, given in self.conditioning.items():
            place = names.index(name) if name in names else name
            if not isinstance(place, int) or not 0 <= place < len(names):
                raise InvalidInputError(
                    f"`conditioning` must name assets of `X`, which are {', '.join(names)}. "
                    f"Received: {name!r}"
                )
            low[place], high[place] = _bounds(name, given, spread=float(widths[place]))
        return low, high


def _bounds(name: str | int, given: Given, *, spread: float) -> tuple[float, float]:
    if isinstance(given, tuple) and len(given) == 2:
        low = -math.inf if given[0] is None else given[0]
        high = math.inf if given[1] is None else given[1]
        if _are_numbers(low, high) and low < high:
            return float(low), float(high)
    elif _are_numbers(given) and math.isfinite(given):
        return given - NEAR * spread, given + NEAR * spread
    raise InvalidInputError(
        "`conditioning` must hold a return such as -0.02, or a lower and an upper bound such as "
        f"(None, -0.02). Received: {reprlib.repr(given)} for {name!r}"
    )


def _are_numbers(*values: object) -> bool:
    return all(
        isinstance(each, int | float | np.number)
        and not isinstance(each, bool)
        and not math.isnan(each)
        for each in values
    )
