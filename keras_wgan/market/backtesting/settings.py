"""The settings of a backtest, and the days that it fits and tests."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from keras_wgan._validation import whole_number, whole_numbers
from keras_wgan.errors import InvalidInputError
from keras_wgan.io.dates import day_of


@dataclass(frozen=True)
class BacktestSettings:
    """How often, how far and from how many paths a backtest forecasts.

    Example:
    ```python
    from keras_wgan.market import BacktestSettings

    assert BacktestSettings(horizons=(1, 5)).longest == 60  # of `risk_days`
    ```

    Args:
        every: Days from one forecast to the next. Defaults to `5`, a week.
        paths: Paths of each forecast, at least 100. Defaults to `2000`.
        seed: Seed of the paths and of the random places of ties. Defaults to `0`.
        horizons: Days ahead whose cumulative log return is forecast, in ascending order. Defaults
            to `(1, 5, 10, 20, 60)`.
        risk_days: Days ahead whose realized volatility and largest drawdown are forecast. Defaults
            to `(20, 60)`.

    Raises:
        ValueError: If a number is too small, or days are not in ascending order.
    """

    every: int = 5
    paths: int = 2000
    seed: int = 0
    horizons: tuple[int, ...] = (1, 5, 10, 20, 60)
    risk_days: tuple[int, ...] = (20, 60)

    def __post_init__(self) -> None:
        whole_number("every", self.every)
        whole_number("paths", self.paths, minimum=100)
        whole_number("seed", self.seed, minimum=0)
        for name in ("horizons", "risk_days"):
            days = whole_numbers(name, getattr(self, name))
            if list(days) != sorted(set(days)):
                raise InvalidInputError(
                    f"`{name}` must hold different days in ascending order. Received: {days}"
                )

    @property
    def longest(self) -> int:
        """The days of a path."""
        return max(2, *self.horizons, *self.risk_days)

    def lag(self, days: int) -> int:
        """Returns the lags of a standard error of scores of so many days: twice their overlap."""
        return -(-2 * days // self.every)


@dataclass(frozen=True)
class BacktestSpan:
    """The days that forecasters are fitted to, and those that they forecast.

    Example:
    ```python
    from keras_wgan.market import BacktestSpan

    span = BacktestSpan("2011-12-31", "2016-01-01", "2023-12-31")
    ```

    Args:
        fit_until: The last day of fitting, such as `"2011-12-31"`.
        test_from: The first day that is forecast.
        test_until: The last day that is forecast. Defaults to `None`, the last day of the data.

    Raises:
        ValueError: If a day is invalid, or the days do not follow each other.
    """

    fit_until: str
    test_from: str
    test_until: str | None = None

    def __post_init__(self) -> None:
        until = self.last_test_day
        if self.last_fit_day >= self.first_test_day or (
            until is not None and self.first_test_day >= until
        ):
            raise InvalidInputError(
                "`fit_until`, `test_from` and `test_until` must follow each other. "
                f"Received: {self.fit_until}, {self.test_from}, {self.test_until}"
            )

    @property
    def last_fit_day(self) -> pd.Timestamp:
        """The last day of fitting."""
        return day_of("fit_until", self.fit_until)

    @property
    def first_test_day(self) -> pd.Timestamp:
        """The first day that is forecast."""
        return day_of("test_from", self.test_from)

    @property
    def last_test_day(self) -> pd.Timestamp | None:
        """The last day that is forecast, or `None` for the last of the data."""
        return None if self.test_until is None else day_of("test_until", self.test_until)
