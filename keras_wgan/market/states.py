"""In which state does a simulated market begin? Today's, or one of a chosen volatility."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent
from keras_wgan.networks import MarketGenerator, explain_returns
from keras_wgan.networks.market_inversion import MIN_OBSERVED, ExplainedReturns

Array = NDArray[np.float64]

TRADING_DAYS = 252
# Percentiles of the volatility of a path's first day, among all days of the simulator.
REGIMES = {"calm": (0.0, 25.0), "normal": (25.0, 75.0), "crisis": (95.0, 100.0)}
NARROW = 2.5  # percentile points to each side of a single percentile
STARTS = 20_000  # stationary starts behind every percentile
STARTS_SEED = 20_231  # the percentiles of a model are the same each time
SEARCHED = 4096  # starts that are drawn at a time, to choose from
OBSERVED = 504  # days that are looked at to find a state; two years
CANDIDATES = 32  # pasts before the observed days that are compared
YEAR = 252  # days that one search for a state serves, in `filtered`


@dataclass(frozen=True)
class VolatilityState:
    """How wild the market is expected to be on the next day.

    Example:
    ```python
    from keras_wgan.market import VolatilityState

    assert str(VolatilityState(0.01, 40.0)) == "15.9 % a year, percentile 40"
    ```

    Args:
        daily: The standard deviation of the next day's log return; the mean over several assets.
        percentile: The share of the simulator's days that are calmer, 0 to 100.
    """

    daily: float
    percentile: float

    @property
    def annualized(self) -> float:
        """The same for a year of 252 such days."""
        return math.sqrt(TRADING_DAYS) * self.daily

    def __str__(self) -> str:
        return f"{self.annualized:.1%} a year, percentile {self.percentile:.0f}".replace("%", " %")


class InitialStates:
    """The states in which paths of a market simulator begin: the noise before their first day.

    Made by `PathSimulator.states`.

    Args:
        generator: A market generator with the weights that samples are made with.
        latent: Draws `(history, assets)` noise.
        units: `(assets,)` log returns a day that are one on the generator's scale.
    """

    def __init__(self, generator: MarketGenerator, latent: Latent, units: ArrayLike) -> None:
        self.generator, self.latent = generator.with_days(1).model, latent
        self.units = np.asarray(units, np.float64)
        first_day = MarketGenerator(self.generator).log_volatility.output
        self._first_day = keras.Model(self.generator.input, first_day)
        noise = keras.random.SeedGenerator(STARTS_SEED)
        blocks = [self.volatility(self._some(noise)) for _ in range(0, STARTS, SEARCHED)]
        self._levels = np.sort(np.concatenate(blocks)[:STARTS])

    def volatility(self, pasts: ArrayLike) -> Array:
        """Returns the first day's volatility after each past.

        Args:
            pasts: `(n, history, assets)` noise before the first day.

        Returns:
            `(n,)` standard deviations of a log return a day; the mean over several assets.
        """
        noise = np.pad(np.asarray(pasts, np.float32), ((0, 0), (0, 1), (0, 0)))
        blocks = [
            self._first_day.predict_on_batch(noise[first : first + SEARCHED])
            for first in range(0, len(noise), SEARCHED)
        ]
        return (np.exp(np.concatenate(blocks)[:, 0].astype(np.float64)) * self.units).mean(axis=1)

    def percentile(self, volatility: ArrayLike) -> Array:
        """Returns the share of the simulator's days that are calmer, 0 to 100.

        Args:
            volatility: Daily volatilities of any shape.
        """
        return 100.0 * np.searchsorted(self._levels, volatility) / len(self._levels)

    def state(self, past: ArrayLike) -> VolatilityState:
        """Returns how wild the first day after one past is.

        Args:
            past: `(history, assets)` noise before the first day.
        """
        daily = float(self.volatility(np.asarray(past)[None])[0])
        return VolatilityState(daily, float(self.percentile(daily)))

    def draw(
        self, n: int, percentiles: tuple[float, float], seed: int | None
    ) -> NDArray[np.float32]:
        """Draws pasts until enough of them end in a first day of the wanted volatility.

        Nothing about the days after them is looked at.

        Args:
            n: How many.
            percentiles: The lowest and the highest percentile of the first day's volatility.
            seed: The same seed gives the same pasts; `None` gives new ones each time.

        Returns:
            `(n, history, assets)` noise.
        """
        return np.concatenate(list(self.draw_batches(n, percentiles, seed)))

    def draw_batches(
        self, n: int, percentiles: tuple[float, float], seed: int | None
    ) -> Iterator[NDArray[np.float32]]:
        """Yields the pasts that `draw` returns, a few at a time as they are found."""
        low, high = np.quantile(self._levels, np.array(percentiles) / 100.0)
        # The starts behind the percentiles hold neither the calmest day there is nor the wildest.
        low = low if percentiles[0] > 0.0 else -np.inf
        high = high if percentiles[1] < 100.0 else np.inf
        noise = keras.random.SeedGenerator(seed)
        while n > 0:
            pasts = self._some(noise)
            volatility = self.volatility(pasts)
            found = pasts[(low <= volatility) & (volatility <= high)][:n]
            n -= len(found)
            yield found

    def after(self, returns: ArrayLike) -> NDArray[np.float32]:
        """Finds the state in which observed returns leave the market.

        The noise of the last 504 days is found from the returns. What came before them is unknown:
        32 random pasts are tried, and the one under which these returns are the likeliest is kept.

        Args:
            returns: `(days, assets)` observed returns on the generator's scale, 60 at least.

        Returns:
            `(history, assets)` noise.

        Raises:
            ValueError: If there are fewer, another number of assets, or they cannot be explained.
        """
        observed = np.asarray(returns, np.float64)[None, -OBSERVED:]
        best, past = self._likeliest(observed, observed.shape[1])
        whole = np.concatenate([past[0], best.noise[0]])[-self.latent.shape[0] :]
        return whole.astype(np.float32)

    def filtered(self, returns: ArrayLike) -> Array:
        """Finds each day's volatility from the days before it, through a long series.

        Each year of 252 days gets a state of its own from the 504 days before it, as `after` finds
        it, so that no error of the beginning is carried on.

        Args:
            returns: `(days, assets)` observed returns on the generator's scale, 756 at least.

        Returns:
            `(days,)` volatilities of a log return a day, NaN on the first 504 days.

        Raises:
            ValueError: If there are fewer.
        """
        observed = np.asarray(returns, np.float64)
        days, length = len(observed), OBSERVED + YEAR
        if days < length:
            raise InvalidInputError(
                f"`returns` must hold at least {length} days, {OBSERVED} to find a state and a "
                f"year. Received: returns.shape={observed.shape}"
            )
        firsts = sorted({*range(0, days - length, YEAR), days - length})
        windows = np.stack([observed[first : first + length] for first in firsts])
        found, _ = self._likeliest(windows, OBSERVED)
        volatility = np.full(days, np.nan)
        for first, scaled in zip(firsts, found.volatility, strict=True):
            inside = slice(first + OBSERVED, first + length)
            volatility[inside] = (scaled[OBSERVED:] * self.units).mean(axis=1)
        return volatility

    def _likeliest(self, observed: Array, judged: int) -> tuple[ExplainedReturns, Array]:
        """Explains each window after the past under which its first days are the likeliest."""
        if observed.ndim != 3 or observed.shape[1] < MIN_OBSERVED:
            raise InvalidInputError(
                f"`returns` must hold at least {MIN_OBSERVED} days; {OBSERVED} are wanted. "
                f"Received: returns.shape={observed.shape[1:]}"
            )
        pasts = ops.convert_to_numpy(self.latent.sample(CANDIDATES, STARTS_SEED + 1))
        every = explain_returns(
            self.generator,
            np.repeat(observed, CANDIDATES, axis=0),
            np.tile(pasts, (len(observed), 1, 1)),
        )
        likelihood = every.log_density[:, :judged].sum(axis=1).reshape(-1, CANDIDATES)
        chosen = likelihood.argmax(axis=1)
        rows = np.arange(len(observed)) * CANDIDATES + chosen
        best = ExplainedReturns(every.noise[rows], every.volatility[rows], every.log_density[rows])
        return best, pasts[chosen]

    def _some(self, noise: keras.random.SeedGenerator) -> NDArray[np.float32]:
        return np.asarray(ops.convert_to_numpy(self.latent.sample(SEARCHED, noise)))


def percentile_band(percentile: str | float | tuple[float, float]) -> tuple[float, float]:
    """Returns the lowest and the highest percentile that a regime, or one percentile, stands for.

    Example:
    ```python
    from keras_wgan.market import percentile_band

    assert percentile_band("crisis") == (95.0, 100.0)
    assert percentile_band(90) == (87.5, 92.5)
    assert percentile_band((0, 50)) == (0.0, 50.0)
    ```

    Args:
        percentile: `"calm"`, `"normal"` or `"crisis"`; a number from 0 to 100, which stands for
            2.5 points to each side; or the lowest and the highest.

    Returns:
        Both ends, from 0 to 100.

    Raises:
        ValueError: If it is none of these.
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
    return max(0.0, percentile - NARROW), min(100.0, percentile + NARROW)
