"""Stress: the same scenarios, weighted so that an event happens or views hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keras_wgan.errors import InvalidInputError, MissingPackageError
from keras_wgan.market.risk.quantities import PORTFOLIO, Condition, Quantity, View

Array = NDArray[np.float64]

TOLERANCE = 1e-3  # standard deviations of a quantity between its mean and a view of it


@dataclass(frozen=True)
class Stress:
    """Events that are given, and views that hold.

    Scenarios in which an event does not happen get the probability 0. Among the others, views are
    met by the probabilities that differ the least from equal ones in their relative entropy
    (entropy pooling, Meucci 2008, "Fully flexible views: theory and practice"), found by skfolio.

    Example:
    ```python
    from keras_wgan.market import Stress

    stress = Stress.parse(given=["SPY < -10% in 20"], views=["TLT volatility = 0.3 in 20"])
    assert str(stress) == "SPY < -10% in 20 days; TLT volatility = 30% in 20 days"
    ```

    Args:
        given: The events, which must all happen. Defaults to `()`.
        views: The views, which must all hold. Defaults to `()`.
    """

    given: tuple[Condition, ...] = ()
    views: tuple[View, ...] = ()

    @classmethod
    def parse(cls, given: Sequence[str] = (), views: Sequence[str] = ()) -> Self:
        """Reads events and views as they are typed.

        Args:
            given: Events such as `"SPY<-0.10 in 20"` or `"SPY volatility>40% in 20"`.
            views: Views such as `"SPY mean=-0.05 in 20"` or `"SPY volatility=0.4 in 20"`.
        """
        return cls(tuple(map(Condition.parse, given)), tuple(map(View.parse, views)))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What must be measured of each scenario, the events first."""
        events, views = (e.quantity for e in self.given), (v.quantity for v in self.views)
        return (*events, *views)

    @property
    def longest(self) -> int:
        """The days of a path that the events and views speak of; 0 without any."""
        return max((each.days for each in self.quantities), default=0)

    def named(self, tickers: Sequence[str]) -> Stress:
        """Returns the same stress with the assets' names as in `tickers`; refuses unknown ones."""
        return Stress(
            tuple(replace(e, quantity=_named(e.quantity, tickers)) for e in self.given),
            tuple(replace(v, quantity=_named(v.quantity, tickers)) for v in self.views),
        )

    def probabilities(self, observed: Array) -> Array | None:
        """Returns the probabilities of scenarios from their `(n, quantities)`; None if equal."""
        if not self.quantities:
            return None
        happened = np.ones(len(observed), bool)
        for condition, numbers in zip(self.given, observed.T, strict=False):
            happened &= condition.holds(numbers)
        found = happened / max(int(happened.sum()), 1)
        if self.views and happened.any():
            seen = observed[happened, len(self.given) :]
            found[happened] = _pooled(seen, self.views)
        return np.asarray(found, np.float64)

    def __str__(self) -> str:
        return "; ".join(map(str, (*self.given, *self.views)))


def effective_number(probabilities: Array) -> float:
    """Returns the number of equal scenarios that estimate a mean as well (Kish), 0 if none."""
    squares = float(probabilities @ probabilities)
    return float(probabilities.sum()) ** 2 / squares if squares > 0.0 else 0.0


def _named(quantity: Quantity, tickers: Sequence[str]) -> Quantity:
    names = (*tickers, PORTFOLIO)
    alike = [name for name in names if name.casefold() == quantity.name.casefold()]
    name = quantity.name if quantity.name in names else alike[0] if len(alike) == 1 else None
    if name is None:
        raise InvalidInputError(
            f"An event or a view must name one of {', '.join(names)}. Received: {quantity.name}"
        )
    return replace(quantity, name=name)


def _pooled(observed: Array, views: Sequence[View]) -> Array:
    """Returns the probabilities of `(n, views)` numbers under which the views hold."""
    try:
        from skfolio.exceptions import SolverError
        from skfolio.prior import EntropyPooling
    except ImportError as error:
        raise MissingPackageError(
            "Views need skfolio, which weights the scenarios: pip install 'keras-wgan[skfolio]'"
        ) from error
    errors = np.stack(
        [view.errors(numbers) for view, numbers in zip(views, observed.T, strict=True)], axis=1
    )
    for view, each in zip(views, errors.T, strict=True):
        if not each.min() < 0.0 < each.max():
            raise _unreachable(str(view), len(each))
    table = pd.DataFrame(errors).add_prefix("x")
    pooling = EntropyPooling(mean_views=[f"{name} == 0" for name in table])
    table["other"] = np.resize([-1.0, 1.0], len(table))  # skfolio fits no table of one column
    try:
        pooling.fit(table)
    except SolverError as error:
        raise _unreachable("; ".join(map(str, views)), len(errors)) from error
    found = np.asarray(pooling.return_distribution_.sample_weight, np.float64)
    if np.abs(found @ errors).max() > TOLERANCE:
        raise _unreachable("; ".join(map(str, views)), len(errors))
    return found


def _unreachable(views: str, count: int) -> InvalidInputError:
    return InvalidInputError(
        f"`--view` must be within what the scenarios show. Received: {views}, which no "
        f"probabilities of the {count:,} scenarios reach. Draw more with --count, start in another "
        "state, or ask for less."
    )
