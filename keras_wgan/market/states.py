"""The states in which paths of a market simulator begin: today's, or of a chosen volatility."""

from __future__ import annotations

import reprlib
import warnings
from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from keras_wgan._latent_blocks import latents_at_a_time
from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent
from keras_wgan.market import noise_search
from keras_wgan.market.noise_check import (
    OtherCorrelation,
    fault_of_several,
    other_correlation,
    refuse_other_shocks,
)
from keras_wgan.market.noise_search import NoiseSearch
from keras_wgan.market.portfolio_volatility import PortfolioVolatility
from keras_wgan.market.regimes import Percentile, VolatilityState, percentile_band
from keras_wgan.networks import MarketGenerator

Array = NDArray[np.float64]

STARTS = 20_000  # stationary starts behind every percentile: the 95th is right to .15 points
FEWEST_STARTS = 5_000  # of many assets, whose starts take long: to .3 points
STARTS_SEED = 20_231  # fixed, so that the percentiles of a model are always the same
PASTS_STREAM = 1  # separates the random numbers of pasts from those of the days after them
SEARCHED = 4096  # starts that are drawn at a time and selected from; fewer of many assets


class InitialStates:
    """The states in which paths of a market simulator begin: the noise before their first day.

    `PathSimulator.states` returns them.

    Args:
        generator: A market generator with the weights that samples are made with.
        latent: Draws `(history, assets)` noise.
        units: `(assets,)` log returns a day that are one on the generator's scale.
        periods_per_year: The number of returns in a year. Defaults to `252`.
        weights: `(assets,)` weights of the portfolio whose volatility is that of a state. Defaults
            to `None`, equal weights.

    Raises:
        ValueError: If the weights are not finite, all zero, or not one for each asset.
    """

    def __init__(
        self,
        generator: MarketGenerator,
        latent: Latent,
        units: ArrayLike,
        periods_per_year: float = TRADING_DAYS,
        weights: ArrayLike | None = None,
    ) -> None:
        self.periods_per_year = periods_per_year
        one_day = generator.with_days(1)
        self.generator, self.latent = one_day.model, latent
        self._searched = latents_at_a_time(SEARCHED, latent.shape)
        self.portfolio = PortfolioVolatility.of(one_day, units, weights)
        self._search = NoiseSearch(self.generator, latent)
        self._mixing = one_day.form.inverse().mixing
        self._first_day = keras.Model(self.generator.input, one_day.form.state())
        noise = keras.random.SeedGenerator(STARTS_SEED)
        starts = min(STARTS, max(FEWEST_STARTS, latents_at_a_time(STARTS, latent.shape)))
        blocks = [self.volatility(self._some(noise)) for _ in range(0, starts, self._searched)]
        self._levels = np.sort(np.concatenate(blocks)[:starts])

    def volatility(self, pasts: ArrayLike) -> Array:
        """Returns the first day's volatility after each past.

        Args:
            pasts: `(n, history, assets)` noise before the first day.

        Returns:
            `(n,)` standard deviations of a daily log return, of several assets that of the
            portfolio.
        """
        noise = np.pad(np.asarray(pasts, np.float32), ((0, 0), (0, 1), (0, 0)))
        blocks = [
            self._first_day.predict_on_batch(noise[first : first + self._searched])
            for first in range(0, len(noise), self._searched)
        ]
        log_volatility, _, log_share = (
            np.concatenate(part)[:, 0].astype(np.float64) for part in zip(*blocks, strict=True)
        )
        return self.portfolio.volatility(np.exp(log_volatility), log_share[:, 0])

    def percentile(self, volatility: ArrayLike) -> Array:
        """Returns the percentage of the simulator's days with a lower volatility.

        Args:
            volatility: Daily volatilities of any shape.
        """
        return 100.0 * np.searchsorted(self._levels, volatility) / len(self._levels)

    def state(self, past: ArrayLike) -> VolatilityState:
        """Returns the volatility of the first day after one past.

        Args:
            past: `(history, assets)` noise before the first day.
        """
        daily = float(self.volatility(np.asarray(past)[None])[0])
        return self.at(daily)

    def at(self, daily: float) -> VolatilityState:
        """Returns the state of a first day with a known volatility."""
        percentile, name = float(self.percentile(daily)), self.portfolio.name
        return VolatilityState(daily, percentile, self.periods_per_year, name)

    def bounds(self, percentile: Percentile) -> tuple[float, float]:
        """Returns the lowest and the highest volatility of a percentile, as `draw` takes it."""
        lowest, highest = percentile_band(percentile)
        low, high = np.quantile(self._levels, np.array([lowest, highest]) / 100.0)
        # A new start can have a lower or higher volatility than all those behind the percentiles.
        return low if lowest > 0.0 else -np.inf, high if highest < 100.0 else np.inf

    def draw(self, n: int, percentile: Percentile, seed: int | None) -> NDArray[np.float32]:
        """Draws pasts whose first day after them has a chosen volatility.

        Pasts are drawn until enough are found. The days after the first are not looked at.

        Args:
            n: Number of pasts.
            percentile: Percentile of the first day's volatility, as for `percentile_band`.
            seed: The same seed gives the same pasts; `None` gives new ones each time.

        Returns:
            `(n, history, assets)` noise.
        """
        return np.concatenate(list(self.draw_batches(n, percentile, seed)))

    def draw_batches(
        self, n: int, percentile: Percentile, seed: int | None
    ) -> Iterator[NDArray[np.float32]]:
        """Yields the pasts that `draw` returns, a few at a time as they are found."""
        low, high = self.bounds(percentile)
        noise = keras.random.SeedGenerator(None if seed is None else _seed_of_pasts(seed))
        while n > 0:
            pasts = self._some(noise)
            volatility = self.volatility(pasts)
            found = pasts[(low <= volatility) & (volatility <= high)][:n]
            n -= len(found)
            yield found

    def after(self, returns: ArrayLike) -> NDArray[np.float32]:
        """Finds the state of the market after observed returns.

        The noise of the last 504 days is found from the returns. The noise before them is unknown:
        of 32 random pasts the one under which these returns are the likeliest is kept.

        Args:
            returns: `(days, assets)` observed returns on the generator's scale, 60 at least.

        Returns:
            `(history, assets)` noise.

        Raises:
            ValueError: If there are fewer days, another number of assets, or the returns of one
                of several assets cannot be explained by shocks that are standard normal.
        """
        observed = np.asarray(returns, np.float64)
        ((state, noise),) = self._search.each(observed, [len(observed)])
        refuse_other_shocks(self.shocks(noise))
        return state

    def shocks(self, noise: ArrayLike) -> Array:
        """Returns the shocks of each asset, standard normals that are correlated.

        Args:
            noise: `(days, assets)` independent standard normals.
        """
        return np.asarray(noise, np.float64) @ self._mixing.T

    def other_correlation(self, noise: ArrayLike) -> OtherCorrelation | None:
        """Returns two assets that noise correlates otherwise than the model, or None.

        Args:
            noise: `(days, assets)` that explains observed returns.
        """
        return other_correlation(self.shocks(noise), self._mixing @ self._mixing.T)

    def after_each(
        self, returns: ArrayLike, starts: Sequence[int]
    ) -> Iterator[NDArray[np.float32]]:
        """Yields the state after the first `start` returns, for each of several starts.

        The states of a year share one search, because the noise of a day depends on no later
        return: the days after the first start continue from the noise found before it. Searching
        for each of them, as `after` does, takes 50 times as long for starts a week apart. Returns
        that standard normal shocks do not explain bring a warning: over years of a test, some of
        many assets move to other levels, and a forecaster must not choose the days it is asked for.

        Args:
            returns: `(days, assets)` observed returns on the generator's scale.
            starts: Numbers of observed days in ascending order, 60 at least.

        Yields:
            `(history, assets)` noise.

        Raises:
            ValueError: If a start has fewer days or more than there are, or they are not in order.
        """
        observed, faults = np.asarray(returns, np.float64), []
        if list(starts) != sorted(starts) or (starts and starts[-1] > len(observed)):
            raise InvalidInputError(
                "`starts` must be in ascending order, at most the number of `returns`. "
                f"Received: starts={reprlib.repr(list(starts))}, {len(observed)} returns"
            )
        for state, noise in self._search.each(observed, starts):
            faults.append(fault_of_several(self.shocks(noise)))
            yield state
        if found := [fault for fault in faults if fault]:
            warnings.warn(
                f"{len(found)} of {len(starts)} states are uncertain. Of the first, {found[0]}.",
                stacklevel=2,
            )

    def filtered(self, returns: ArrayLike) -> Array:
        """Finds each day's volatility from the days before it, in a long series.

        Each year of 252 days starts from the state that `after` finds in the 504 days before it,
        so that errors do not accumulate.

        Args:
            returns: `(days, assets)` observed returns on the generator's scale, 756 at least.

        Returns:
            `(days,)` volatilities of a daily log return, NaN on the first 504 days; of several
            assets those of the portfolio.

        Raises:
            ValueError: If there are fewer days, or the shocks of a window are not standard normal.
        """
        observed = np.asarray(returns, np.float64)
        shown, year = noise_search.OBSERVED, noise_search.YEAR
        days, length = len(observed), shown + year
        if days < length:
            raise InvalidInputError(
                f"`returns` must hold at least {length} days, {shown} to find a state and a "
                f"year. Received: returns.shape={observed.shape}"
            )
        firsts = sorted({*range(0, days - length, year), days - length})
        windows = np.stack([observed[first : first + length] for first in firsts])
        found, _ = self._search.likeliest(windows, shown)
        volatility = np.full(days, np.nan)
        explained = zip(firsts, found.noise, found.volatility, found.log_share, strict=True)
        for first, noise, scaled, share in explained:
            refuse_other_shocks(self.shocks(noise))
            inside = slice(first + shown, first + length)
            volatility[inside] = self.portfolio.volatility(scaled[shown:], share[shown:])
        return volatility

    def _some(self, noise: keras.random.SeedGenerator) -> NDArray[np.float32]:
        return np.asarray(ops.convert_to_numpy(self.latent.sample(self._searched, noise)))


def _seed_of_pasts(seed: int) -> int:
    (state,) = np.random.SeedSequence([seed, PASTS_STREAM]).generate_state(1)
    return int(state) % 2**31
