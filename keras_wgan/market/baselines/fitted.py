"""The base class of the baselines, which are fitted once and then sampled from seeds."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keras_wgan._validation import finite_array, whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.metrics.returns.windows import as_series

# One year: with less, the five to seven parameters of a GARCH model depend mostly on chance, and a
# bootstrap has one regime to draw from.
MIN_DAYS = 250
Assets = Literal["one", "any", "several"]


class FittedBaseline(ABC):
    """A simulator that keeps what it found in a history of returns."""

    assets: ClassVar[Assets] = "one"  # the histories that it is fitted to
    _found: Any = None

    @property
    @abstractmethod
    def name(self) -> str:
        """The name in tables and plots."""

    def fit(self, returns: ArrayLike) -> Self:
        """Fits the simulator to log returns in the order of time, at least 250 days.

        They are `(days,)` of one asset or `(days, assets)` of several, as the baseline takes.
        """
        self._found = self._estimate(as_history(returns, self.assets))
        return self

    def sample(self, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns `(n, days)` daily log returns, of several assets `(n, days, assets)`.

        The same seed draws the same paths.
        """
        found = self._fitted()
        shape = whole_number("n", n), whole_number("days", days)
        return self._draw(found, shape, np.random.default_rng(seed))

    def describe(self) -> dict[str, float]:
        """Returns what the fit found, by name; ready for JSON."""
        return self._describe(self._fitted())

    @abstractmethod
    def _estimate(self, history: NDArray[np.float64]) -> Any:
        """Returns what `_draw` and `_describe` need of a history."""

    @abstractmethod
    def _draw(
        self, found: Any, shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Returns paths of the shape `(n, days)`, and one more axis of several assets."""

    @abstractmethod
    def _describe(self, found: Any) -> dict[str, float]: ...

    def _fitted(self) -> Any:
        if self._found is None:
            raise RuntimeError(
                f"The baseline {self.name!r} has no history yet. Call `fit(returns)` first."
            )
        return self._found


class StatefulBaseline(FittedBaseline):
    """A fitted simulator that has a state, which observed returns set."""

    min_past = 20  # observed days, below which a state is mostly a guess

    def sample_after(self, returns: ArrayLike, n: int, days: int, seed: int) -> NDArray[np.float64]:
        """Returns daily log returns that follow observed ones; see the protocol."""
        found = self._fitted()
        past = self._past(returns)
        shape = whole_number("n", n), whole_number("days", days)
        return self._draw_after(found, past, shape, np.random.default_rng(seed))

    def volatility_after(self, returns: ArrayLike) -> Any:
        """Returns the standard deviation that is expected of the day after observed returns.

        It is a float, or of several assets `(assets,)`.
        """
        return self._next_volatility(self._fitted(), self._past(returns))

    def _past(self, returns: ArrayLike) -> NDArray[np.float64]:
        return as_series(returns, min_days=self.min_past)

    @abstractmethod
    def _draw_after(
        self,
        found: Any,
        past: NDArray[np.float64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        """Returns paths of the shape `(n, days)` that follow a past of any length."""

    @abstractmethod
    def _next_volatility(self, found: Any, past: NDArray[np.float64]) -> Any:
        """Returns the volatility of the first day after a past, of several assets `(assets,)`."""


def refuse_short_history(name: str, days: int, minimum: int) -> None:
    """Refuses a history of fewer days than a baseline with long averages needs, two years."""
    if days < minimum:
        raise InvalidInputError(
            f"`returns` must hold at least {minimum} days for {name}, two years. "
            f"Received: {days} days. Fit a longer history, or leave {name} out."
        )


def warn_of_no_convergence(name: str, days: int) -> None:
    """Warns the caller of `fit`, whose `_estimate` calls this, that the optimizer gave up."""
    warnings.warn(
        f"The fit of {name} to {days} returns did not converge. "
        "Its scores mean little; a longer history helps.",
        RuntimeWarning,
        stacklevel=4,
    )


def as_history(returns: ArrayLike, assets: Assets = "one") -> NDArray[np.float64]:
    """Returns a copy of `(days,)` or `(days, assets)` log returns that can be fitted."""
    history = finite_array("returns", returns, unit="returns").copy()
    wanted = {"one": (1,), "any": (1, 2), "several": (2,)}[assets]
    if history.ndim not in wanted or len(history) < MIN_DAYS or history.size == 0:
        shape = {
            "one": "one series",
            "any": "one series or a table of a column for each asset",
            "several": "a table of a column for each asset",
        }[assets]
        raise InvalidInputError(
            f"`returns` must be {shape} of at least {MIN_DAYS} daily log returns, a year. "
            f"Received: returns.shape={history.shape}. Pass the whole history, not windows of it."
        )
    # Prices that grow by the same share each day give returns that differ by rounding alone.
    still = np.ptp(history, axis=0) <= 1e-12 * np.maximum(1.0, np.abs(history).max(axis=0))
    if np.any(still):
        constant = history if history.ndim == 1 else history[:, np.flatnonzero(still)[0]]
        raise InvalidInputError(
            "`returns` must vary, or there is nothing to fit. "
            f"Received: {len(constant)} times {constant[0]}. Look for a constant column in the "
            "data."
        )
    return history
