"""Paths of a trained model on the scale that it was trained on."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from keras_wgan.data.frequency import TRADING_DAYS
from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent
from keras_wgan.market.states import InitialStates
from keras_wgan.networks import MarketGenerator
from keras_wgan.wgan_gp import WGANGP

if TYPE_CHECKING:
    from keras_wgan.data import Scaler

BATCH = 256


class ScaledPaths:
    """A trained model, the noise and the states of its paths, and the scale of its data."""

    def __init__(
        self,
        name: str,
        model: WGANGP,
        scaler: Scaler,
        periods_per_year: float = TRADING_DAYS,
    ) -> None:
        self.name, self.model, self.scaler = name, model, scaler
        self.periods_per_year = periods_per_year

    @property
    def days(self) -> int:
        """Length of the windows that the model was trained on."""
        return int(self.model.generator.output_shape[1])

    @property
    def has_state(self) -> bool:
        """Whether the network is a `market_generator`: it runs over any number of days."""
        try:
            MarketGenerator(self.model.generator)
        except InvalidInputError:
            return False
        return True

    def states(self, weights: ArrayLike | None = None) -> InitialStates:
        """Returns the states in which paths begin, with the current weights of the networks.

        Args:
            weights: `(assets,)` weights of the portfolio whose volatility is that of a state.
                Defaults to `None`, equal weights.
        """
        generator = self.over(1)
        latent = _reshaped(self.model.latent, generator.history, generator)
        return InitialStates(generator, latent, self.scaler.scale, self.periods_per_year, weights)

    def draw(
        self, n: int, days: int, seed: int | None, past: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Draws paths on the scale that the model was trained on.

        Args:
            n: Number of paths.
            days: Length of a path.
            seed: The same seed gives the same paths; `None` gives new ones each time.
            past: `(history, assets)` noise before the first day, for all paths, or
                `(n, history, assets)`. Defaults to `None`, random noise.

        Returns:
            `(n, days, assets)` scaled returns.
        """
        given = None if past is None else np.asarray(past, np.float32)
        pasts = iter([given]) if given is not None and given.ndim == 3 else given
        return np.concatenate(list(self.draw_batches(n, days, seed, pasts)))

    def draw_batches(
        self,
        n: int,
        days: int,
        seed: int | None,
        past: NDArray[np.float32] | Iterator[NDArray[np.float32]] | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Yields the paths that `draw` returns, with only a few in memory at a time.

        Example:
        ```python
        from keras_wgan.experiments import recipes
        from keras_wgan.market import PathSimulator
        from keras_wgan.data import Source

        recipe = recipes.get("sp500").with_settings({"latent_size": 60})
        data = recipe.task.load(Source("bundled", start="2017-01-01"))
        market = PathSimulator("untrained", recipe.build(seed=1), data.facts.scaler)
        batches = market.draw_batches(300, days=20, seed=0)
        assert [len(market.in_log_returns(batch)) for batch in batches] == [256, 44]
        ```

        Args:
            n: Number of paths.
            days: Length of a path.
            seed: The same seed gives the same paths; `None` gives new ones each time.
            past: `(history, assets)` noise before the first day, for all paths, or an iterator of
                `(some, history, assets)` for one path after the other. Defaults to `None`, random
                noise.

        Returns:
            An iterator of `(batch, days, assets)` scaled returns.

        Raises:
            ValueError: If the network has another, fixed length.
        """
        if past is None and days == self.days:
            # Seeds that are derived from others have 32 bits, one more than a model takes.
            seed = None if seed is None else seed % 2**31
            return self.model.generate_batches(n, seed=seed, batch_size=BATCH)
        generator = self.over(days)
        make = functools.partial(generator.model, training=False)
        return self._batches(generator, n, seed, past, make)

    def in_log_returns(self, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        """Converts paths of `draw` to daily log returns; one asset has no axis."""
        returns = self.scaler.inverse(samples).astype(np.float64)
        return returns[..., 0] if returns.ndim == 3 and returns.shape[-1] == 1 else returns

    def scaled(self, returns: ArrayLike) -> NDArray[np.float64]:
        """Returns `(days, assets)` returns on the scale of the model, for `InitialStates`."""
        observed = np.asarray(returns, np.float64)
        assets = self.model.generator.output_shape[-1]
        if observed.ndim == 1 and assets == 1:
            observed = observed[:, None]
        if observed.ndim != 2 or observed.shape[1] != assets:
            shape = "(days,)" if assets == 1 else f"(days, {assets})"
            raise InvalidInputError(
                f"`returns` must be {shape} log returns, as the model was trained on. "
                f"Received: returns.shape={observed.shape}"
            )
        return np.asarray(self.scaler.transform(observed))

    def over(self, days: int) -> MarketGenerator:
        """Returns the generator of another horizon, with the weights that make the samples."""
        generator = MarketGenerator(self.model.generator).with_days(days)
        generator.model.set_weights(self.model.sampling_weights())
        return generator

    def _batches(
        self,
        generator: MarketGenerator,
        n: int,
        seed: int | None,
        past: NDArray[np.float32] | Iterator[NDArray[np.float32]] | None,
        make: Callable[[Any], Any],
    ) -> Iterator[NDArray[np.float32]]:
        latent = _reshaped(self.model.latent, generator.history + generator.days, generator)
        noise, size = keras.random.SeedGenerator(seed), min(n, BATCH)
        pasts = _regrouped(past, size) if isinstance(past, Iterator) else itertools.repeat(past)
        # Whole batches, so that the first paths of a seed do not depend on how many there are.
        for first in range(0, n, size):
            inputs, before = latent.sample(size, noise), next(pasts)
            if before is not None:
                inputs = _with_past(inputs, before)
            paths = ops.convert_to_numpy(make(inputs))
            yield paths[: n - first].astype(np.float32)


def _reshaped(latent: Latent, days: int, generator: MarketGenerator) -> Latent:
    return type(latent).from_config({**latent.get_config(), "size": [days, generator.assets]})


def _with_past(inputs: Any, past: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.array(ops.convert_to_numpy(inputs))
    noise[:, : past.shape[-2]] = past
    return noise


def _regrouped(blocks: Iterator[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    """Yields `size` rows at a time, and repeats the last ones if too few are left."""
    left = next(blocks)
    for block in blocks:
        left = np.concatenate([left, block])
        while len(left) > size:
            yield left[:size]
            left = left[size:]
    while len(left):
        yield np.resize(left[:size], (size, *left.shape[1:]))
        left = left[size:]
