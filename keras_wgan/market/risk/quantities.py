"""The numbers of a scenario that a stress speaks of, and how users write them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError

Array = NDArray[np.float64]
Kind = Literal["return", "volatility"]

PORTFOLIO = "portfolio"
COMPARISONS: dict[str, Callable[[Array, float], NDArray[np.bool_]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_STATEMENT = re.compile(
    r"(?P<name>.+?)(?:\s+(?P<kind>return|mean|volatility))?\s*(?P<sign><=|>=|<|>|==|=)\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+))\s*(?P<percent>%?)"
    r"(?:\s+in\s+(?P<days>\d+)(?:\s*days?)?)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Quantity:
    """The return or the volatility of an asset, or of the portfolio, over the first days.

    The return is simple, the volatility the root mean square of daily returns, for a year.
    """

    name: str
    kind: Kind
    days: int

    def __post_init__(self) -> None:
        whole_number("days", self.days)

    def measured(
        self,
        log_returns: Array,
        values: Array,
        *,
        tickers: Sequence[str],
        periods_per_year: float,
    ) -> Array:
        """Returns the number of each of `(n, days, assets)` paths and `(n, days)` values."""
        if self.name in tickers:
            daily = log_returns[:, : self.days, tickers.index(self.name)]
            total = np.expm1(daily.sum(axis=1))
        else:
            before = np.concatenate([np.ones((len(values), 1)), values[:, :-1]], axis=1)
            growth = np.ones_like(values)  # of a portfolio that lost everything
            np.divide(values, before, out=growth, where=before > 0.0)
            daily = (growth - 1.0)[:, : self.days]
            total = values[:, self.days - 1] - 1.0
        if self.kind == "return":
            return np.asarray(total)
        return np.asarray(np.sqrt(periods_per_year * np.mean(daily**2, axis=1)))

    def __str__(self) -> str:
        return self.name if self.kind == "return" else f"{self.name} volatility"


@dataclass(frozen=True)
class Condition:
    """An event: a quantity below or above a bound."""

    quantity: Quantity
    comparison: str
    bound: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `SPY<-0.10 in 20`: the simple return over the first 20 days is below -10%."""
        return cls(*_parsed(text, "--given", tuple(COMPARISONS), "SPY<-0.10 in 20"))

    def holds(self, numbers: Array) -> NDArray[np.bool_]:
        """Says of each number whether it is on the asked side of the bound."""
        return COMPARISONS[self.comparison](numbers, self.bound)

    def __str__(self) -> str:
        days = self.quantity.days
        return f"{self.quantity} {self.comparison} {_percent(self.bound)} in {_in_days(days)}"


@dataclass(frozen=True)
class View:
    """A mean that scenarios shall have: of a return, or of a volatility as its root mean square."""

    quantity: Quantity
    target: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `SPY mean=-0.05 in 20` or `SPY volatility=0.40 in 20`."""
        quantity, _, target = _parsed(text, "--view", ("=", "=="), "SPY mean=-0.05 in 20")
        if quantity.kind == "volatility" and target <= 0.0:
            raise InvalidInputError(f"`--view` must hold a volatility above 0. Received: {text}")
        return cls(quantity, target)

    def errors(self, numbers: Array) -> Array:
        """Returns what must have the mean 0, in standard deviations."""
        squared = self.quantity.kind == "volatility"
        errors = numbers**2 - self.target**2 if squared else numbers - self.target
        spread = float(errors.std())
        return errors / spread if spread > 0.0 else errors

    def __str__(self) -> str:
        word = "" if self.quantity.kind == "volatility" else " mean"
        days = _in_days(self.quantity.days)
        return f"{self.quantity}{word} = {_percent(self.target)} in {days}"


def _parsed(
    text: str, option: str, signs: tuple[str, ...], example: str
) -> tuple[Quantity, str, float]:
    found = _STATEMENT.fullmatch(text.strip())
    if found is None or found["sign"] not in signs:
        raise InvalidInputError(
            f'`{option}` must be such as "{example}", with one of {", ".join(signs)}, a number, '
            f'and the days ahead. Write "NAME volatility" for a volatility. Received: {text}'
        )
    number = float(found["number"]) / (100.0 if found["percent"] else 1.0)
    if not math.isfinite(number):
        raise InvalidInputError(f"`{option}` must hold a finite number. Received: {text}")
    kind: Kind = "volatility" if (found["kind"] or "").lower() == "volatility" else "return"
    quantity = Quantity(found["name"].strip(), kind, int(found["days"] or 1))
    return quantity, found["sign"], number


def _percent(share: float) -> str:
    return f"{100.0 * share:.4g}%"


def _in_days(days: int) -> str:
    return f"{days} day" + "s" * (days > 1)
