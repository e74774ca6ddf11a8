"""Numbered paths of a simulator, each the same however many others are drawn, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from keras_wgan._random_layers import seeded
from keras_wgan._validation import whole_number
from keras_wgan.backends import compile_predictions
from keras_wgan.market.keyed_noise import KeyedNoise, Noise, SameOnEveryBackend, reshaped
from keras_wgan.market.one_ahead import one_ahead
from keras_wgan.market.regimes import Percentile, percentile_band
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.market.states import InitialStates

BLOCK = 256  # paths whose noise is drawn together
# Blocks of one asset that are computed together, always as many: the rounding of a matrix product
# depends on the number of its rows, and on the place of a row among them. A call costs as much as
# some hundred paths of one asset; paths of several assets take long enough.
BLOCKS_OF_ONE_ASSET = 4
DAYS = 32  # whose noise is drawn together, so that longer paths begin as shorter ones do
DESCRIBED = 10_000  # paths whose states are kept to be described, whatever their number
LARGEST_SEED = 2**63
WHOLE, DAY, PAST, ATTEMPT = range(4)  # streams of random numbers


class Pasts(Protocol):
    """The noise before the first day of a block's paths."""

    def of_block(self, block: int) -> Noise:
        """Returns `(BLOCK, history, assets)` noise, or `(history, assets)` for all paths."""


