"""Baselines of several assets: a GARCH volatility of each, and shocks that depend on each other."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.fitted import StatefulBaseline
from keras_wgan.market.baselines.garch import PERCENT, standardized
from keras_wgan.market.baselines.garch_margins import GarchMargins, fit_margins

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class JointFit:
    """Volatilities, the state of each day of the history and of the day after, and shocks."""

    margins: GarchMargins
    variances: Array
    law: Any


class JointGarch(StatefulBaseline):
    """A GJR-GARCH volatility of each asset, and a law of the day's shocks.

    Paths that continue nothing begin in the state of a random day of the history.
    """

    assets = "several"

    @abstractmethod
    def _fit_law(self, shocks: Array) -> Any:
        """Returns the law of `(days, assets)` standardized shocks."""

    @abstractmethod
    def _shocks(
        self,
        law: Any,
        days_before: NDArray[np.int64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> Array:
        """Returns `(n, days, assets)` shocks; each path follows so many days of the history."""

    def _shocks_after(
        self, law: Any, past: Array, shape: tuple[int, int], rng: np.random.Generator
    ) -> Array:
        """Returns shocks that follow others; where they are independent over time, any."""
        return self._shocks(law, np.zeros(shape[0], np.int64), shape, rng)

    def _describe_law(self, law: Any) -> dict[str, float]:
        return {}

    def _estimate(self, history: Array) -> JointFit:
        margins = fit_margins(history, self.name)
        shocks, variances = margins.filter(history)
        return JointFit(margins, variances, self._fit_law(standardized(shocks)))

    def _draw(self, found: JointFit, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        before = rng.integers(len(found.variances), size=shape[0])
        shocks = self._shocks(found.law, before, shape, rng)
        return found.margins.simulate(found.variances[before], shocks)

    def _draw_after(
        self, found: JointFit, past: Array, shape: tuple[int, int], rng: np.random.Generator
    ) -> Array:
        seen, variances = found.margins.filter(self._of_same_assets(found, past))
        shocks = self._shocks_after(found.law, seen, shape, rng)
        return found.margins.simulate(variances[-1], shocks)

    def _next_volatility(self, found: JointFit, past: Array) -> Array:
        _, variances = found.margins.filter(self._of_same_assets(found, past))
        return np.asarray(np.sqrt(variances[-1]) / PERCENT)

    def _describe(self, found: JointFit) -> dict[str, float]:
        return {**found.margins.describe(), **self._describe_law(found.law)}

    def _past(self, returns: ArrayLike) -> Array:
        past = finite_array("returns", returns, unit="returns")
        if past.ndim != 2 or len(past) < self.min_past:
            raise InvalidInputError(
                "`returns` must be a table of log returns with the shape (days, assets) and at "
                f"least {self.min_past} days. Received: returns.shape={past.shape}"
            )
        return past

    def _of_same_assets(self, found: JointFit, past: Array) -> Array:
        if past.shape[1] != len(found.margins.mean):
            raise InvalidInputError(
                f"`returns` must have the {len(found.margins.mean)} assets that {self.name} was "
                f"fitted to. Received: returns.shape={past.shape}"
            )
        return past


class JointHistoricalSimulation(JointGarch):
    """Filtered historical simulation of several assets, with whole cross-sections of shocks.

    The shocks of a path's day are those of all assets on one day of the history, so that every
    kind of dependence within a day is kept, and no formula for it is needed. Each asset has a
    GJR-GARCH volatility of its own.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import JointHistoricalSimulation

    history = 0.01 * np.random.default_rng(0).standard_t(5, size=(600, 3))
    model = JointHistoricalSimulation().fit(history)
    assert model.sample(100, 60, seed=0).shape == (100, 60, 3)
    assert model.sample_after(history[-250:], 100, days=20, seed=0).shape == (100, 20, 3)
    ```

    Reference:
        Barone-Adesi, Giannopoulos and Vosper (1999), VaR without Correlations for Portfolios of
        Derivative Securities.
    """

    name = "joint FHS-GJR"

    def _fit_law(self, shocks: Array) -> Array:
        return shocks

    def _shocks(
        self,
        law: Array,
        days_before: NDArray[np.int64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> Array:
        return law[rng.integers(len(law), size=shape)]
