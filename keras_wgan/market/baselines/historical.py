"""The simplest forecasts from a history: its recent days or volatility, and its own windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keras_wgan._validation import whole_number
from keras_wgan.errors import InvalidInputError
from keras_wgan.market.baselines.fitted import FittedBaseline, StatefulBaseline


@dataclass(frozen=True, eq=False)
class _Recent:
    mean: float
    volatilities: NDArray[np.float64]  # of each block of the last days, at every day


class HistoricalVolatility(StatefulBaseline):
    """Independent normal returns with the volatility of the last days.

    The mean is that of the whole history. The volatility of a path is constant: that of the last
    days of the observed returns, or, for paths that continue nothing, that of random days of the
    history.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import HistoricalVolatility

    history = 0.01 * np.random.default_rng(0).normal(size=1000)
    model = HistoricalVolatility().fit(history)
    calm = model.sample_after(0.1 * history, 2000, 10, seed=0)
    assert calm.std() < 0.2 * model.sample(2000, 10, seed=0).std()
    ```

    Args:
        days: The days behind a volatility, at least 2. Defaults to `20`, a month.

    Raises:
        ValueError: If `days` is below 2.
    """

    def __init__(self, days: int = 20) -> None:
        self.days = self.min_past = whole_number("days", days, minimum=2)

    @property
    def name(self) -> str:
        """The name in tables and plots, with the number of days."""
        return f"historical volatility {self.days}"

    def _estimate(self, history: NDArray[np.float64]) -> _Recent:
        if self.days > len(history):
            raise InvalidInputError(
                f"`returns` must hold at least the {self.days} days of a volatility. "
                f"Received: {len(history)} days. Fit a longer history, or use fewer `days`."
            )
        recent = np.lib.stride_tricks.sliding_window_view(history, self.days)
        return _Recent(float(history.mean()), recent.std(axis=1, ddof=1))

    def _draw(
        self, found: _Recent, shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        volatility = rng.choice(found.volatilities, size=(shape[0], 1))
        return rng.normal(found.mean, volatility, size=shape)

    def _draw_after(
        self,
        found: _Recent,
        past: NDArray[np.float64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        return rng.normal(found.mean, self._next_volatility(found, past), size=shape)

    def _next_volatility(self, found: _Recent, past: NDArray[np.float64]) -> float:
        return float(past[-self.days :].std(ddof=1))

    def _describe(self, found: _Recent) -> dict[str, float]:
        return {"mean": found.mean, "days": self.days}


class HistoricalSimulation(StatefulBaseline):
    """Days at random of the last days: the historical simulation that most risk reports use.

    Paths that continue nothing draw theirs from as many days anywhere in the history.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import HistoricalSimulation

    history = 0.01 * np.random.default_rng(0).normal(size=1000)
    paths = HistoricalSimulation(250).fit(history).sample_after(history, 100, 5, seed=0)
    assert np.isin(paths, history[-250:]).all()
    ```

    Args:
        days: The days that are drawn from, at least 2. Defaults to `500`, two years.

    Raises:
        ValueError: If `days` is below 2.
    """

    def __init__(self, days: int = 500) -> None:
        self.days = whole_number("days", days, minimum=2)

    @property
    def name(self) -> str:
        """The name in tables and plots, with the number of days."""
        return f"historical simulation {self.days}"

    def _estimate(self, history: NDArray[np.float64]) -> NDArray[np.float64]:
        return history

    def _draw(
        self, found: NDArray[np.float64], shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        span = min(self.days, len(found))
        firsts = rng.integers(len(found) - span + 1, size=(shape[0], 1))
        return np.asarray(found[firsts + rng.integers(span, size=shape)])

    def _draw_after(
        self,
        found: NDArray[np.float64],
        past: NDArray[np.float64],
        shape: tuple[int, int],
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        return rng.choice(past[-self.days :], size=shape)

    def _next_volatility(self, found: NDArray[np.float64], past: NDArray[np.float64]) -> float:
        return float(past[-self.days :].std())

    def _describe(self, found: NDArray[np.float64]) -> dict[str, float]:
        return {"history_days": len(found), "days": self.days}


class TrainingHistory(FittedBaseline):
    """Windows of the history itself: what a forecaster that learned nothing would say.

    Example:
    ```python
    import numpy as np
    from keras_wgan.market.baselines import TrainingHistory

    history = 0.01 * np.random.default_rng(0).normal(size=500)
    path = TrainingHistory().fit(history).sample(1, 60, seed=0)[0]
    (first,) = np.flatnonzero(history == path[0])
    assert (path == history[first : first + 60]).all()
    ```
    """

    name = "training history"
    assets = "any"

    def _estimate(self, history: NDArray[np.float64]) -> NDArray[np.float64]:
        return history

    def _draw(
        self, found: NDArray[np.float64], shape: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        n, days = shape
        if days > len(found):
            raise InvalidInputError(
                f"`days` must be at most the {len(found)} days of the history. "
                f"Received: days={days}. Ask for shorter paths, or fit a longer history."
            )
        starts = rng.integers(len(found) - days + 1, size=n)
        return found[starts[:, None] + np.arange(days)]

    def _describe(self, found: NDArray[np.float64]) -> dict[str, float]:
        return {"history_days": len(found)}