class ScenarioStream:
    """Paths of which the k-th depends on the model, the seed and k alone.

    Its numbers are the same to the last bit for any range of paths that is asked for, on the same
    machine with the same number of threads, and up to rounding elsewhere and on other backends.
    Paths of a market generator begin the same for any number of days: to the last bit up to the
    next multiple of the window that the model was trained on, and up to rounding beyond.

    Args:
        market: The simulator.
        days: Length of a path.
        seed: The same seed gives the same paths.
        pasts: The states in which paths begin. Defaults to `None`, any state.
    """

    def __init__(
        self, market: PathSimulator, days: int, seed: int, pasts: Pasts | None = None
    ) -> None:
        self.market, self.days = market, days
        self.seed = whole_number("seed", seed, minimum=0, maximum=LARGEST_SEED)
        if market.has_state or pasts is not None or days != market.days:
            self._groups: _Groups = _MarketPaths(market, days, self.seed, pasts)
        else:
            self._groups = _Windows(market, self.seed)

    def between(self, first: int, last: int) -> Iterator[NDArray[np.float32]]:
        """Yields the paths with the numbers from `first` to before `last`.

        Args:
            first: The number of the first path, from 0.
            last: The number after that of the last path.

        Returns:
            An iterator of `(some, days, assets)` paths on the model's scale, at most 1,024 at a
            time.
        """
        size = self._groups.size
        numbers = range(first // size, -(-last // size) if first < last else 0)
        for number, noise in zip(numbers, one_ahead(map(self._groups.noise, numbers)), strict=True):
            start = number * size
            paths = self._groups.paths(number, noise)
            yield paths[max(first - start, 0) : last - start, : self.days]


class _Groups(Protocol):
    """Paths that are computed together."""

    size: int

    def noise(self, number: int) -> Noise:
        """Returns the noise of a group, in any thread."""

    def paths(self, number: int, noise: Noise) -> NDArray[np.float32]:
        """Returns the paths that its noise makes."""


class _Windows:
    """The windows of a network that has no state."""

    def __init__(self, market: PathSimulator, seed: int) -> None:
        self.size, self.model, self.seed = BLOCK, market.model, seed
        self.keyed = KeyedNoise(self.model.latent, seed, BLOCK)

    def noise(self, number: int) -> Noise:
        return self.keyed.draw(number * BLOCK, BLOCK, self.model.latent.shape, stream=WHOLE)

    def paths(self, number: int, noise: Noise) -> NDArray[np.float32]:
        with self.model.one_at_a_time, seeded(self.model.generator, self.seed, number):
            return np.asarray(self.model.predict_on_batch(noise), np.float32)


class _MarketPaths:
    """The paths of a market generator after their pasts."""

    def __init__(self, market: PathSimulator, days: int, seed: int, pasts: Pasts | None) -> None:
        windows, self.one_at_a_time = -(-days // market.days), market.model.one_at_a_time
        self.days, self.generator = days, market.over(windows * market.days)
        compile_predictions(self.generator.model)
        self.size = BLOCK * (BLOCKS_OF_ONE_ASSET if self.generator.assets == 1 else 1)
        self.keyed = KeyedNoise(market.model.latent, seed, BLOCK)
        self.pasts = pasts or _AnyPasts(self.keyed, (self.generator.history, self.generator.assets))

    def noise(self, number: int) -> Noise:
        history, assets = self.generator.history, self.generator.assets
        # Days beyond those that were asked for keep a noise of zero; no day looks ahead.
        noise = np.zeros((self.size, history + self.generator.days, assets), np.float32)
        for place in range(0, self.size, BLOCK):
            start, rows = number * self.size + place, noise[place : place + BLOCK]
            rows[:, :history] = self.pasts.of_block(start // BLOCK)
            for part, first in enumerate(range(0, self.days, DAYS)):
                drawn = self.keyed.draw(start, BLOCK, (DAYS, assets), stream=DAY, part=part)
                length = min(DAYS, self.days - first)
                rows[:, history + first :][:, :length] = drawn[:, :length]
        return noise

    def paths(self, number: int, noise: Noise) -> NDArray[np.float32]:
        del number
        with self.one_at_a_time:  # Keras compiles in the first call
            return np.asarray(self.generator.model.predict_on_batch(noise), np.float32)


class _AnyPasts:
    """Pasts as they come."""

    def __init__(self, noise: KeyedNoise, shape: tuple[int, int]) -> None:
        self.noise, self.shape = noise, shape

    def of_block(self, block: int) -> Noise:
        return self.noise.draw(block * BLOCK, BLOCK, self.shape, stream=PAST)


class OnePast:
    """The same past for all paths."""

    def __init__(self, past: Noise) -> None:
        self.past = past

    def of_block(self, block: int) -> Noise:
        """Returns `(history, assets)` noise."""
        del block
        return self.past


class RegimePasts:
    """Pasts after which the first day has a chosen volatility.

    Each path has attempts of its own, of which the first that fits is its past.

    Args:
        market: The simulator.
        percentile: Percentile of the first day's volatility, as for `percentile_band`.
        seed: The same seed gives the same pasts.
        weights: `(assets,)` weights of the portfolio whose volatility it is. Defaults to `None`,
            equal weights.
    """

    def __init__(
        self,
        market: PathSimulator,
        percentile: Percentile,
        seed: int,
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        self.states, self.percentile = states_of(market, weights), percentile
        self.weights = weights
        lowest, highest = percentile_band(percentile)
        self.attempts = round(100.0 / (highest - lowest))  # so that one of them fits on average
        self.noise = KeyedNoise(market.model.latent, seed, BLOCK)
        self.low, self.high = self.states.bounds(percentile)
        self.reached: list[float] = []  # the first day's volatility of the first paths

    def of_block(self, block: int) -> Noise:
        """Returns `(BLOCK, history, assets)` noise."""
        found = np.empty((BLOCK, *self.states.latent.shape), np.float32)
        reached = np.full(BLOCK, np.nan)
        together, first = max(1, BLOCK // self.attempts), 0
        while len(waiting := np.flatnonzero(np.isnan(reached))):
            for start in range(0, len(waiting), together):
                paths = waiting[start : start + together]
                pasts, volatility = self._tried(block * BLOCK + paths, first)
                fits = (self.low <= volatility) & (volatility <= self.high)
                rows, chosen = np.flatnonzero(fits.any(axis=1)), fits.argmax(axis=1)
                found[paths[rows]] = pasts[rows, chosen[rows]]
                reached[paths[rows]] = volatility[rows, chosen[rows]]
            first += self.attempts
        if len(self.reached) < DESCRIBED:
            self.reached += reached.tolist()
        return found

    def _tried(self, paths: NDArray[np.int64], first: int) -> tuple[Noise, NDArray[np.float64]]:
        """Returns the next attempts of some paths, and the volatility of the first day after."""
        history, count = self.states.latent.shape, len(paths) * self.attempts
        pasts = np.stack(
            [
                self.noise.draw(first, self.attempts, history, stream=ATTEMPT, part=path)
                for path in paths.tolist()
            ]
        )
        # Always as many rows: some backends compile again for each number of them.
        rows = np.zeros((-(-count // BLOCK) * BLOCK, *history), np.float32)
        rows[:count] = pasts.reshape(-1, *history)
        volatility = self.states.volatility(rows)[:count]
        return pasts, volatility.reshape(pasts.shape[:2])


def states_of(market: PathSimulator, weights: NDArray[np.float64] | None = None) -> InitialStates:
    """Returns the initial states of a market, the same on every backend."""
    generator = market.over(1)
    latent = reshaped(market.model.latent, (generator.history, generator.assets))
    drawn = SameOnEveryBackend(latent)
    return InitialStates(generator, drawn, market.scaler.scale, market.periods_per_year, weights)
